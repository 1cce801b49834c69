"""The difference between two groups, raw and at an equal composition: among firms of the same industry and size.

The item is regressed on the group and on the cells of the declared variables, by least squares with the design's
weights. The cells taken out (Frisch and Waugh 1933), with g̃ the group less its weighted share in the firm's cell,

    β = Σ w g̃ y / Σ w g̃²,      u_i = g̃_i (y_i - ȳ_cell - β g̃_i) / Σ w g̃²,

and u are its linearised values (Binder 1983; Fuller 1975), whose variance is the design's. A share is a difference of
probabilities, in points. Cells that hold one of the two groups alone say nothing about their difference: `overlap` is
the weighted share of firms in the cells that hold both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from innosurvey.compare.groups import others_than
from innosurvey.compare.material import Material
from innosurvey.compare.spec import COMPARED_WITHIN, ComparisonSpec
from innosurvey.contrast import is_small
from innosurvey.design import Design
from innosurvey.distributions import t_quantile, t_test
from innosurvey.estimate import NAN, Observed, Setting, observe, reason_against
from innosurvey.items import DescribeItem, ItemValues
from innosurvey.kept import checksum
from innosurvey.linearise import Linearised, standard_error, symmetric_interval

COLUMNS = (
    "cohort", "group", "reference", "wave", "item", "statistic", "adjust_for", "n_group", "n_reference",
    "difference_raw", "difference", "se", "df", "t", "p", "p_adjusted", "lower", "upper", "overlap", "family", "status",
)  # fmt: skip
FEW = "ok: approximate, few firms or answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """A difference in the item's unit, raw and adjusted; numbers are NaN where there is none. `overlap` in percent."""

    n_group: int
    n_reference: int
    status: str
    difference_raw: float = NAN
    difference: float = NAN
    se: float = NAN
    df: float = NAN
    t: float = NAN
    p: float = NAN
    lower: float = NAN
    upper: float = NAN
    overlap: float = NAN


def adjusted(specs: Sequence[ComparisonSpec], material: Material) -> pd.DataFrame:
    """Return `adjusted.csv` of one completed survey: a row for each row of `compare.csv` whose comparison, or the
    study, says what to adjust for.
    """
    records = []
    for spec in specs:
        names = spec.adjust_for or material.rules.adjust_for
        if not names:
            continue
        cells = cells_of(material.firms, names)
        asked = ("adjusted", checksum(cells))
        for group in spec.groups or others_than(spec.reference, material.groups):
            for setting in material.settings:
                for item in spec.items:
                    key = (spec.cohort, group, spec.reference, setting.wave)
                    make = partial(adjust, material, setting, (group, spec.reference), item, cells)
                    found = material.found(make, *asked, *key, items=[item])
                    records.append(_record(key, material.items[item], names, spec.family, found))
    return pd.DataFrame(records, columns=list(COLUMNS))


def _record(
    key: tuple[str, str, str, str], item: DescribeItem, names: Sequence[str], family: str, found: Adjusted
) -> tuple[str | int | float, ...]:
    test = (found.difference, found.se, found.df, found.t, found.p, NAN, found.lower, found.upper, found.overlap)
    return (
        *key, item.id, item.statistic, "|".join(names), found.n_group, found.n_reference, found.difference_raw, *test,
        family, found.status,
    )  # fmt: skip


def cells_of(firms: pd.DataFrame, names: Sequence[str]) -> np.ndarray | str:
    """Return the code of each row's cell, -1 where one of the variables is missing; or why there are no cells."""
    absent = [name for name in names if name not in firms]
    if absent:
        return f"not adjusted: the survey has no {', '.join(absent)}"
    known = firms[list(names)].notna().all(axis=1).to_numpy()
    codes = firms.groupby([firms[name].astype("str") for name in names], sort=True).ngroup().to_numpy()
    return np.where(known, codes, -1)


