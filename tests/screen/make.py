"""Small clean waves for the tests of screening."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from innosurvey.derive import parse_derived
from innosurvey.dictionary import Dictionary
from innosurvey.screen.answers import Screened, screen_answers
from innosurvey.screen.spec import parse_screen
from innosurvey.screen.wave import Wave
from tests.clean.make import make_wave

DERIVED = parse_derived(
    {
        "size_class": {"rule": "when(employees_t < 10, 'small', 'large')", "levels": ["small", "large"]},
        "sales_per_head": "ratio(sales_t, employees_t)",
    }
)


def make_firms(dictionary: Dictionary, wave: str = "2020", **answers: Sequence[Any]) -> pd.DataFrame:
    """Return a clean wave with these answers; None is a missing one."""
    firms = make_wave(dictionary, **answers)
    year = pd.Series(pd.Timestamp(f"{wave}-12-31"), index=firms.index).dt.as_unit("s")
    return firms.assign(wave=pd.array([wave] * len(firms), dtype="str"), obs_end=year)


def screened(
    dictionary: Dictionary, entry: Mapping[str, Any], firms: pd.DataFrame, previous: pd.DataFrame | None = None
) -> Screened:
    """Return what one check, named `check`, finds."""
    wave = Wave(firms=firms, previous=previous, dictionary=dictionary, derived=DERIVED)
    return screen_answers(wave, parse_screen({"check": entry}))
