"""Effects of support by weighting: inverse probability, augmented (doubly robust), entropy balancing.

Parameters are the effect first, then (of plain weights) the mean that the firms compared with would have without
treatment, then the propensity's coefficients as `treatment/x`. All steps are one stack of moments, so that standard
errors of any kind hold with the propensity estimated.
"""

import numpy as np

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.engines.comparison import (
    Comparison,
    comparison_of,
    effect_of,
    outcome_columns,
    propensity_of,
    propensity_terms,
)
from innosurvey.models.estimates import Estimates, NotEstimated, Test
from innosurvey.models.kernels.entropy import balanced
from innosurvey.models.kernels.overlap import crump_bound
from innosurvey.models.kernels.propensity import Propensity
from innosurvey.models.kernels.weighting import (
    Arms,
    augmented_on_all,
    augmented_on_treated,
    difference,
    inverse_probability,
)
from innosurvey.models.sample import Sample

UNTREATED_MEAN = "mean_untreated"


def fit_ipw(sample: Sample) -> Estimates:
    """Return the difference of means weighted by the inverse probability of treatment."""
    comparison = comparison_of(sample)
    propensity, arms, trimmed = _weighted_by_propensity(sample, comparison)
    terms = (comparison.effect, UNTREATED_MEAN, *propensity_terms(comparison))
    moments = difference(comparison.outcome, arms)
    return effect_of(comparison, (terms, moments), arms.weights, propensity, ("IPW", trimmed, ()))


def fit_aipw(sample: Sample) -> Estimates:
    """Return the doubly robust effect: inverse probability weights and a linear model of the outcome."""
    comparison = comparison_of(sample)
    propensity, arms, trimmed = _weighted_by_propensity(sample, comparison)
    augmented = augmented_on_treated if comparison.effect == "att" else augmented_on_all
    weights = np.where(_kept(comparison, propensity, sample), comparison.weights, 0.0)
    columns = outcome_columns(sample, comparison)
    moments = augmented(comparison.outcome, columns, comparison.treated, arms, weights)
    terms = (comparison.effect, *propensity_terms(comparison))
    return effect_of(comparison, (terms, moments), arms.weights, propensity, ("AIPW", trimmed, ()))


def fit_entropy_balancing(sample: Sample) -> Estimates:
    """Return the difference of means under weights that balance the covariates' means, and variances too if
    `moments` is 2; NotEstimated, with the covariates' names, where no weights do.
    """
    comparison = comparison_of(sample)
    columns, names = _to_balance(comparison, int(sample.options["moments"]))
    arms = balanced(comparison.treated, columns, comparison.weights, comparison.effect, names)
    moments = difference(comparison.outcome, arms).only(2)
    try:
        propensity: Propensity | None = propensity_of(comparison, "logit")
    except NotEstimated:  # the propensity serves the description of overlap alone
        propensity = None
    terms = (comparison.effect, UNTREATED_MEAN)
    return effect_of(comparison, (terms, moments), arms.weights, propensity, ("entropy balancing", (), ()))


def _weighted_by_propensity(sample: Sample, comparison: Comparison) -> tuple[Propensity, Arms, tuple[Test, ...]]:
    propensity = propensity_of(comparison, sample.options["propensity"])
    kept = _kept(comparison, propensity, sample)
    for arm, called in ((comparison.treated, "treated"), (~comparison.treated, "untreated")):
        if not (kept & arm).any():
            raise NotEstimated(f"trimming leaves no {called} firm")
    weights = np.where(kept, comparison.weights, 0.0)
    arms = inverse_probability(comparison.treated, propensity, weights, comparison.effect)
    return propensity, arms, _trimming(comparison, kept, _bound(comparison, propensity, sample))


def _bound(comparison: Comparison, propensity: Propensity, sample: Sample) -> float:
    if sample.options["crump"]:
        return crump_bound(propensity.probability[comparison.used])
    return float(sample.options["trim"])


def _kept(comparison: Comparison, propensity: Propensity, sample: Sample) -> Mask:
    bound = _bound(comparison, propensity, sample)
    inside = (propensity.probability >= bound) & (propensity.probability <= 1 - bound)
    return np.asarray(comparison.used & inside)


def _trimming(comparison: Comparison, kept: Mask, bound: float) -> tuple[Test, ...]:
    if bound == 0:
        return ()
    note = f"propensity below {bound:.3g} or above {1 - bound:.3g}"
    return (
        Test(
            name="treated rows trimmed",
            statistic=float((comparison.used & ~kept & comparison.treated).sum()),
            note=note,
        ),
        Test(
            name="untreated rows trimmed",
            statistic=float((comparison.used & ~kept & ~comparison.treated).sum()),
            note=note,
        ),
    )


def _to_balance(comparison: Comparison, moments: int) -> tuple[Array, tuple[str, ...]]:
    """Return the columns to balance: the covariates, and the squares of those that are not 0/1."""
    block = comparison.covariates
    if moments == 1:
        return block.columns, block.names
    measured = [index for index, column in enumerate(block.columns.T) if not np.isin(column, (0.0, 1.0)).all()]
    centred = block.columns[:, measured] - block.columns[comparison.treated][:, measured].mean(axis=0)
    names = tuple(f"{block.names[index]} squared" for index in measured)
    return np.column_stack([block.columns, centred**2]), block.names + names
