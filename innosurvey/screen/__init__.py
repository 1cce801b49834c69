"""Screen: answers that can be but hardly are, pointed out for a person to look at or for imputation to replace.

The story: `spec` reads the declared checks; `wave` is a wave as the checks see it, with derived variables, classes and
the answers of the wave before; `soft`, `previous_ratio` and `outlier` each judge one kind of check; `answers` runs them
all and hands over the suspects with counts by rule; `score` ranks the suspects by what correcting them could change
in the estimates.

Nothing is changed here. A hard edit says what no right answer can be; a screen says what few right answers are, and
most of what it points at is right. Nothing is imported here: the workflow reads `spec` at every start.
"""
