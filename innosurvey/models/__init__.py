"""Models of innovation input on output: from a declaration in YAML to two tidy tables.

The story, in order: `terms` is the small language of regressors, `spec` checks what config.yaml declares, `plan` says
which fits make up which job (these three are light: the Snakefile calls them at every start). In the job, `sample`
keeps the rows that a model can use and says what became of the others, `matrix` turns terms into named columns,
`absorb` and `collinearity` prepare them, `engines` estimate, `covariance` gives every engine the same standard errors,
`margins` and `instruments` add what belongs beside them, and `fit` runs the plan and fills the tables. A model that
can't be estimated is a row with a reason.
"""
