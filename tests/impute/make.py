"""Small clean waves and surroundings for the tests of imputation."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from innosurvey.clean.conditions import conditions_of
from innosurvey.clean.spec import parse_edits
from innosurvey.derive import parse_derived
from innosurvey.dictionary import Dictionary
from innosurvey.impute.answers import Imputed, Surroundings, impute_answers
from innosurvey.impute.levels import Derivation
from innosurvey.impute.spec import parse_imputation
from tests.clean.make import make_wave

Steps = Mapping[str, Any]


def impute(
    firms: pd.DataFrame,
    dictionary: Dictionary,
    steps: Steps,
    *,
    edits: Mapping[str, Any] | None = None,
    asked_if: Mapping[str, str] | None = None,
    derived: Mapping[str, Any] | None = None,
    before: pd.DataFrame | None = None,
    suspects: pd.DataFrame | None = None,
    **settings: Any,
) -> Imputed:
    """Return the wave imputed by the steps; classes need one donor here, unless `minimum_donors` says otherwise."""
    around = Surroundings(
        conditions=conditions_of(parse_edits(edits), dictionary),
        asked_if=asked_if or {},
        derivation=Derivation(parse_derived(derived), dictionary, {}),
        before=before,
        suspects=suspects,
    )
    section = {"seed": 1, "minimum_donors": 1, **settings, "steps": steps}
    return impute_answers(firms, parse_imputation(section), around)


def flagged(firms: pd.DataFrame, name: str, *flags: str) -> pd.DataFrame:
    """Return the wave with the flags of one variable replaced, from the first row on."""
    column = firms[f"{name}_flag"].copy()
    column.iloc[: len(flags)] = list(flags)
    return firms.assign(**{f"{name}_flag": column})


def values(firms: pd.DataFrame, name: str) -> list[Any]:
    """Return a variable's answers, None for a missing one."""
    return [None if pd.isna(value) else value for value in firms[name].astype(object).tolist()]


__all__ = ["flagged", "impute", "make_wave", "values"]
