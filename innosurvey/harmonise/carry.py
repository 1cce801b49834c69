"""Which code of the target revision each firm gets.

In this order: its code, where the wave is in the target revision (`same`); the code that the firm itself reports in the
nearest wave of the target revision, if the crosswalk has it among the targets (`own`); the one target there is
(`unique`); one of several, drawn with the split's weights (`split`). The draw is keyed by the firm's id, so that a firm
gets the same code in every wave and whatever the order of the rows. A code that is coarser than what the firm reports
in another wave of the same revision is made finer first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from innosurvey.errors import DataError, StudyError, bullets
from innosurvey.harmonise.crosswalk import (
    Crosswalk,
    Panel,
    crosswalk_from_panel,
    estimate_weights,
    longest_entry,
    parse_crosswalk,
)
from innosurvey.harmonise.spec import ClassificationSpec, CrosswalkSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """`codes`: those given with harmonised and how (own, same, unique, split, unknown).

    `shares`: wave, code, firms: the same firms with the split weights in place of the draw.
    """

    codes: pd.DataFrame
    shares: pd.DataFrame


def carry_over(codes: pd.DataFrame, spec: ClassificationSpec, files: Mapping[str, pd.DataFrame], seed: int) -> Carried:
    """Return the codes in the target revision; `codes` has firm_id, wave, place (of the wave), code, revision.

    `files`: the crosswalks' tables by file name. StudyError for a revision that no crosswalk starts from; DataError for
    a code without a revision or an entry, with wave, codes and counts.
    """
    _fail_if_revision_is_unknown(codes, spec)
    codes = codes.assign(harmonised=pd.Series(pd.NA, index=codes.index, dtype="str"), how="unknown")
    cut = codes["code"].str[: spec.digits] if spec.digits else codes["code"]
    same = (codes["revision"] == spec.target) & codes["code"].notna()
    codes["harmonised"] = cut.where(same)
    codes["how"] = codes["how"].mask(same, "same")
    counted = [codes[same].groupby(["wave", "harmonised"]).size()]
    for source, walk in spec.crosswalks.items():
        rows = codes[(codes["revision"] == source) & codes["code"].notna()]
        if len(rows):
            crosswalk = crosswalk_of(walk, codes, spec, files)
            carried = _carried(rows, codes, crosswalk, spec, seed)
            codes.loc[rows.index, ["harmonised", "how"]] = carried[["harmonised", "how"]]
            counted += _shares(carried, crosswalk)
    shares = pd.concat(counted).groupby(level=[0, 1]).sum().rename("firms").rename_axis(["wave", "code"]).reset_index()
    return Carried(codes=codes, shares=shares)


def crosswalk_of(
    walk: CrosswalkSpec, codes: pd.DataFrame, spec: ClassificationSpec, files: Mapping[str, pd.DataFrame]
) -> Crosswalk:
    """Return a crosswalk as its spec wants it: of the file, with weights of the panel, or of the panel alone."""
    name = f"{spec.where}.crosswalks.{walk.source}->{spec.target}"
    if walk.file is None:
        return crosswalk_from_panel(panel_of(codes, spec, walk.source), walk.minimum, name)
    official = parse_crosswalk(files[walk.file], walk.file, spec.digits)
    if walk.weights == "file":
        return official
    return estimate_weights(official, panel_of(codes, spec, walk.source), walk.minimum)


def panel_of(codes: pd.DataFrame, spec: ClassificationSpec, source: str) -> Panel:
    """Return the firms of neighbouring waves of which one is in the source and one in the target revision."""
    by_wave = [part.set_index("firm_id") for _, part in codes.groupby("place")]
    pairs, surveyed = [pd.DataFrame({"source": [], "target": []}, dtype="str")], set[str]()
    for one, other in [*pairwise(by_wave), *pairwise(by_wave[::-1])]:
        before = one.loc[one["revision"] == source, "code"].dropna()
        after = other.loc[other["revision"] == spec.target, "code"].dropna().str[: spec.digits]
        if len(before) and len(after):
            pairs.append(pd.concat([before.rename("source"), after.rename("target")], axis=1, join="inner"))
            surveyed |= set(after.unique())
    return Panel(pairs=pd.concat(pairs, ignore_index=True), surveyed=frozenset(surveyed))


def _carried(
    rows: pd.DataFrame, codes: pd.DataFrame, walk: Crosswalk, spec: ClassificationSpec, seed: int
) -> pd.DataFrame:
    """Return wave, entry, harmonised and how of the rows of one source revision."""
    entries = longest_entry(_refined(rows, codes), walk.sources)
    _fail_if_codes_have_no_entry(rows, entries, walk, spec)
    carried = pd.DataFrame({"wave": rows["wave"], "entry": entries, "how": "split"}, index=rows.index)
    carried["harmonised"] = _chosen(entries, rows["firm_id"], walk, spec, seed)
    targets = walk.links.groupby("source").size()
    carried["how"] = carried["how"].mask(entries.map(targets) == 1, "unique")
    if spec.own:
        own = _own(rows, codes, entries, walk, spec)
        carried["harmonised"] = own.fillna(carried["harmonised"])
        carried["how"] = carried["how"].mask(own.notna(), "own")
    return carried


def _refined(rows: pd.DataFrame, codes: pd.DataFrame) -> pd.Series:
    """Return each code, made finer by what the firm reports in the nearest other wave of the same revision."""
    finer = rows["code"].copy()
    same_revision = codes[codes["revision"].isin(rows["revision"].unique())]
    for here, there in _nearest_first(rows, same_revision):
        reported, current = here["firm_id"].map(there), finer[here.index]
        finer[here.index] = current.mask(_begins_with(reported, current), reported)
    return finer


def _own(
    rows: pd.DataFrame, codes: pd.DataFrame, entries: pd.Series, walk: Crosswalk, spec: ClassificationSpec
) -> pd.Series:
    """Return the code that a firm reports itself in the nearest wave of the target revision, if it is a target."""
    own = pd.Series(pd.NA, index=rows.index, dtype="str")
    links = pd.MultiIndex.from_frame(walk.links[["source", "target"]])
    for here, there in _nearest_first(rows, codes[codes["revision"] == spec.target]):
        reported = here["firm_id"].map(there).str[: spec.digits]
        official = pd.MultiIndex.from_arrays([entries[here.index], reported]).isin(links)
        own[here.index] = own[here.index].fillna(reported.where(official))
    return own


def _nearest_first(rows: pd.DataFrame, others: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, pd.Series]]:
    """Yield the rows of each wave with every other wave's codes by firm, the nearest first and of two the later one."""
    codes = {int(place): others[others["place"] == place] for place in others["place"].unique()}
    by_place = {place: part.set_index("firm_id")["code"] for place, part in codes.items()}
    for place in sorted(map(int, rows["place"].unique())):
        nearest = sorted((abs(other - place), -other) for other in by_place if other != place)
        for _, negative in nearest:
            yield rows[rows["place"] == place], by_place[-negative]