def adjust(material: Material, setting: Setting, pair: tuple[str, str], name: str, cells: np.ndarray | str) -> Adjusted:
    """Return the difference of (group, reference) in an item within cells, or the reason why there is none."""
    item, values = material.items[name], material.values(name)
    reported = values.reported if isinstance(cells, str) else values.reported & (cells >= 0)
    here = ItemValues(y=values.y, x=values.x, reported=reported, absent=values.absent)
    groups = material.groups[setting.rows]
    sides = (observe(here, setting, groups == pair[0]), observe(here, setting, groups == pair[1]))
    reason = _reason_against(item, sides, cells)
    if reason or isinstance(cells, str):
        return Adjusted(n_group=sides[0].design.firms, n_reference=sides[1].design.firms, status=reason)
    y = np.concatenate([side.y for side in sides])
    inside = np.repeat([1.0, 0.0], [side.y.size for side in sides])
    rows = np.concatenate([side.rows for side in sides])
    few = item.statistic == "share" and is_small(sides, material.rules)
    fit = within_cells(y, inside, cells[setting.rows[rows]], setting.design.take(rows))
    return _complete(item, sides, fit, material, FEW if few else "ok")


def _reason_against(item: DescribeItem, sides: tuple[Observed, Observed], cells: np.ndarray | str) -> str:
    """Return why a difference can't be adjusted, or an empty string."""
    if item.statistic not in COMPARED_WITHIN:
        return f"not adjusted: a {item.statistic} is of no firm alone"
    if isinstance(cells, str):
        return cells
    for role, side in zip(("group", "reference"), sides, strict=True):
        if reason := reason_against(item, side):
            return reason if side.absent else f"{reason} in the {role}"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Within:
    """The regression within cells: raw difference, coefficient with linearised values, overlap, degrees of freedom."""

    raw: float
    slope: Linearised
    overlap: float
    freedom: float
    design: Design


def within_cells(y: np.ndarray, inside: np.ndarray, cells: np.ndarray, design: Design) -> Within | None:
    """Return the regression of y on the group (`inside` 1 or 0) within cells; None where no cell holds both."""
    _, cell = np.unique(cells, return_inverse=True)
    weight = design.weight
    size = np.bincount(cell, weights=weight)

    def centred(values: np.ndarray) -> np.ndarray:
        sums = np.bincount(cell, weights=weight * values)
        return np.asarray(values - np.divide(sums, size, out=np.zeros_like(size), where=size > 0)[cell])

    group, answer = centred(inside), centred(y)
    members = np.bincount(cell, weights=inside)
    shared = (members > 0) & (members < np.bincount(cell))
    spread = (weight * group**2).sum()
    if not (shared.any() and spread > 0):
        return None
    slope = (weight * group * y).sum() / spread
    is_in = inside == 1
    return Within(
        raw=float(np.average(y[is_in], weights=weight[is_in]) - np.average(y[~is_in], weights=weight[~is_in])),
        slope=Linearised(estimate=float(slope), influence=group * (answer - slope * group) / spread),
        overlap=float(100 * weight[shared[cell]].sum() / weight.sum()),
        freedom=float(design.degrees_of_freedom - size.size),
        design=design,
    )


def _complete(
    item: DescribeItem, sides: tuple[Observed, Observed], fit: Within | None, material: Material, status: str
) -> Adjusted:
    """Return the difference with its test: t on the design's degrees of freedom less the cells."""
    counts = {"n_group": sides[0].design.firms, "n_reference": sides[1].design.firms}
    if fit is None:
        return Adjusted(**counts, status="not adjusted: no cell holds firms of both groups")
    raw = fit.raw * item.scale
    if fit.freedom < 1:
        return Adjusted(**counts, status="not adjusted: no degrees of freedom", difference_raw=raw, overlap=fit.overlap)
    slope = fit.slope.times(item.scale)
    se = standard_error(fit.design, slope, max(abs(slope.estimate), item.scale))
    if se == 0:
        return Adjusted(**counts, status="not adjusted: no sampling variation", difference_raw=raw, overlap=fit.overlap)
    lower, upper = symmetric_interval(slope.estimate, se, t_quantile(material.rules.confidence, fit.freedom))
    return Adjusted(
        **counts,
        status=status,
        difference_raw=raw,
        difference=slope.estimate,
        se=se,
        df=fit.freedom,
        t=slope.estimate / se,
        p=t_test(slope.estimate / se, fit.freedom),
        lower=lower,
        upper=upper,
        overlap=fit.overlap,
    )
