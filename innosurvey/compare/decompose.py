"""What a gap between two groups is made of: the terms' levels, or what the terms are worth (Oaxaca 1973, Blinder 1973).

Least squares with the design's weights explain the outcome in each group, a the group and b the reference. At the means
of the terms x̄ and with reference coefficients β*,

    ȳ_a - ȳ_b = (x̄_a - x̄_b)'β*  +  x̄_a'(β_a - β*) + x̄_b'(β* - β_b)
                 explained           unexplained

β* are those of the group, of the reference, of both pooled with a dummy for the group (Jann 2008: without the dummy
part of the gap itself would count as explained), or the groups' weighted by their shares of the firms (Cotton 1988).
The part of a category must not depend on which level is left out: its coefficients are deviations from their mean over
all levels (Yun 2005), and the constant takes that mean.

Means and coefficients are estimated from the same firms, regressors are random, and groups share strata. So each part
is linearised as a whole: u is the sum of the linearised values of all means and coefficients, times the derivatives
(the delta method over the stacked vector), and its variance is the design's. Replicates are not used here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.compare.material import Material
from innosurvey.compare.spec import Coefficients, DecompositionSpec
from innosurvey.compare.terms import CONSTANT, Terms, design_terms, levels_of_one_group
from innosurvey.design import Design
from innosurvey.distributions import t_quantile, t_test
from innosurvey.estimate import NAN, Setting
from innosurvey.items import DescribeItem
from innosurvey.linearise import Linearised, standard_error, symmetric_interval

COLUMNS = (
    "decomposition", "cohort", "group", "reference", "wave", "outcome", "part", "term", "estimate", "se", "df", "t",
    "p", "lower", "upper", "share_of_gap", "n_group", "n_reference", "status",
)  # fmt: skip
SPARE = 10
"""A group needs this many firms more than it has coefficients."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimated:
    """A vector of estimates with the linearised values of each on all rows (rows × estimates)."""

    value: np.ndarray
    influence: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a gap: all of it, or that of one term (empty: of all)."""

    part: str
    term: str
    found: Linearised


def decomposed(specs: Sequence[DecompositionSpec], material: Material) -> pd.DataFrame:
    """Return `decompositions.csv` of one completed survey: per decomposition, wave and outcome the gap, and its
    explained and unexplained part, in all and by term; shares are in points.
    """
    records: list[tuple[str | int | float, ...]] = []
    for spec in specs:
        for setting in material.settings:
            for outcome in spec.outcomes:
                records.extend(_records(spec, material, setting, material.items[outcome]))
    return pd.DataFrame(records, columns=list(COLUMNS))


def _records(
    spec: DecompositionSpec, material: Material, setting: Setting, item: DescribeItem
) -> Iterator[tuple[str | int | float, ...]]:
    rows, inside, dropped = _rows(spec, material, setting, item.id)
    design = setting.design.take(rows)
    counts = (design.take(inside).firms, design.take(~inside).firms)
    key = (spec.id, spec.cohort, spec.group, spec.reference, setting.wave, item.id)
    reason, terms = _prepare(spec, material, setting.rows[rows], inside, item.id)
    if reason or terms is None:
        for part in ("gap", "explained", "unexplained"):
            yield (*key, part, "", *[NAN] * 8, *counts, reason)
        return
    y = material.values(item.id).y[setting.rows[rows]] * item.scale
    df = float(design.degrees_of_freedom)
    t = t_quantile(material.rules.confidence, df)
    parts = parts_of_gap(y, terms, inside, design, spec.coefficients)
    gap = parts[0].found.estimate
    status = f"ok: without {', '.join(dropped)}, which one group lacks" if dropped else "ok"
    for one in parts:
        estimate = one.found.estimate
        se = standard_error(design, one.found, max(abs(gap), abs(estimate)))
        statistic = estimate / se if se > 0 else NAN
        p = t_test(statistic, df) if se > 0 else NAN
        share = 100 * estimate / gap if gap else NAN
        interval = symmetric_interval(estimate, se, t)
        yield (*key, one.part, one.term, estimate, se, df, statistic, p, *interval, share, *counts, status)


def _rows(
    spec: DecompositionSpec, material: Material, setting: Setting, outcome: str
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return the positions of both groups' rows with outcome and terms, which of them are the group's, and the levels
    that were left out with their firms because one group has none.
    """
    values, groups = material.values(outcome), material.groups[setting.rows]
    usable = values.reported[setting.rows] & np.isin(groups, (spec.group, spec.reference))
    firms = material.firms.iloc[setting.rows]
    for name in spec.terms:
        usable &= firms[name].notna().to_numpy() if name in firms else False
    dropped: list[str] = []
    while found := levels_of_one_group(firms[usable], [name for name in spec.terms if name in firms], groups[usable]):
        for name, level in found:
            dropped.append(f"{name} {level}")
            usable &= (firms[name].astype("str") != level).to_numpy()
    rows = np.flatnonzero(usable)
    return rows, groups[rows] == spec.group, dropped


