"""Releases and their comparison: what a study said when it was last released, and what it says now.

`tidy` makes a list of statistics of the cleared estimates, `store` keeps it below `resources/baseline/` with what it
rests on (`release`), `classify` compares two lists, `summary` counts and orders what changed, `page` writes it up.
"""
