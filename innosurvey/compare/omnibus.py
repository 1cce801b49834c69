"""Do the groups of a cohort differ at all? One test for each item, over all groups at once.

Shares: the table of group × yes/no, by the chi-square of Pearson with the second-order correction of Rao and Scott, as
an F. With the cells' weighted proportions p and their covariance V under the design,

    F = X² / tr(Δ),   df1 = tr(Δ)² / tr(Δ²),   df2 = df1 ν,   Δ = (C'D⁻¹C / N)⁻¹ C'D⁻¹ V D⁻¹C,   D = diag(p),

C the interactions of the table. Other statistics: Wald's W = d'(V d)⁻¹d of the differences d from the first group,
with the joint covariance of all groups, as F = W (ν - k + 1) / (ν k) on k and ν - k + 1 degrees of freedom. ν are the
design's degrees of freedom.

Sources: Rao and Scott (1984), Ann. Stat. 12; Korn and Graubard (1990), Am. Stat. 44.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from innosurvey.compare.material import Material
from innosurvey.compare.spec import ComparisonSpec
from innosurvey.design import Design
from innosurvey.distributions import f_test
from innosurvey.estimate import NAN, Observed, Setting, linearise, reason_against
from innosurvey.items import DescribeItem
from innosurvey.joint import joint_covariance, wald_f
from innosurvey.linearise import Linearised, linearise_mean, with_replicates

COLUMNS = (
    "cohort", "wave", "item", "statistic", "n", "groups", "test", "value", "df1", "df2", "p", "p_adjusted",
    "effect_size", "effect_kind", "family", "status",
)  # fmt: skip
FEW = "ok: approximate, few firms or answers in a group"
NO_VARIATION = "not tested: no sampling variation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Omnibus:
    """A test of all groups at once; numbers are NaN without one."""

    test: str
    status: str
    value: float = NAN
    df1: float = NAN
    df2: float = NAN
    effect_size: float = NAN
    effect_kind: str = ""

    @property
    def p(self) -> float:
        """Return the p-value of F."""
        return f_test(self.value, self.df1, self.df2) if self.value == self.value else NAN


def omnibus_rows(specs: Sequence[ComparisonSpec], groups: Sequence[str], material: Material) -> pd.DataFrame:
    """Return `omnibus.csv` of one completed survey: a row per item of the cohort's comparisons and wave. An item that
    several comparisons name belongs to the family of the first.
    """
    families: dict[str, str] = {}
    for spec in specs:
        for name in spec.items:
            families.setdefault(name, spec.family)
    cohort = specs[0].cohort if specs else ""
    records = []
    for setting in material.settings:
        for name, family in families.items():
            key = (cohort, setting.wave)
            make = partial(_record, key, material.items[name], family, groups, setting, material)
            records.append(material.found(make, "omnibus", key, family, tuple(groups), items=[name]))
    return pd.DataFrame(records, columns=list(COLUMNS))


def _record(
    key: tuple[str, str],
    item: DescribeItem,
    family: str,
    groups: Sequence[str],
    setting: Setting,
    material: Material,
) -> tuple[str | int | float, ...]:
    sides = {group: material.observe(item.id, setting, group) for group in groups}
    kept = {group: side for group, side in sides.items() if not reason_against(item, side)}
    rows = np.sort(np.concatenate([side.rows for side in kept.values()] or [np.empty(0, dtype=int)]), kind="stable")
    design = setting.design.take(rows)
    found = _test(item, kept, design, rows, material)
    status = f"{found.status}{_without(groups, kept)}" if found.status == "ok" else found.status
    return (
        *key, item.id, item.statistic, design.firms, len(kept), found.test, found.value, found.df1, found.df2, found.p,
        NAN, found.effect_size, found.effect_kind, family, status,
    )  # fmt: skip


def _without(groups: Sequence[str], kept: Mapping[str, Observed]) -> str:
    left_out = [group for group in groups if group not in kept]
    return f": without {', '.join(left_out)}" if left_out else ""


def _test(
    item: DescribeItem, sides: Mapping[str, Observed], design: Design, rows: np.ndarray, material: Material
) -> Omnibus:
    kind = "rao_scott" if item.statistic == "share" else "wald"
    if len(sides) < 2:
        return Omnibus(test=kind, status="not tested: fewer than two groups with estimates")
    if kind == "rao_scott":
        return rao_scott(list(sides.values()), design, rows, _few(list(sides.values()), material))
    estimates = [_on_rows(linearise(item, side, material.rules), side.rows, rows) for side in sides.values()]
    effect = eta(list(sides.values())) if item.statistic == "mean" else NAN
    return wald(estimates, design, effect)


def _few(sides: Sequence[Observed], material: Material) -> bool:
    """Return whether a group has too few firms, or too few that say yes or no, for the chi-square to be trusted."""
    rules = material.rules
    smallest = min(side.design.firms for side in sides)
    rarest = min(min(side.y.sum(), side.y.size - side.y.sum()) for side in sides)
    return bool(smallest < rules.exact_below or rarest < rules.exact_cell_below)


def _on_rows(one: Linearised, own: np.ndarray, rows: np.ndarray) -> Linearised:
    """Return an estimate of some rows as one of more rows: its linearised values are zero on the others."""
    influence = np.zeros(rows.size)
    np.add.at(influence, np.searchsorted(rows, own), one.influence)
    return Linearised(estimate=one.estimate, influence=influence, deviations=one.deviations)


def rao_scott(sides: Sequence[Observed], design: Design, rows: np.ndarray, few: bool) -> Omnibus:
    """Return the test that the groups (0/1 answers of each) have the same share."""
    places = [np.searchsorted(rows, side.rows) for side in sides]
    cells = []
    for answer in (1.0, 0.0):
        for side, place in zip(sides, places, strict=True):
            inside = np.zeros(rows.size)
            inside[place] = side.y == answer
            mean = linearise_mean(inside, design.weight)
            cells.append(with_replicates(mean, inside, np.ones(rows.size), design))
    p = np.array([cell.estimate for cell in cells])
    expected = np.outer(p.reshape(2, -1).sum(axis=1), p.reshape(2, -1).sum(axis=0)).ravel()
    if (expected <= 0).any():
        return Omnibus(test="rao_scott", status=NO_VARIATION)
    departure = float(((p - expected) ** 2 / expected).sum())
    weighted, denominator = _interactions(p, len(sides))
    delta = np.linalg.solve(denominator, weighted.T @ joint_covariance(design, cells) @ weighted)
    trace, square = float(np.trace(delta)), float(np.trace(delta @ delta))
    if not trace > 0:
        return Omnibus(test="rao_scott", status=NO_VARIATION)
    df1 = trace**2 / square
    return Omnibus(
        test="rao_scott",
        status=FEW if few else "ok",
        value=departure / trace,
        df1=df1,
        df2=df1 * design.degrees_of_freedom,
        effect_size=float(np.sqrt(departure)),
        effect_kind="cramers_v",
    )


def _interactions(p: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Return D⁻¹C, and C'D⁻¹C: the interactions C of a table of two answers × groups (group one the first)."""
    contrast = np.zeros((2 * groups, groups - 1))
    for column in range(groups - 1):
        contrast[[0, groups], column] = (-0.5, 0.5)
        contrast[[column + 1, groups + column + 1], column] = (0.5, -0.5)
    weight = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)
    return weight[:, None] * contrast, contrast.T @ (weight[:, None] * contrast)