def _begins_with(longer: pd.Series, shorter: pd.Series) -> pd.Series:
    """Return whether each text is longer than the other of its row and begins with it."""
    pairs = pd.DataFrame({"longer": longer, "shorter": shorter})
    distinct = pairs.dropna().drop_duplicates()
    if distinct.empty:
        return pd.Series(False, index=longer.index)
    begins = [text != start and text.startswith(start) for text, start in distinct.itertuples(index=False)]
    return pd.Series(pd.MultiIndex.from_frame(pairs).isin(pd.MultiIndex.from_frame(distinct[begins])), longer.index)


def _chosen(entries: pd.Series, firm_ids: pd.Series, walk: Crosswalk, spec: ClassificationSpec, seed: int) -> pd.Series:
    """Return one target for each entry: the largest, or one drawn with the weights of the split."""
    chosen = pd.Series(pd.NA, index=entries.index, dtype="str")
    points = draws_of(firm_ids, spec.id, seed)
    for source, links in walk.links.groupby("source"):
        rows = (entries == source).to_numpy()
        targets, weights = links["target"].to_numpy(dtype=object), links["weight"].to_numpy()
        bounds = np.cumsum(weights) / weights.sum()
        picked = np.searchsorted(bounds, points[rows], side="right") if spec.split == "draw" else weights.argmax()
        chosen[rows] = targets[picked]
    return chosen


