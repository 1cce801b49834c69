"""Average marginal effects of a logit: by how much the probability moves, on average over the firms of the sample.

For a number, the mean of the derivative; for a 0/1 column, the mean change from 0 to 1, the other levels of its
category being 0. Standard errors by the delta method, the firms taken as given. Terms in products have no effect of
their own and are left out.
"""

from collections.abc import Iterable

import numpy as np
from scipy.special import expit

from innosurvey.models.arrays import Array
from innosurvey.models.estimates import Estimates
from innosurvey.models.matrix import CONSTANT, Block
from innosurvey.models.terms import parse_term


def average_marginal_effects(
    estimates: Estimates, block: Block, weights: Array | None
) -> tuple[tuple[str, ...], Array, Array]:
    """Return the names of the columns that have an effect, the effects, and their derivatives by the parameters
    (effects × parameters).
    """
    shares = np.full(len(block.columns), 1.0) if weights is None else weights
    shares = shares / shares.sum()
    chosen = list(_columns_of_their_own(block))
    pairs = [_effect(estimates, block, index, shares) for index in chosen]
    effects = np.array([effect for effect, _ in pairs])
    jacobian = np.array([gradient for _, gradient in pairs]).reshape(len(pairs), len(estimates.params))
    return tuple(block.names[index] for index in chosen), effects, jacobian


def _columns_of_their_own(block: Block) -> Iterable[int]:
    parsed = {text: parse_term(text, text) for text in block.terms if text != CONSTANT}
    multiplied = {name for term in parsed.values() if len(term.factors) > 1 for name in term.variables}
    for index, text in enumerate(block.terms):
        if text != CONSTANT and not multiplied.intersection(parsed[text].variables):
            yield index


def _effect(estimates: Estimates, block: Block, index: int, shares: Array) -> tuple[float, Array]:
    if np.isin(block.columns[:, index], (0.0, 1.0)).all():
        return _change(estimates.params, block, index, shares)
    return _slope(estimates.params, block.columns, index, shares)


def _change(params: Array, block: Block, index: int, shares: Array) -> tuple[float, Array]:
    category = [other for other, text in enumerate(block.terms) if text == block.terms[index]]
    without = block.columns @ params - block.columns[:, category] @ params[category]
    at_zero, at_one = expit(without), expit(without + params[index])
    steep_at_zero, steep_at_one = shares * at_zero * (1 - at_zero), shares * at_one * (1 - at_one)
    gradient = (steep_at_one - steep_at_zero) @ block.columns
    gradient[category] = 0.0
    gradient[index] = steep_at_one.sum()
    return float(shares @ (at_one - at_zero)), gradient


def _slope(params: Array, design: Array, index: int, shares: Array) -> tuple[float, Array]:
    probability = expit(design @ params)
    steepness = probability * (1 - probability)
    gradient = params[index] * ((shares * steepness * (1 - 2 * probability)) @ design)
    gradient[index] += shares @ steepness
    return float(params[index] * (shares @ steepness)), gradient