def wald(estimates: Sequence[Linearised], design: Design, effect: float) -> Omnibus:
    """Return the test that all estimates are equal, on their joint covariance."""
    theta = np.array([one.estimate for one in estimates])
    k, freedom = theta.size - 1, design.degrees_of_freedom
    if freedom < k:
        return Omnibus(test="wald", status="not tested: fewer degrees of freedom than groups")
    differences = np.column_stack([-np.ones(k), np.eye(k)])
    found = wald_f(theta, differences, joint_covariance(design, estimates), freedom)
    if found is None:
        return Omnibus(test="wald", status=NO_VARIATION)
    return Omnibus(
        test="wald",
        status="ok",
        value=found.value,
        df1=found.df1,
        df2=found.df2,
        effect_size=effect,
        effect_kind="eta" if effect == effect else "",
    )


def eta(sides: Sequence[Observed]) -> float:
    """Return √(sum of squares between the groups / in all), weighted."""
    weight = np.concatenate([side.design.weight for side in sides])
    y = np.concatenate([side.y for side in sides])
    mean = (weight * y).sum() / weight.sum()
    total = (weight * (y - mean) ** 2).sum()
    between = sum(
        side.design.weight.sum() * ((side.design.weight * side.y).sum() / side.design.weight.sum() - mean) ** 2
        for side in sides
    )
    return float(np.sqrt(between / total)) if total > 0 else NAN
