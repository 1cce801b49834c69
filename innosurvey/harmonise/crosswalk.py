"""Crosswalks between two revisions of a classification.

A crosswalk says what each code of the source revision may become, and in which parts: the weights of a source sum to
one. A target of weight 0 is official but without a share of its own: firms that report it themselves keep it, and none
is drawn into it. Sources may be of different lengths; a firm's code is matched by the longest source it begins with,
so that `6511` finds `65`. Where the shares of a split are not known, `estimate_weights` takes them from the firms that
two neighbouring waves hold in both revisions, among the official targets only: who stayed in a survey and who was
linked to whom must not turn a hotel into a shop.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.errors import DataError, bullets, did_you_mean

COLUMNS = ("source", "target", "weight")
ROUNDING = 1e-6
"""What the weights of a source may differ from one: shares written with six decimals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Firms that two neighbouring waves hold in both revisions: `pairs` (one row each: source, target), and all
    targets that the waves of the target revision hold (`surveyed`)."""

    pairs: pd.DataFrame
    surveyed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """Links from source to target: `links` has source, target, weight (sums to 1 within a source), sorted by both."""

    name: str
    links: pd.DataFrame

    @property
    def sources(self) -> list[str]:
        """Return the codes of the source revision, each once."""
        return list(dict.fromkeys(self.links["source"]))


def clean_codes(codes: pd.Series) -> pd.Series:
    """Return codes as text without section letter, points and blanks; an empty one is missing."""
    distinct = codes.drop_duplicates()
    cleaned = distinct.astype("str").str.replace(r"^\s*[A-Za-z]\s*(?=\d)|[\s.]", "", regex=True)
    return codes.map(dict(zip(distinct, cleaned.mask(cleaned == ""), strict=True))).astype("str")


def parse_crosswalk(frame: pd.DataFrame, name: str, digits: int | None = None) -> Crosswalk:
    """Return the crosswalk of a table, its targets cut to `digits`.

    DataError, with the codes: a column is absent, a weight is no share, a link stands twice, or the weights of a source
    do not sum to one.
    """
    absent = [column for column in COLUMNS if column not in frame.columns]
    if absent:
        has = ", ".join(map(str, frame.columns))
        near = did_you_mean(absent[0], frame.columns)
        raise DataError(
            f"{name}: the crosswalk has no column {', '.join(absent)}.{near}\n"
            f"It needs {', '.join(COLUMNS)}; it has {has}."
        )
    links = pd.DataFrame(
        {
            "source": clean_codes(frame["source"].astype("str")),
            "target": clean_codes(frame["target"].astype("str")),
            "weight": pd.to_numeric(frame["weight"], errors="coerce"),
        }
    )
    _fail_if_links_are_wrong(links, name)
    sums = links.groupby("source")["weight"].sum()
    off = sums[(sums - 1).abs() > ROUNDING]
    if len(off):
        lines = bullets(f"{source}: {total:g}{_rows_of(links['source'] == source)}" for source, total in off.items())
        raise DataError(
            f"{name}: the weights of these sources do not sum to 1:\n{lines}\n"
            "Correct them: the weights of a source are the parts in which its firms go to the targets."
        )
    links["target"] = links["target"].str[:digits] if digits else links["target"]
    links = links.groupby(["source", "target"])["weight"].sum().reset_index()
    return Crosswalk(name=name, links=links)


def _rows_of(chosen: pd.Series) -> str:
    rows = [str(row + 2) for row in np.flatnonzero(chosen.to_numpy())]
    return f" (row{'s' if len(rows) > 1 else ''} {', '.join(rows)})"


def _fail_if_links_are_wrong(links: pd.DataFrame, name: str) -> None:
    problems = [
        (links[["source", "target"]].isna().any(axis=1), "a source or target is blank"),
        (~links["weight"].between(0, 1), "the weight is no number from 0 to 1"),
        (links.duplicated(["source", "target"]), "the link stands twice"),
    ]
    lines = [f"row {row + 2}: {what}" for wrong, what in problems for row in np.flatnonzero(wrong.to_numpy())]
    if lines:
        raise DataError(f"{name}: rows of the crosswalk that cannot be used:\n{bullets(lines)}\nCorrect them.")


def longest_entry(codes: pd.Series, entries: Iterable[str]) -> pd.Series:
    """Return for each code the longest of `entries` that it begins with, missing where there is none."""
    known = set(entries)
    longest = max(map(len, known), default=0)
    distinct = codes.dropna().unique()
    found = {
        code: next((code[:size] for size in range(min(len(code), longest), 0, -1) if code[:size] in known), None)
        for code in distinct
    }
    return codes.map(found).astype("str")


def estimate_weights(walk: Crosswalk, panel: Panel, minimum: int) -> Crosswalk:
    """Return the crosswalk with the shares of its splits as firms show them that were seen in both revisions.

    Only official links count, and only those with `minimum` firms. A source keeps the weights of the file where there
    are none, or where a target to which the file gives weight was not surveyed in the later wave: firms that moved
    there are not seen, and the other targets would get their share.
    """
    weighted = walk.links[walk.links["weight"] > 0]
    hidden = set(weighted.loc[~weighted["target"].isin(panel.surveyed), "source"])
    pairs = panel.pairs.assign(source=longest_entry(panel.pairs["source"], walk.sources))
    links = walk.links.merge(_counted(pairs, minimum), on=["source", "target"], how="left")
    firms = links["firms"].fillna(0.0)
    total = firms.groupby(links["source"]).transform("sum")
    known = (total > 0) & ~links["source"].isin(hidden)
    links["weight"] = links["weight"].where(~known, firms / total.where(total > 0))
    return Crosswalk(name=walk.name, links=links[list(COLUMNS)])


def crosswalk_from_panel(panel: Panel, minimum: int, name: str) -> Crosswalk:
    """Return a crosswalk made of nothing but firms seen in both revisions: links with `minimum` firms.

    For a study without an official table. Links that come from wrong ids or from moves stand in it, too.
    """
    links = _counted(panel.pairs, minimum)
    links["weight"] = links["firms"] / links.groupby("source")["firms"].transform("sum")
    return Crosswalk(name=name, links=links[list(COLUMNS)])


def _counted(pairs: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Return the links of the pairs with their `firms`, those with too few left out."""
    counts = pairs.groupby(["source", "target"]).size().rename("firms").reset_index()
    return counts[counts["firms"] >= minimum].reset_index(drop=True)
