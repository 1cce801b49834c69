"""The numbers of the published documents, each with the row of the table that it came from."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import pandas as pd

_PAIRS = re.compile(r", (?=[a-z_]+ )")
"""What parts the pairs of a traced number's key: a comma before the next column, not that of a term (lag(x, 2))."""


def document_in(text: str) -> dict[str, Any]:
    """Return a document that was written as JSON, as plain values."""
    document: dict[str, Any] = msgspec.json.decode(text)
    return document


def placed_numbers(
    documents: Sequence[Mapping[str, Any]], estimates: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return the traced numbers of each table that there are estimates of, with the position of their row in `_row`."""
    numbers = traced_numbers(documents)
    if numbers.empty:
        return {}
    return {
        str(table): with_rows(part, estimates[str(table)])
        for table, part in numbers.groupby("_table", sort=True)
        if table in estimates
    }


def traced_numbers(documents: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the numbers of all documents with their table, column, value, and their key as columns."""
    rows = []
    for document in documents:
        for traced in document["trace"]:
            key = dict(pair.split(" ", 1) for pair in _PAIRS.split(traced["key"]) if " " in pair)
            rows.append({**key, **{f"_{part}": traced[part] for part in ("table", "column", "value")}})
    return pd.DataFrame(rows)


def with_rows(traced: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the traced numbers of one table with the position of the row that each came from in `_row`.

    A key that is blank in the table is absent from the trace: among rows that fit, the one with blanks there is meant.
    """
    candidates = [column for column in traced.columns if column in table.columns]
    texts = table[candidates].astype("str").where(table[candidates].notna(), "")
    blanks = [traced[column].isna() for column in candidates]
    parts = []
    for _, part in traced.groupby(blanks, sort=True):
        keys = [column for column in candidates if part[column].notna().any()]
        others = [column for column in candidates if column not in keys]
        filled = (texts[others] != "").sum(axis=1).to_numpy() if others else np.zeros(len(texts), dtype=int)
        order = np.argsort(filled, kind="stable")
        places = texts[keys].assign(_row=range(len(texts))).iloc[order].drop_duplicates(keys)
        parts.append(part.merge(places, on=keys, how="left"))
    return pd.concat(parts, ignore_index=True)
