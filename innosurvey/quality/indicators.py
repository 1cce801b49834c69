"""The indicators of the quality report, one tidy table, under the concepts of SIMS v2.0.

Each concept has one function that takes what the stages counted and returns its rows; a study that lacks the counts (no
frame, no register, nothing imputed) has no such rows. Rates are in per cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

COLUMNS = ["wave", "concept", "indicator", "variable", "group", "n", "value", "unit"]
ALL = "all"
RELIABILITY = ("good", "use with caution", "unreliable")
UNANSWERED = ("missing", "refused", "dont_know")
CHANGED = ("corrected", "blanked", "localised")
"""Actions of the editing ledger that change an answer."""
CARRIED = ("same", "own", "unique", "split")
"""How firms come by their harmonised code: columns of the table `harmonise`."""
Row = dict[str, str | float]

Counted = Mapping[str, pd.DataFrame]
"""What the stages counted, by the name of the table; an absent or empty table has nothing to say."""


def assess_quality(counted: Counted) -> pd.DataFrame:
    """Return the table `quality`: a row per wave, concept and indicator, in the order of the concepts."""
    rows = [{"variable": "", "group": "", **row} for concept in CONCEPTS for row in concept(counted)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"n": "Int64", "value": "float64"})


def completeness(counted: Counted) -> Iterator[Row]:
    """S.12.3.1: which share of the canonical variables the study has."""
    available = _table(counted, "availability")
    if available.empty:
        return
    for kind in ("variable", "derived", "cohort", "item", "comparison", "model"):
        of_kind = available[available["kind"] == kind]
        lacking = int((~of_kind["available"].astype(bool)).sum())
        if len(of_kind):
            yield _row(ALL, "S.12.3.1", "lacking", lacking, "count", group=kind)


def sampling_error(counted: Counted) -> Iterator[Row]:
    """S.13.2.1: how precise the described estimates are, by wave."""
    described = _table(counted, "describe")
    if described.empty:
        return
    estimated = described[described["status"] == "ok"]
    for wave, rows in estimated.groupby("wave", sort=False):
        yield _row(str(wave), "S.13.2.1", "estimates", len(rows), "count")
        if rows["cv"].notna().any():
            yield _row(str(wave), "S.13.2.1", "median_cv", float(rows["cv"].median()), "percent")
        if "reliability" in rows:
            graded = rows["reliability"].fillna("").astype("str").value_counts(sort=False)
            for grade in [grade for grade in RELIABILITY if grade in graded.index]:
                yield _row(str(wave), "S.13.2.1", "estimates_by_reliability", int(graded[grade]), "count", group=grade)


def coverage_error(counted: Counted) -> Iterator[Row]:
    """S.13.3.1.1: sampled units that turned out not to belong to the population."""
    for wave, over_all in _weights_over_all(counted):
        if "in_scope" in over_all and over_all["sampled"] > 0:
            out = over_all["sampled"] - over_all["in_scope"]
            yield _row(wave, "S.13.3.1.1", "over_coverage_rate", 100 * out / over_all["sampled"], "percent")


def unit_nonresponse(counted: Counted) -> Iterator[Row]:
    """S.13.3.3.1: eligible units that did not answer; weighted by the design weights of their strata, too."""
    strata = _table(counted, "weights")
    for wave, over_all in _weights_over_all(counted):
        eligible = over_all["in_scope"] if "in_scope" in over_all else over_all["sampled"]
        if not eligible > 0 or over_all["sampled"] == over_all["responded"]:
            continue
        rate = 100 * (1 - over_all["responded"] / eligible)
        yield _row(wave, "S.13.3.3.1", "unit_nonresponse_rate", rate, "percent", n=eligible)
        ours = strata[(strata["wave"].astype("str") == wave) & (strata["stratum_id"] != ALL)]
        if len(ours):
            asked = ours["in_scope"] if "in_scope" in ours else ours["sampled"]
            stood_for = float((ours["weight_design"] * asked).sum())
            answered = float((ours["weight_design"] * ours["responded"]).sum())
            weighted = 100 * (1 - answered / stood_for)
            yield _row(wave, "S.13.3.3.1", "unit_nonresponse_rate_weighted", weighted, "percent", n=eligible)


def item_nonresponse(counted: Counted) -> Iterator[Row]:
    """S.13.3.3.2: answers due that were not given, over all variables."""
    for wave, rows in _by_wave(_table(counted, "nonresponse")):
        due, unanswered = rows["due"].sum(), rows[list(UNANSWERED)].to_numpy().sum()
        if due > 0:
            yield _row(wave, "S.13.3.3.2", "item_nonresponse_rate", 100 * unanswered / due, "percent", n=due)
            for kind in UNANSWERED:
                share = 100 * rows[kind].sum() / due
                yield _row(wave, "S.13.3.3.2", "item_nonresponse_rate", share, "percent", group=kind, n=due)


def comparability(counted: Counted) -> Iterator[Row]:
    """S.15.2: firms whose industry code was carried over to the common classification, and how."""
    carried = _table(counted, "harmonise")
    if carried.empty:
        return
    coded = carried[carried["code"].notna()]
    for key, firms in coded.groupby(["wave", "classification"], sort=False)[[*CARRIED, "after"]]:
        wave, classification = map(str, key)
        total = firms["after"].sum()
        for how in CARRIED:
            if total > 0 and firms[how].sum() > 0:
                share = 100 * firms[how].sum() / total
                yield _row(
                    wave, "S.15.2", "carried_over", share, "percent", variable=classification, group=how, n=total
                )


def source_data(counted: Counted) -> Iterator[Row]:
    """S.18.1: share of the answering firms that each register knows."""
    links = _table(counted, "link")
    if links.empty:
        return
    for _, row in links[links["stratum_id"] == ALL].iterrows():
        if row["n"] > 0:
            rate = 100 * row["linked"] / row["n"]
            yield _row(
                str(row["wave"]), "S.18.1", "link_rate", rate, "percent", variable=str(row["register"]), n=row["n"]
            )


def validation(counted: Counted) -> Iterator[Row]:
    """S.18.4: answers that editing changed, per hundred given; answers that a soft edit or outlier rule points at."""
    ledger, answers = _table(counted, "ledger"), _table(counted, "nonresponse")
    given = {wave: rows["due"].sum() - rows[list(UNANSWERED)].to_numpy().sum() for wave, rows in _by_wave(answers)}
    if not ledger.empty:
        edits = ledger[(ledger["stage"] == "clean") & ledger["action"].isin(CHANGED)]
        for wave, total in given.items():
            cells = int(edits.loc[edits["wave"].astype("str") == wave, "cells"].sum())
            if total > 0:
                yield _row(wave, "S.18.4", "editing_rate", 100 * cells / total, "percent", n=total)
    for wave, rows in _by_wave(_table(counted, "screen")):
        yield _row(wave, "S.18.4", "suspects", int(rows["flagged"].sum()), "count")


NOT_IMPUTED = ("none", "not_asked")
"""What the table `imputation` counts beside the methods: cells that stay missing, and cells that were not due."""


def compilation(counted: Counted) -> Iterator[Row]:
    """S.18.5.1: imputed answers, per hundred due, over all variables; and by the method that gave them."""
    for wave, rows in _by_wave(_table(counted, "nonresponse")):
        due, imputed = rows["due"].sum(), rows["imputed"].sum()
        if due > 0:
            yield _row(wave, "S.18.5.1", "imputation_rate", 100 * imputed / due, "percent", n=due)
    for wave, rows in _by_wave(_table(counted, "imputation")):
        given = rows[~rows["method"].isin(NOT_IMPUTED)]
        by_method = given.groupby("method", sort=False)["cells"].sum()
        for method, cells in by_method.items():
            yield _row(wave, "S.18.5.1", "imputed_cells", int(cells), "count", group=str(method))


def adjustment(counted: Counted) -> Iterator[Row]:
    """S.18.6: what weighting costs and attains."""
    for wave, over_all in _weights_over_all(counted):
        if over_all["sampled"] != over_all["responded"] or not np.isclose(over_all["deff"], 1):
            yield _row(wave, "S.18.6", "weights_deff", float(over_all["deff"]), "factor", n=over_all["responded"])
    for wave, rows in _by_wave(_table(counted, "calibration")):
        before = 100 * float((rows["response"] / rows["target"] - 1).abs().max())
        after = 100 * float((rows["calibrated"] / rows["target"] - 1).abs().max())
        yield _row(wave, "S.18.6", "margins", len(rows), "count")
        yield _row(wave, "S.18.6", "largest_difference_before", before, "percent")
        yield _row(wave, "S.18.6", "largest_difference_after", after, "percent")


CONCEPTS: tuple[Callable[[Counted], Iterator[Row]], ...] = (
    completeness,
    sampling_error,
    coverage_error,
    unit_nonresponse,
    item_nonresponse,
    comparability,
    source_data,
    validation,
    compilation,
    adjustment,
)


def _table(counted: Counted, name: str) -> pd.DataFrame:
    return counted.get(name, pd.DataFrame())


def _row(wave: str, concept: str, indicator: str, value: float, unit: str, **more: str | float) -> Row:
    return {"wave": wave, "concept": concept, "indicator": indicator, "value": float(value), "unit": unit, **more}


def _by_wave(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    if not table.empty:
        for wave, rows in table.groupby(table["wave"].astype("str"), sort=False):
            yield str(wave), rows


def _weights_over_all(counted: Counted) -> Iterator[tuple[str, pd.Series]]:
    """Yield each wave with its row of `weights` over all strata, where the survey has a frame."""
    for wave, rows in _by_wave(_table(counted, "weights")):
        over_all = rows[rows["stratum_id"] == ALL]
        if len(over_all):
            yield wave, over_all.iloc[0]
