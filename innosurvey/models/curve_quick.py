"""The specifications of a curve that are least squares on the same rows, from one table of cross-products.

What comes out is what each model by itself gives (`fit_one` on these rows), to rounding. What this way can't tell apart
or does not know is left out here, for the caller to fit by itself: collinear columns, too few firms, exact fits,
two-way clusters, covariances that need more than influences.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd

from innosurvey.models.absorb import absorb, absorbed_parameters, one_level
from innosurvey.models.arrays import Array, Codes
from innosurvey.models.asked import Found
from innosurvey.models.covariance import FEW_CLUSTERS, cluster_factor
from innosurvey.models.curve_spec import Specification
from innosurvey.models.kernels.crossproducts import Subset, SubsetFits, fit_subsets
from innosurvey.models.kernels.levels import count_levels
from innosurvey.models.matrix import block_of, factor_values
from innosurvey.models.rows import codes_of
from innosurvey.models.sample import distinct_effects, weights_of
from innosurvey.models.spec import CovarianceSpec, ModelSpec
from innosurvey.models.terms import Term, categories_alone

# Share of a column's length, and of the outcome's variation, below which rounding is all that is left.
_NEGLIGIBLE = 1e-9
_EXACT = 1e-18


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns of all terms (and last the outcome) without fixed effects or mean, each term's places in it, the names
    of those of its columns that nothing is left of (a year within year effects), weights, the codes of the effects and
    of each way of clustering by name, and how many rows and firms there are.
    """

    columns: Array
    places: dict[str, tuple[int, ...]]
    gone: dict[str, tuple[str, ...]]
    weights: Array | None
    effects: tuple[Codes, ...]
    clusters: dict[str, Codes]
    n: int
    n_firms: int


def is_quick(model: ModelSpec) -> bool:
    """Return whether a model is of the kind that this way can fit."""
    rule = model.covariance
    known = rule.type in ("classical", "robust", "hc0", "hc1") or (rule.type == "cluster" and len(rule.by) == 1)
    frequency = model.weights is not None and model.weights.kind == "frequency"
    return model.estimator in ("ols", "fe") and known and not frequency


def fit_quickly(
    points: Sequence[Specification], firms: pd.DataFrame, kept_together: Codes, keep: bool
) -> dict[int, Found]:
    """Return what was found by number, for those of the specifications that can be fitted on these rows together: one
    outcome, sample, estimator and weighting, and every row has all values.
    """
    if not points or firms["firm_id"].nunique() < points[0].model.least.firms or not _mean_the_same(points):
        return {}
    table = _table(points, firms, kept_together)
    last = table.columns.shape[1] - 1
    points = [point for point in points if table.places[point.asked.text]]
    if not points:
        return {}
    chosen = {point.number: _subset(point, table, last) for point in points}
    subsets = list(dict.fromkeys(chosen.values()))
    fits = fit_subsets(table.columns, subsets, table.weights, tuple(table.clusters.values()), keep=keep)
    variation = float(np.sum(table.columns[:, last] ** 2 * (1.0 if table.weights is None else table.weights)))
    usable = np.isfinite(fits.params) & (fits.rss > _EXACT * variation)
    places = {subset: place for place, subset in enumerate(subsets)}
    return {
        number: found
        for number, found in _read(points, table, fits, {number: places[subset] for number, subset in chosen.items()})
        if usable[places[chosen[number]]]
    }


def _table(points: Sequence[Specification], firms: pd.DataFrame, kept_together: Codes) -> Table:
    model = points[0].model
    terms = dict.fromkeys(term for point in points for term in _explaining(point))
    factors = {factor: factor_values(factor, firms) for term in (*terms, model.outcome) for factor in term.factors}
    block = block_of((*terms, model.outcome), factors, len(firms), categories_alone(terms, model.fixed_effects))
    weights = weights_of(model, firms)
    names, _ = distinct_effects(model.fixed_effects, firms)
    effects = tuple(codes_of(firms[name]) for name in names)
    before = np.linalg.norm(block.columns, axis=0)
    columns = absorb(block.columns, effects or (one_level(len(firms)),), weights)
    columns[:, np.linalg.norm(columns, axis=0) <= _NEGLIGIBLE * before] = 0.0
    left = (np.linalg.norm(columns, axis=0) > 0).tolist()
    ways = dict.fromkeys(name for point in points for name in point.model.covariance.by)
    return Table(
        columns=columns,
        places={term.text: tuple(place for place in _places(block.terms, term) if left[place]) for term in terms},
        gone={
            term.text: tuple(block.names[place] for place in _places(block.terms, term) if not left[place])
            for term in terms
        },
        weights=weights,
        effects=effects,
        clusters={"": kept_together, **{name: codes_of(firms[name]) for name in ways}},
        n=len(firms),
        n_firms=int(firms["firm_id"].nunique()),
    )


