"""How comparable the waves are: firms by code before and after, and the breaks that no crosswalk mends."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from innosurvey.harmonise.carry import Carried
from innosurvey.harmonise.spec import ClassificationSpec

HOWS = ("same", "own", "unique", "split")
COUNTS = ("before", "after", *HOWS)
COLUMNS = ("wave", "classification", "code", "before", "after", "after_split", *HOWS, "break")


def counted(carried: Carried, spec: ClassificationSpec, breaks: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Return the rows of the table `harmonise` for one classification, in the order of waves and codes.

    `before`: firms by the wave's own code, cut to the target's digits; a code means something else where the wave is in
    another revision, which is what the table is there to show. `breaks`: wave → text by language.
    """
    codes = carried.codes
    before = codes["code"].str[: spec.digits] if spec.digits else codes["code"]
    table = pd.concat(
        {
            "before": _firms(codes.assign(before=before), "before"),
            "after": _firms(codes, "harmonised"),
            **{how: _firms(codes[codes["how"] == how], "harmonised") for how in HOWS},
            "after_split": carried.shares.set_index(["wave", "code"])["firms"],
        },
        axis=1,
    )
    table = table.fillna(0).rename_axis(["wave", "code"]).reset_index()
    order = {wave: place for place, wave in enumerate(codes["wave"].unique())}
    table = table.sort_values(["wave", "code"], key=lambda column: column.map(order).fillna(column), kind="stable")
    table["classification"] = spec.id
    table["break"] = table["wave"].map({wave: text["en"] for wave, text in breaks.items()}).astype("str")
    return table.astype({**dict.fromkeys(COUNTS, "Int64"), "after_split": "float64"})[list(COLUMNS)]


def _firms(codes: pd.DataFrame, by: str) -> pd.Series:
    return codes.groupby(["wave", codes[by].rename("code")]).size()


def breaks_alone(breaks: Mapping[str, Mapping[str, Mapping[str, str]]]) -> pd.DataFrame:
    """Return one row per break of a variable that is no classification: its name in `classification`, no counts."""
    rows = [
        {"wave": wave, "classification": variable, "break": text["en"]}
        for variable, waves in breaks.items()
        for wave, text in waves.items()
    ]
    texts = dict.fromkeys(("wave", "classification", "code", "break"), "str")
    types = {**texts, **dict.fromkeys(COUNTS, "Int64"), "after_split": "float64"}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(types)
