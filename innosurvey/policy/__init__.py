"""What policy follows: a matrix of life-cycle stage, barrier and instrument, and the recommendations that it carries.

`spec` reads which barriers and instruments belong to which field, `evidence` finds their estimates, `action` turns
them into an action by a printed rule, `frame` fills the matrix, `recommendations` chooses among texts by the verdicts
on claims and by the cells, `feed` says what a study lacks for it. Nothing is estimated here, and a number that too few
firms stand behind is not taken over.
"""
