"""Printed tables of the literature as context: carried as printed, held against their own arithmetic.

`spec` reads what is declared of the tables (`declared` before anything runs), `words` is what of that the report needs,
`printed` reads their numbers, `cells` finds a number by its address, `spans`
reckons with numbers that were rounded, `checks` holds what is printed against what it must add up to, `counts` and
`derive` work out a row that is printed wrongly, `ratios` set a programme's output against its input, `context` does all
of it. Nothing printed is ever changed: what does not add up is marked, and what it should be stands beside it.
"""
