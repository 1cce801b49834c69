"""Small frames, samples and totals for the tests of the weights."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from innosurvey.weight import Outside, Weighted, parse_weights, weight_sample


def make_frame(rows: Sequence[tuple[Any, ...]], columns: Sequence[str] = ()) -> pd.DataFrame:
    """Rows of stratum, drawn, status and further columns; firms are f0, f1 … in wave 2018."""
    frame = pd.DataFrame(list(rows), columns=["stratum_id", "sampled", "response_status", *columns])
    ids = [f"f{number}" for number in range(len(frame))]
    return frame.assign(_source_row=range(2, len(frame) + 2), firm_id=ids, wave="2018")


def answering(frame: pd.DataFrame) -> pd.DataFrame:
    """The survey's firms: those of status complete."""
    chosen = frame.loc[frame["response_status"] == "complete", ["_source_row", "firm_id", "wave"]]
    return chosen.reset_index(drop=True)


def weigh_frame(
    frame: pd.DataFrame, entry: Mapping[str, Any] | None = None, design: Mapping[str, Any] | None = None
) -> Weighted:
    return weight_sample(answering(frame), frame, parse_weights({"method": "frame", **(entry or {})}, design))


def weigh_given(
    firms: pd.DataFrame,
    calibrate: Mapping[str, Any] | None,
    totals: Sequence[tuple[Any, ...]] = (),
    design: Mapping[str, Any] | None = None,
    trim: Mapping[str, Any] | None = None,
) -> Weighted:
    """Weight firms that bring weight_design; totals: margin, cell (of `group` or of `region`), total."""
    entry: dict[str, Any] = {"method": "given", "trim": trim}
    if calibrate is not None:
        entry["calibrate"] = {"totals": "totals.csv", **calibrate}
    table = pd.DataFrame(list(totals), columns=["margin", "group", "total"]).astype(str)
    table["region"] = table["group"]
    count = len(firms)
    whole = firms.assign(_source_row=range(2, count + 2), firm_id=[f"f{n}" for n in range(count)], wave="2018")
    return weight_sample(whole, None, parse_weights(entry, design), "none", Outside(totals=table))