def _prepare(
    spec: DecompositionSpec, material: Material, positions: np.ndarray, inside: np.ndarray, outcome: str
) -> tuple[str, Terms | None]:
    """Return why the gap can't be taken apart (empty if it can), and the terms' columns."""
    absent = [*material.values(outcome).absent, *(name for name in spec.terms if name not in material.firms)]
    if absent:
        return f"not estimated: the survey has no {', '.join(absent)}", None
    if min(inside.sum(), (~inside).sum()) < 2:
        return "not estimated: no firms with outcome and terms in one group", None
    terms = design_terms(material.firms.iloc[positions], spec.terms)
    for role, rows in (("group", inside), ("reference", ~inside)):
        columns = terms.fitted[rows]
        if rows.sum() < columns.shape[1] + SPARE:
            return f"not estimated: fewer than {columns.shape[1] + SPARE} firms in the {role}", None
        if np.linalg.matrix_rank(columns / np.maximum(np.abs(columns).max(axis=0), 1e-300)) < columns.shape[1]:
            return f"not estimated: the terms are collinear in the {role}", None
    return "", terms


def parts_of_gap(
    y: np.ndarray, terms: Terms, inside: np.ndarray, design: Design, coefficients: Coefficients
) -> list[Part]:
    """Return the gap, then its explained and its unexplained part, each in all and by term."""
    weight = design.weight
    means = [_means(terms.shown, weight, rows) for rows in (inside, ~inside)]
    slopes = [_slopes(y, terms, weight, rows) for rows in (inside, ~inside)]
    star = _reference(y, terms, weight, inside, slopes, coefficients)
    explained = _product(_less(means[0], means[1]), star)
    unexplained = [_product(means[0], _less(slopes[0], star)), _product(means[1], _less(star, slopes[1]))]
    both = Estimated(
        value=unexplained[0].value + unexplained[1].value,
        influence=unexplained[0].influence + unexplained[1].influence,
    )
    outcome = [_means(y[:, None], weight, rows) for rows in (inside, ~inside)]
    gap = _less(outcome[0], outcome[1])
    parts = [Part(part="gap", term="", found=_sum(gap, np.ones(1)))]
    for name, found in (("explained", explained), ("unexplained", both)):
        parts.append(Part(part=name, term="", found=_sum(found, np.ones(found.value.size))))
        listed = terms.names if name == "unexplained" else [term for term in terms.names if term != CONSTANT]
        parts.extend(Part(part=name, term=term, found=_sum(found, terms.of(term))) for term in listed)
    return parts


def _means(columns: np.ndarray, weight: np.ndarray, rows: np.ndarray) -> Estimated:
    """Return the weighted means of the columns among some rows."""
    inside = np.where(rows, weight, 0.0)
    value = inside @ columns / inside.sum()
    return Estimated(value=value, influence=np.where(rows[:, None], columns - value, 0.0) / inside.sum())


def _slopes(y: np.ndarray, terms: Terms, weight: np.ndarray, rows: np.ndarray) -> Estimated:
    """Return the weighted least-squares coefficients among some rows, one for each shown column."""
    return _fit(y, terms.fitted, terms.shown_by_fitted, np.where(rows, weight, 0.0), rows)


def _fit(y: np.ndarray, x: np.ndarray, turned: np.ndarray, weight: np.ndarray, rows: np.ndarray) -> Estimated:
    """Return coefficients β = (X'WX)⁻¹X'Wy and their linearised values (X'WX)⁻¹ x e, turned into those shown."""
    inverse = np.linalg.inv((weight[:, None] * x).T @ x)
    beta = inverse @ (x.T @ (weight * y))
    residual = np.where(rows, y - x @ beta, 0.0)
    return Estimated(value=turned @ beta, influence=(residual[:, None] * x) @ inverse @ turned.T)


def _reference(
    y: np.ndarray,
    terms: Terms,
    weight: np.ndarray,
    inside: np.ndarray,
    slopes: Sequence[Estimated],
    coefficients: Coefficients,
) -> Estimated:
    """Return the reference coefficients."""
    match coefficients:
        case "group":
            return slopes[0]
        case "reference":
            return slopes[1]
        case "pooled":
            x = np.column_stack([terms.fitted, inside.astype(float)])
            turned = np.column_stack([terms.shown_by_fitted, np.zeros(terms.shown.shape[1])])
            return _fit(y, x, turned, weight, np.ones(y.size, dtype=bool))
        case "weighted":
            of_group = _means(inside.astype(float)[:, None], weight, np.ones(y.size, dtype=bool))
            share = float(of_group.value[0])
            value = share * slopes[0].value + (1 - share) * slopes[1].value
            influence = share * slopes[0].influence + (1 - share) * slopes[1].influence
            return Estimated(
                value=value, influence=influence + of_group.influence * (slopes[0].value - slopes[1].value)
            )


def _less(one: Estimated, two: Estimated) -> Estimated:
    return Estimated(value=one.value - two.value, influence=one.influence - two.influence)


def _product(one: Estimated, two: Estimated) -> Estimated:
    """Return the products of two vectors, entry by entry, by the rule of the product."""
    return Estimated(value=one.value * two.value, influence=one.influence * two.value + one.value * two.influence)


def _sum(found: Estimated, chosen: np.ndarray) -> Linearised:
    """Return the sum of the chosen entries (1 or 0 for each)."""
    return Linearised(estimate=float(found.value @ chosen), influence=found.influence @ chosen)
