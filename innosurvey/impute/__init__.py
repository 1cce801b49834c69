"""Impute: missing answers that were due get a value by declared methods, each cell flagged and accounted for.

The story: `spec` reads the declared steps; `answers` goes through them; `skips` says which questions were due as
filters become known; `fixed`, `ratio` and `donor` are the methods; `candidates` lets no value pass that breaks a hard
edit; `fit` says where a method does not suit what it imputes; `levels`, `neighbours` and `chance` give donor classes,
likeness and reproducible luck; `account` counts.
Reading the spec is light: the workflow asks for it at every start.
"""
