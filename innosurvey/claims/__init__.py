"""Claims of the literature as hypotheses, and the verdicts that the estimates allow.

`spec` reads what is claimed, `evidence` finds the estimates that speak to it, `verdict` judges one hypothesis by a
printed rule, `ledger` puts the hypotheses of a claim together. Nothing is estimated here: a claim is judged by the
numbers that the tables of the report show.
"""
