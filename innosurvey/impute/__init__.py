"""Impute: missing answers that were due get a value by declared methods, each cell flagged and accounted for.

The story: `spec` reads the declared steps; `answers` goes through them; `skips` says which questions were due as
filters become known; `fixed`, `ratio` and `donor` are the methods; `candidates` lets no value pass that breaks a hard
edit; `levels`, `neighbours` and `chance` give donor classes, likeness and reproducible luck; `account` counts.
"""

from innosurvey.impute.answers import Imputed, Surroundings, impute_answers
from innosurvey.impute.levels import Derivation
from innosurvey.impute.spec import ImputationSpec, parse_imputation

__all__ = ["Derivation", "ImputationSpec", "Imputed", "Surroundings", "impute_answers", "parse_imputation"]
