"""Effects by weighting: both arms are given weights that make their covariates alike, and the means are compared.

Inverse probability weights are normalised within each arm (Hájek 1971; Imbens 2004). The augmented estimators add
linear models of the outcome and are right if either the propensity or the outcome model is (Robins, Rotnitzky and Zhao
1994): for the effect on all units in the form of Stata and statsmodels, for that on the treated in the form of
Sant'Anna and Zhao (2020), whose weights are normalised. Each answer is a stack of moments: the effect, then the first
step.
"""

from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.kernels.moments import Moments, least_squares, stacked
from innosurvey.models.kernels.propensity import Propensity


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """The weights of the treated and of the controls (n,), zero on the other's rows, their derivatives by the first
    step's parameters (n, q), and that step.
    """

    treated: Array
    controls: Array
    treated_slopes: Array
    controls_slopes: Array
    first: Moments

    @property
    def weights(self) -> Array:
        """The weight of each row in its arm (n,)."""
        return self.treated + self.controls


def inverse_probability(treated: Mask, propensity: Propensity, weights: Array, effect: str) -> Arms:
    """Return 1/p and 1/(1-p) for the effect on all (`ate`), 1 and p/(1-p) for that on the treated (`att`), times the
    given weights; rows whose given weight is zero are trimmed but stay in the propensity.
    """
    p, slope = propensity.probability, propensity.slope
    on_all = effect == "ate"
    with np.errstate(divide="ignore", over="ignore"):
        odds = {
            "treated": np.where(treated, 1 / p if on_all else 1.0, 0.0),
            "controls": np.where(treated, 0.0, (1.0 if on_all else p) / (1 - p)),
            "treated_slopes": np.where(treated, -1 / p**2 if on_all else 0.0, 0.0),
            "controls_slopes": np.where(treated, 0.0, 1 / (1 - p) ** 2),
        }
    scaled = {name: np.where(weights > 0, values, 0.0) * weights for name, values in odds.items()}
    return Arms(
        treated=scaled["treated"],
        controls=scaled["controls"],
        treated_slopes=propensity.columns * (scaled["treated_slopes"] * slope)[:, None],
        controls_slopes=propensity.columns * (scaled["controls_slopes"] * slope)[:, None],
        first=propensity.moments,
    )


def difference(outcome: Array, arms: Arms) -> Moments:
    """Return the weighted difference of means: the effect, the mean of the weighted controls, the first step."""
    base = arms.controls @ outcome / arms.controls.sum()
    effect = arms.treated @ outcome / arms.treated.sum() - base
    from_treated, from_controls = outcome - effect - base, outcome - base
    total, k = arms.treated.sum(), 2 + len(arms.first.params)
    jacobian = np.zeros((k, k))
    jacobian[0, :2] = total
    jacobian[1, 1] = arms.controls.sum()
    jacobian[0, 2:] = -from_treated @ arms.treated_slopes
    jacobian[1, 2:] = -from_controls @ arms.controls_slopes
    jacobian[2:, 2:] = arms.first.jacobian
    scores = np.column_stack([arms.treated * from_treated, arms.controls * from_controls, arms.first.scores])
    return Moments(params=np.concatenate([[effect, base], arms.first.params]), scores=scores, jacobian=jacobian)


def augmented_on_treated(outcome: Array, columns: Array, treated: Mask, arms: Arms, weights: Array) -> Moments:
    """Return the doubly robust effect on the treated, then the first step; the outcome model is that of the controls
    by least squares (its moments are in the effect's).
    """
    model = least_squares(outcome, columns, np.where(treated, 0.0, weights))
    moments = difference(outcome - columns @ model.params, arms)
    jacobian = np.zeros((len(moments.params) + len(model.params),) * 2)
    k = len(moments.params)
    jacobian[:k, :k] = moments.jacobian
    jacobian[0, k:] = arms.treated @ columns
    jacobian[1, k:] = arms.controls @ columns
    jacobian[k:, k:] = model.jacobian
    full = Moments(
        params=np.concatenate([moments.params, model.params]),
        scores=np.column_stack([moments.scores, model.scores]),
        jacobian=jacobian,
    )
    shown = [0, *range(2, k)]
    return _reordered(full, [*shown, 1, *range(k, len(full.params))]).only(len(shown))


def augmented_on_all(outcome: Array, columns: Array, treated: Mask, arms: Arms, weights: Array) -> Moments:
    """Return the doubly robust effect on all, then the first step; each arm has an outcome model of its own."""
    models = [least_squares(outcome, columns, np.where(arm, weights, 0.0)) for arm in (treated, ~treated)]
    fitted = [columns @ model.params for model in models]
    residuals = [outcome - values for values in fitted]
    parts = weights * (fitted[0] - fitted[1]) + arms.treated * residuals[0] - arms.controls * residuals[1]
    effect = parts.sum() / weights.sum()
    first, outcomes = arms.first, stacked(*models)
    later = stacked(first, outcomes)
    derivative = np.concatenate(
        [
            residuals[0] @ arms.treated_slopes - residuals[1] @ arms.controls_slopes,
            (weights - arms.treated) @ columns,
            -(weights - arms.controls) @ columns,
        ]
    )
    jacobian = np.zeros((1 + len(later.params),) * 2)
    jacobian[0, 0], jacobian[0, 1:], jacobian[1:, 1:] = weights.sum(), -derivative, later.jacobian
    scores = np.column_stack([parts - weights * effect, later.scores])
    full = Moments(params=np.concatenate([[effect], later.params]), scores=scores, jacobian=jacobian)
    return full.only(1 + len(first.params))


def _reordered(moments: Moments, order: list[int]) -> Moments:
    return Moments(
        params=moments.params[order],
        scores=moments.scores[:, order],
        jacobian=moments.jacobian[np.ix_(order, order)],
    )
