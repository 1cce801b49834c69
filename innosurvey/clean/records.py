"""Failing firms as records: the columns that clauses ask for, as arrays."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey.clean.clauses import Domains
from innosurvey.clean.edits import Levels
from innosurvey.clean.localise import Sheet
from innosurvey.clean.normal import GIVEN, YES_NO
from innosurvey.clean.system import System

IMPUTABLE = ("missing", "refused", "dont_know")
"""Flags of cells that should hold an answer; the other empty cells were not asked."""


def sheet_of(firms: pd.DataFrame, system: System, levels: Levels) -> Sheet:
    """Return the firms' answers as the system needs them."""
    named = sorted({name for clause in system.clauses for name in clause.values()})
    columns = {name: _column(name, firms, levels) for name in named}
    coded = {name: _coded(column, name, system.domains) for name, column in columns.items() if system.domains[name]}
    return Sheet(
        numbers={
            name: column.to_numpy(dtype="float64", na_value=np.nan)
            for name, column in columns.items()
            if not system.domains[name]
        },
        codes={name: codes for name, (codes, _) in coded.items()},
        levels={name: known for name, (_, known) in coded.items()},
        answered=_answered(firms, {name for clause in system.clauses for name in clause.unanswered}),
        missing={name: _missing(firms, name) for name in system.values()},
        count=len(firms),
    )


def _column(name: str, firms: pd.DataFrame, levels: Levels) -> pd.Series:
    if name.startswith(GIVEN):
        return expressions.evaluate(name.removeprefix(GIVEN), firms, name, levels)
    return firms[name]


def _coded(column: pd.Series, name: str, domains: Domains) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the codes of the levels, -1 for none, and the levels."""
    if domains[name] == YES_NO and not isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype("boolean").to_numpy(dtype="int64", na_value=-1), ("false", "true")
    known = tuple(sorted(domains[name] or ()))
    return pd.Categorical(column.astype(object), categories=list(known)).codes.astype("int64"), known


def _answered(firms: pd.DataFrame, names: Collection[str]) -> dict[str, np.ndarray]:
    return {name: firms[name].notna().to_numpy() for name in sorted(names)}


def _missing(firms: pd.DataFrame, name: str) -> np.ndarray:
    return (firms[name].isna() & firms[f"{name}_flag"].isin(IMPUTABLE)).to_numpy(dtype=bool)