def draws_of(firm_ids: pd.Series, name: str, seed: int) -> np.ndarray:
    """Return a number in [0, 1) per firm that depends on its id, the classification's name and the seed alone."""
    ids = (name + ":" + firm_ids.astype("str")).to_numpy(dtype=object)
    hashed = pd.util.hash_array(ids, hash_key=f"{seed:016d}"[-16:], categorize=False)
    return (hashed >> np.uint64(11)).astype("float64") / 2.0**53


def _shares(carried: pd.DataFrame, walk: Crosswalk) -> list[pd.Series]:
    """Return firms by wave and code: whole ones where a firm has its own code, by the split weights elsewhere."""
    own = carried["how"] == "own"
    split = carried[~own].groupby(["wave", "entry"]).size().rename("firms").reset_index()
    split = split.merge(walk.links, left_on="entry", right_on="source")
    split = split[split["weight"] > 0].rename(columns={"target": "harmonised"})
    shares = (split["firms"] * split["weight"]).groupby([split["wave"], split["harmonised"]]).sum()
    return [carried[own].groupby(["wave", "harmonised"]).size(), shares]


def _fail_if_revision_is_unknown(codes: pd.DataFrame, spec: ClassificationSpec) -> None:
    coded = codes[codes["code"].notna()]
    blank = coded.loc[coded["revision"].isna(), "wave"].value_counts(sort=False)
    if len(blank):
        lines = bullets(f"wave {wave}: {count} firms" for wave, count in blank.items())
        raise DataError(
            f"{spec.where}: firms have a code of {spec.variable}, but {spec.revision} does not say of which revision:\n"
            f'{lines}\nGive the revision in the codebook, as in `{spec.revision}: {{constant: "{spec.target}"}}`.'
        )
    known = {spec.target, *spec.crosswalks}
    unknown = coded[~coded["revision"].isin(known)].groupby(["wave", "revision"], sort=False).size().reset_index()
    if len(unknown):
        lines = bullets(
            f"wave {wave}: revision {name}, {count} firms" for wave, name, count in unknown.itertuples(index=False)
        )
        has = ", ".join(f"{source}->{spec.target}" for source in spec.crosswalks) or "none"
        raise StudyError(
            f"{spec.where}: no crosswalk leads from these revisions to {spec.target}:\n{lines}\n"
            f"Crosswalks: {has}. Add the missing one under `crosswalks:`, or correct {spec.revision} in the codebook."
        )


def _near(code: str, sources: list[str]) -> str:
    """Return a hint at the source that shares most of the code's first digits; nothing where none shares any."""
    starts = [code[:size] for size in range(len(code), 0, -1)]
    near = next((source for start in starts for source in sources if source.startswith(start)), None)
    return f" Near it: {near}." if near else ""


def _fail_if_codes_have_no_entry(
    rows: pd.DataFrame, entries: pd.Series, walk: Crosswalk, spec: ClassificationSpec
) -> None:
    lost = rows[entries.isna()]
    if lost.empty:
        return
    counts = lost.groupby(["wave", "code"], sort=False).size().sort_index(kind="stable").reset_index()
    lines = bullets(
        f"wave {wave}: {code}, {count} firms.{_near(str(code), walk.sources)}"
        for wave, code, count in counts.itertuples(index=False)
    )
    raise DataError(
        f"{spec.where}: codes of {spec.variable} that the crosswalk {walk.name} does not have ({len(lost)} firms):\n"
        f"{lines}\nAdd the codes to it with their targets and weights, or say under `recode:` what they stand for."
    )