def _mean_the_same(points: Sequence[Specification]) -> bool:
    """Return whether a product of two categories has the same columns in all specifications that hold it."""
    together = {term for point in points for term in _explaining(point)}
    alone = categories_alone(together, points[0].model.fixed_effects)
    return all(
        term.has_cells(alone) == term.has_cells(categories_alone(_explaining(point), point.model.fixed_effects))
        for point in points
        for term in _explaining(point)
    )


def _explaining(point: Specification) -> tuple[Term, ...]:
    return (*point.model.regressors, *point.model.controls)


def _places(terms: Sequence[str], asked: Term) -> tuple[int, ...]:
    return tuple(place for place, text in enumerate(terms) if text == asked.text)


def _subset(point: Specification, table: Table, outcome: int) -> Subset:
    columns = tuple(place for term in _explaining(point) for place in table.places[term.text])
    return Subset(outcome=outcome, columns=columns, asked=table.places[point.asked.text][0])


def _read(
    points: Sequence[Specification], table: Table, fits: SubsetFits, places: dict[int, int]
) -> Iterator[tuple[int, Found]]:
    """Yield what was found of each specification that has degrees of freedom and clusters enough."""
    own = 0 if table.effects else 1  # the constant, which has no column here
    absorbed = absorbed_parameters(table.effects)
    within = {name: absorbed_parameters(table.effects, (codes,)) for name, codes in table.clusters.items()}
    groups = {name: count_levels(codes) for name, codes in table.clusters.items()}
    ways = list(table.clusters)
    for point in points:
        place, rule = places[point.number], point.model.covariance
        k = own + sum(len(table.places[term.text]) for term in _explaining(point))
        free = table.n - k - absorbed
        clustered = rule.type == "cluster"
        if free < point.model.least.df or (clustered and groups[rule.by[0]] < 2):
            continue
        if clustered:
            name = rule.by[0]
            factor = 1.0 if rule.small_sample == "none" else cluster_factor(groups[name], table.n, k + within[name])
            variance = factor * fits.cluster_squares[ways.index(name), place]
        else:
            variance = _unclustered(fits, place, rule, (table.n, free))
        few = clustered and groups[rule.by[0]] < FEW_CLUSTERS
        notes = _dropped(point, table)
        yield (
            point.number,
            Found(
                estimate=float(fits.params[place]),
                se=float(np.sqrt(variance)),
                df=_degrees(rule, free, groups[rule.by[0]] if clustered else 0),
                n=table.n,
                n_firms=table.n_firms,
                n_clusters=groups[rule.by[0]] if clustered else None,
                warnings=(*notes, *((f"fewer than {FEW_CLUSTERS} clusters ({groups[rule.by[0]]})",) if few else ())),
                influences=None if fits.influences is None else fits.influences[:, place],
                confidence=rule.confidence,
            ),
        )


def _dropped(point: Specification, table: Table) -> tuple[str, ...]:
    """Return the notes on controls that are left out because nothing of them is left, as the models stage writes
    them.
    """
    effects = point.model.fixed_effects
    within = f" within {' and '.join(effects)}" if effects else ""
    names = [name for term in point.model.controls for name in table.gone[term.text]]
    return tuple(f"dropped control {name} (does not vary{within})" for name in names)


def _unclustered(fits: SubsetFits, place: int, rule: CovarianceSpec, rows: tuple[int, int]) -> float:
    """Return the variance of a slope by the rule; `rows` are all, and those left by the parameters."""
    n, free = rows
    corrected = rule.small_sample != "none"
    if rule.type == "classical":
        return float(fits.rss[place] / (free if corrected else n) * fits.bread[place])
    widened = rule.type == "hc1" or (rule.type == "robust" and corrected)
    return float(fits.squares[place] * (n / free if widened else 1.0))


def _degrees(rule: CovarianceSpec, free: int, groups: int) -> float:
    if rule.small_sample == "none" and not rule.type.startswith("hc"):
        return inf
    return float(groups - 1 if rule.type == "cluster" else free)
