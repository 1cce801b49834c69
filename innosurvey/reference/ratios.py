"""A programme's output over its input, from the printed tables: place by place, and over all places at which both are
printed.

A printed sum is not used: outputs may be printed for fewer years than grants, so that a quotient of two printed sums
would set the output of some years against the money of more.
"""

from collections.abc import Mapping

import pandas as pd

from innosurvey.reference.cells import TO, Cells
from innosurvey.reference.spec import RatioSpec

COLUMNS = ("ratio", "table", "at", "of", "per", "output", "input", "value", "unit", "stated", "stated_doubt", "doubt")
SUM = "sum"
"""The place of a printed sum."""


def programme_ratios(ratios: Mapping[str, RatioSpec], series: pd.DataFrame, cells: Cells) -> pd.DataFrame:
    """Return a row per ratio and place with `COLUMNS`. `at` of all places together is `<first>..<last>`; `doubt` names
    the checks that cast doubt on the numbers that the ratio is made of, `stated_doubt` those on what the source states.
    """
    rows = [row for ratio in ratios.values() for row in _rows(ratio, series, cells)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(ratio: RatioSpec, series: pd.DataFrame, cells: Cells) -> list[dict[str, object]]:
    own = series[(series["table"] == ratio.table) & (series["at"] != SUM)]
    above, below = (own[own["series"] == name].set_index("at") for name in (ratio.of, ratio.per))
    both = [at for at in above.index if at in below.index and below.loc[at, "value"] > 0]
    if not both:
        return []
    stated = _stated(ratio, series, cells)
    every = f"{both[0]}{TO}{both[-1]}"
    places = [*((at, [at]) for at in both), *([(every, both)] if len(both) > 1 else [])]
    return [_row(ratio, at, above.loc[names], below.loc[names], stated) for at, names in places]


def _row(
    ratio: RatioSpec, at: str, above: pd.DataFrame, below: pd.DataFrame, stated: Mapping[str, object]
) -> dict[str, object]:
    output, spent = float(above["value"].sum()), float(below["value"].sum())
    doubts = dict.fromkeys(name for text in (*above["doubt"], *below["doubt"]) for name in text.split("|") if name)
    return {
        "ratio": ratio.id,
        "table": ratio.table,
        "at": at,
        "of": ratio.of,
        "per": ratio.per,
        "output": output,
        "input": spent,
        "value": ratio.times * output / spent,
        "unit": ratio.unit,
        **stated,
        "doubt": "|".join(doubts),
    }


def _stated(ratio: RatioSpec, series: pd.DataFrame, cells: Cells) -> dict[str, object]:
    """Return the number that the source states for the ratio, and the checks that cast doubt on it."""
    if not ratio.stated:
        return {"stated": float("nan"), "stated_doubt": ""}
    cell = cells.find(ratio.stated, f"ratios.{ratio.id}.stated")[0]
    row = series[(series["table"] == cell.table) & (series["series"] == cell.series) & (series["at"] == cell.at)]
    return {"stated": cell.span.value, "stated_doubt": str(row["doubt"].iloc[0])}
