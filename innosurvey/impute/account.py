"""The account of an imputation: a row per changed cell, counts by method, and the cells that draws differ in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from innosurvey.impute.skips import FROM_THE_START
from innosurvey.impute.work import NO_LEVEL, Work

LEDGER = ["wave", "_source_row", "firm_id", "stage", "rule", "variable", "action", "method", "level"]
SUMMARY = ["wave", "variable", "method", "level", "cells"]
STAGE = "impute"
NOT_IMPUTED = "none"


def ledger_of(work: Work) -> pd.DataFrame:
    """Return the table `imputed_cells`, sorted by row: what was imputed, what was blanked to be imputed, and what the
    skips of imputed filters found not to be asked, or due.
    """
    firms = work.firms
    listed = [change for change in work.changes if change.rows.size and change.rule != FROM_THE_START]
    sizes = [change.rows.size for change in listed]
    rows = np.concatenate([np.empty(0, dtype="int64"), *(change.rows for change in listed)])
    columns: dict[str, object] = {
        "wave": firms["wave"].iloc[rows].astype("str").array,
        "_source_row": firms["_source_row"].iloc[rows].astype("Int64").array,
        "firm_id": firms["firm_id"].iloc[rows].astype("str").array,
        "stage": pd.Categorical.from_codes(np.zeros(rows.size, dtype="int8"), pd.Index([STAGE])),
    }
    for name in ("rule", "variable", "action", "method"):
        codes, values = pd.factorize(np.array([getattr(change, name) for change in listed], dtype=object), sort=True)
        columns[name] = pd.Categorical.from_codes(np.repeat(codes, sizes), pd.Index(values, dtype="str"))
    levels = pd.Series(np.concatenate([np.empty(0, dtype="int64"), *(change.levels for change in listed)]))
    columns["level"] = levels.astype("Int64").mask(levels == NO_LEVEL).array
    return pd.DataFrame(columns)[LEDGER].sort_values("_source_row", kind="stable").reset_index(drop=True)


def summary_of(work: Work, dictionary: Collection[str]) -> pd.DataFrame:
    """Return the table `imputation`: cells by variable, method and level; what stays missing has the method `none`, and
    what was found not to be asked `not_asked`.

    What a register adds and the dictionary does not know is no answer, and not counted.
    """
    wave = str(work.firms["wave"].iloc[0]) if len(work) else ""
    counts: dict[tuple[str, str, int], int] = {}
    for change in work.changes:
        if change.action == "imputed":
            for level, cells in zip(*np.unique(change.levels, return_counts=True), strict=True):
                key = (change.variable, change.method, int(level))
                counts[key] = counts.get(key, 0) + int(cells)
        elif change.action == "not_asked":
            key = (change.variable, "not_asked", NO_LEVEL)
            counts[key] = counts.get(key, 0) + change.rows.size
    for name in map(str, work.firms.columns):
        if name in dictionary and work.has_flags(name) and (left := int(work.imputable(name).sum())):
            counts[(name, NOT_IMPUTED, NO_LEVEL)] = left
    place = {str(name): number for number, name in enumerate(work.firms.columns)}
    rows = [(wave, *key, cells) for key, cells in counts.items()]
    rows.sort(key=lambda row: (place[row[1]], row[2], row[3]))
    summary = pd.DataFrame(rows, columns=SUMMARY).astype({"level": "Int64", "cells": "int64"})
    return summary.assign(level=summary["level"].mask(summary["level"] == NO_LEVEL))


def imputed_in_any(works: Sequence[Work]) -> dict[str, np.ndarray]:
    """Return by variable the positions of the cells that one of the completed waves imputed."""
    rows: dict[str, list[np.ndarray]] = {}
    for work in works:
        for change in work.changes:
            if change.action == "imputed":
                rows.setdefault(change.variable, []).append(change.rows)
    return {name: np.unique(np.concatenate(parts)) for name, parts in rows.items()}
