"""What makes the waves comparable: price levels, one revision of each classification, and the breaks that remain.

The story: `spec` reads the section `harmonise:` of a study; `crosswalk` holds what the codes of one revision become in
another, with weights that are written down or estimated from firms that were seen in both; `carry` chooses the code of
each firm; `prices` gives the price levels of a wave's years; `bridge` puts both into one table by firm and wave, which
is joined before variables are derived; `comparability` counts the firms by code before and after, with the breaks.
Nothing is imported here: `spec` is read at every start of the workflow, the others need pandas.
"""
