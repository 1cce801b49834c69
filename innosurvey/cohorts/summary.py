"""The two small tables that tell what the cohorts stage did: how many firms are where, and what could not be had."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from innosurvey.cohorts.spec import UNASSIGNED, CohortSpec, GroupSpec
from innosurvey.derive import Derived, DerivedSpec
from innosurvey.dictionary import Dictionary

COLUMNS = ["cohort", "title", "variant", "version", "rule", "group", "wave", "n", "weighted_n", "share"]


def summarise(
    memberships: pd.DataFrame,
    firms: pd.DataFrame,
    specs: Mapping[str, CohortSpec],
    groups: Mapping[str, tuple[GroupSpec, ...]],
    waves: Mapping[str, Collection[str]],
) -> pd.DataFrame:
    """Return the table `cohorts`: firms by cohort, group and wave (and `all`), unweighted and weighted.

    `waves` are those that have each cohort; one whose universe nobody is in is counted with zeros.

    `share` is in per cent of the cohort's weighted firms in the wave; in an overlapping cohort, of the firms in any
    group. Firms whose answers leave the rules open are counted in a row `unassigned`, without a share.
    """
    weighted = memberships.merge(firms[["firm_id", "wave", "weight_final"]], on=["firm_id", "wave"], how="left")
    once = weighted[weighted["group"] != UNASSIGNED].drop_duplicates(["cohort", "wave", "firm_id"])
    # Pooled, a firm counts once a wave, so that the shares of a partition add up to 100.
    pooled, pooled_once = weighted.assign(wave="all"), once.assign(wave="all")
    keys = ["cohort", "wave"]
    counts = pd.concat([weighted, pooled]).groupby([*keys, "group"], sort=False)["weight_final"].agg(["size", "sum"])
    by_group = {
        key: (int(n), float(weight)) for key, n, weight in zip(counts.index, counts["size"], counts["sum"], strict=True)
    }
    bases = pd.concat([once, pooled_once]).groupby(keys, sort=False)["weight_final"].sum()
    rows: list[dict[str, Any]] = []
    for name, spec in specs.items():
        for wave in [*waves[name], *["all"] * bool(waves[name])]:
            rows += _rows_of(spec, groups[name], wave, by_group, float(bases.get((name, wave), 0)))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64", "version": "Int64", "share": "float64"})


def _rows_of(
    spec: CohortSpec, groups: tuple[GroupSpec, ...], wave: str, counts: Mapping[Any, tuple[int, float]], base: float
) -> list[dict[str, Any]]:
    rows = []
    for group in [*groups, GroupSpec(name=UNASSIGNED, title={"en": "Not assigned"}, rule=None)]:
        key = (spec.id, wave, group.name)
        n, weight = counts.get(key, (0, 0.0))
        if group.name == UNASSIGNED and n == 0:
            continue
        share = min(100.0, 100 * weight / base) if base > 0 and group.name != UNASSIGNED else None
        rows.append(
            {
                "cohort": spec.id,
                "title": group.title["en"],
                "variant": spec.variant or None,
                "version": spec.version,
                "rule": group.rule,
                "group": group.name,
                "wave": wave,
                "n": n,
                "weighted_n": weight,
                "share": share,
            }
        )
    return rows


def availability_of(
    parts: Mapping[str, Derived],
    specs: Mapping[str, CohortSpec],
    derived: Mapping[str, DerivedSpec],
    dictionary: Dictionary,
) -> pd.DataFrame:
    """Return the table `availability` for variables, derived variables and cohorts.

    Something is available when one wave has it; the reason then names the waves that lack it.
    """
    rows = []
    for name in dictionary:
        absent = [wave for wave, part in parts.items() if name not in part.firms.columns]
        rows.append(_row("variable", name, len(parts), dict.fromkeys(absent, "not asked")))
    for name in derived:
        reasons = {wave: part.unavailable[name] for wave, part in parts.items() if name in part.unavailable}
        rows.append(_row("derived", name, len(parts), reasons))
    for name, spec in specs.items():
        missing = {wave: spec.missing(part.firms.columns) for wave, part in parts.items()}
        reasons = {wave: f"needs {', '.join(names)}" for wave, names in missing.items() if names}
        rows.append(_row("cohort", name, len(parts), reasons))
    return pd.DataFrame(rows, columns=["kind", "id", "available", "reason"])


def _row(kind: str, name: str, waves: int, reasons: Mapping[str, str]) -> dict[str, Any]:
    waves_by_reason: dict[str, list[str]] = {}
    for wave, why in reasons.items():
        waves_by_reason.setdefault(why, []).append(wave)
    if len(waves_by_reason) == 1 and len(reasons) == waves:
        (reason,) = waves_by_reason
    elif len(reasons) == waves:
        reason = "; ".join(f"in {', '.join(told)}: {why}" for why, told in waves_by_reason.items())
    else:
        reason = "; ".join(f"wave {wave}: {why}" for wave, why in reasons.items())
    return {"kind": kind, "id": name, "available": len(reasons) < waves, "reason": reason or None}
