"""The policy frame: what firms lack at each stage of life, whom public instruments reach, whether those do better.

`spec` reads what is declared, `frame` fills the matrix from the gathered estimates and the verdicts. Nothing is
estimated here.
"""
