"""Cohorts: who is compared with whom.

The story: `spec` reads the named, versioned rules of the configuration; `assign` derives the study's variables wave by
wave, pools the waves, applies the rules and proves that a partition is one; `slices` cuts out, for each cohort, the
rows and columns that the estimates use, so that what they do not use cannot touch them. Nothing is imported here:
`spec` is read at every start of the workflow, the others need pandas.
"""
