"""Multiple imputations as a table: what differs between the completed data sets, and nothing else.

Each draw is a whole survey in which the missing answers have other plausible values. The table holds those cells; put
into the imputed wave they give the draw back. Values are text and are read by their column's type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

COLUMN = "draw"
COLUMNS = ["firm_id", "variable", COLUMN, "value"]


def table_of(
    ids: pd.Series, rows: Mapping[str, np.ndarray], drawn: Mapping[int, Mapping[str, pd.Series]]
) -> pd.DataFrame:
    """Return the table `draws`, by variable, draw and row: `rows` are the positions of the cells of each variable, and
    `drawn` gives for each draw their values, missing where a draw imputes none.
    """
    firm_ids = ids.astype("str").reset_index(drop=True)
    parts = [
        pd.DataFrame(
            {
                "firm_id": firm_ids.iloc[places].to_numpy(),
                "variable": name,
                COLUMN: draw,
                "value": as_text(values[name]).to_numpy(),
            }
        )
        for name, places in rows.items()
        for draw, values in drawn.items()
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return table.astype({"firm_id": "str", "variable": "str", COLUMN: "int64", "value": "str"})[COLUMNS]


def as_text(values: pd.Series) -> pd.Series:
    """Return values as text from which `from_text` makes the same values again."""
    if pd.api.types.is_float_dtype(values.dtype):
        return pd.Series([repr(float(value)) if value == value else None for value in values], dtype="str")
    return values.astype("object").map(str, na_action="ignore").astype("str")


def from_text(texts: pd.Series, dtype: Any) -> pd.Series:
    """Return the values of a column of this type."""
    if pd.api.types.is_bool_dtype(dtype):
        return texts.map({"True": True, "False": False}).astype("boolean")
    if pd.api.types.is_numeric_dtype(dtype):
        return pd.to_numeric(texts).astype(dtype)
    return texts.astype(dtype)


def each(firms: pd.DataFrame, draws: pd.DataFrame) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield the number and the completed wave of each draw of a wave."""
    for draw in sorted(draws[COLUMN].unique()):
        yield int(draw), with_draw(firms, draws[draws[COLUMN] == draw])


def with_draw(firms: pd.DataFrame, draw: pd.DataFrame) -> pd.DataFrame:
    """Return the imputed wave with the cells of one draw put in, flagged `imputed`, or `missing` without a value."""
    places = pd.Index(firms["firm_id"].astype("str")).get_indexer(pd.Index(draw["firm_id"].astype("str")))
    columns: dict[str, pd.Series] = {}
    for name, cells in draw.groupby("variable", sort=True):
        name = str(name)
        rows = places[draw.index.get_indexer(cells.index)]
        values = firms[name].array.copy()
        values[rows] = from_text(cells["value"], firms[name].dtype).array
        columns[name] = pd.Series(values, index=firms.index)
        if f"{name}_flag" in firms.columns:
            flags = firms[f"{name}_flag"].array.copy()
            flags[rows] = np.where(cells["value"].isna(), "missing", "imputed")
            columns[f"{name}_flag"] = pd.Series(flags, index=firms.index)
    return firms.assign(**columns)


def split(firms: pd.DataFrame) -> list[pd.DataFrame]:
    """Return a slice's draws as slices of their own, in their order; the slice itself without multiple imputation."""
    if COLUMN not in firms.columns:
        return [firms]
    return [part.drop(columns=COLUMN).reset_index(drop=True) for _, part in firms.groupby(COLUMN, sort=True)]
