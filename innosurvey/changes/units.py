"""The units of a source, before and after: which came, which left, which were amended; counts, and never who.

A unit is a firm, or a firm in a wave where the source says the wave: it is known by its key and not by its row.
"""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

KEYS = ("wave", "firm_id")
ROW = "_source_row"
FLAG = "_flag"
NOT_COLLECTED = "not_collected"
"""The flag of an answer to a question that was not in the source then."""
BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """How many units of a source came, left, and are in both; how many of these have another value in a column that
    both have, and whether the columns themselves are others."""

    entries: int
    exits: int
    both: int
    amended: int
    other_columns: bool = False

    @property
    def moved(self) -> int:
        """How many units came or left."""
        return self.entries + self.exits

    @property
    def is_revised(self) -> bool:
        """Whether units that are in both say anything else."""
        return bool(self.amended) or self.other_columns


def compare_units(before: pd.DataFrame, after: pd.DataFrame, apart: Collection[str] = ()) -> Units:
    """Return the counts of the units of two readings of one source; units that stand `apart` count as amended in
    nothing."""
    shared = sorted(set(before.columns) & set(after.columns) - {ROW})
    old, new = _signatures(before, shared), _signatures(after, shared)
    both = old.index.intersection(new.index)
    return Units(
        entries=len(new.index.difference(old.index)),
        exits=len(old.index.difference(new.index)),
        both=len(both),
        amended=int((old.loc[both] != new.loc[both]).any(axis=1).drop(both.intersection(list(apart))).sum()),
        other_columns=set(before.columns) != set(after.columns),
    )


def revised(before: pd.DataFrame, after: pd.DataFrame, apart: Collection[str] = ()) -> pd.DataFrame:
    """Return the units of `before` with what `after` says of them: those that came are left out, those that left, or
    stand `apart`, stay as they were."""
    old, new = keys_of(before), keys_of(after)
    known = set(old) & set(new) - set(apart)
    return _joined(after[new.isin(known)], before[~old.isin(known)], after)


def revised_register(before: pd.DataFrame, after: pd.DataFrame, gone: Collection[str]) -> pd.DataFrame:
    """Return a register as `after` has it, and as it was for the firms that are `gone` from the survey and from it."""
    firms = before["firm_id"]
    left = firms.isin(set(gone)) & ~firms.isin(set(after["firm_id"].dropna()))
    return _joined(after, before[left], after)


def keys_moved(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    """Return the keys of the units that came or left."""
    return set(keys_of(before)) ^ set(keys_of(after))


def firms_gone(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    """Return the ids of the firms that are in one reading and not in the next."""
    return set(before["firm_id"].dropna()) - set(after["firm_id"].dropna())


def keys_of(table: pd.DataFrame) -> pd.Series:
    """Return the key of each row's unit as text."""
    columns = [table[name].astype("object").fillna("").astype("str") for name in KEYS if name in table]
    return pd.Series(map(BETWEEN.join, zip(*columns, strict=True)), index=table.index, dtype="str")


def _signatures(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return per unit how many rows it has and the sum of their hashes, which the order of rows does not change."""
    hashes = pd.util.hash_pandas_object(table[columns], index=False)
    rows = pd.DataFrame({"unit": keys_of(table), "hash": hashes})
    return rows.groupby("unit")["hash"].agg(["size", "sum"])


def _joined(kept: pd.DataFrame, left: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Return rows and those of units that left, under row numbers of their own, in the columns and types of `like`."""
    new_flags = [name for name in map(str, like) if name.endswith(FLAG) and name not in left]
    left = left.reindex(columns=like.columns).astype(like.dtypes)
    for name in new_flags:
        left[name] = left[name].fillna(NOT_COLLECTED)
    last = int(like[ROW].max()) if len(like) else 0
    left[ROW] = pd.Series(range(last + 1, last + 1 + len(left)), index=left.index).astype(like[ROW].dtype)
    return pd.concat([kept, left], ignore_index=True).astype(like.dtypes)
