"""The model of Crepon, Duguet and Mairesse (1998) on plain arrays: R&D → innovation → productivity.

1. Heckman's model of doing R&D and of its intensity, by maximum likelihood; r̂ = xb, latent intensity, for all firms.
2. Innovation on r̂: a probit or logit of one outcome (0/1 or a share), or a bivariate probit of two.
3. Productivity on the fitted probabilities of innovation, by least squares.

Each stage's scores depend on the parameters of those before it. Stacked, they are one set of moments with a lower
block-triangular Jacobian J; covariance J⁻¹ S J⁻ᵀ is then right for generated regressors, and by clusters as well (Newey
and McFadden 1994, section 6.1; Murphy and Topel 1985). All derivatives are analytic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.kernels.binary import (
    Link,
    fractional_probit_likelihood,
    logit_likelihood,
    probability,
    probit_likelihood,
)
from innosurvey.models.kernels.biprobit import biprobit_likelihood
from innosurvey.models.kernels.bivariate import cumulative, density
from innosurvey.models.kernels.heckman import heckman_likelihood
from innosurvey.models.kernels.index import Fitted, Likelihood, indexes, scalar, split
from innosurvey.models.kernels.leastsquares import slopes_of
from innosurvey.models.kernels.normal import log_density

Combination = Literal["marginal", "joint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The data of a CDM model on n rows.

    `rd` counts where `selected`; the designs of knowledge and productivity are without what earlier stages fit.
    `knowledge` has one outcome or two. `combination` says whether productivity depends on the probability of each of
    two outcomes, or on those of both, of the first only and of the second only.
    """

    selected: Mask
    rd: Array
    selection_design: Array
    intensity_design: Array
    knowledge: tuple[Array, ...]
    knowledge_designs: tuple[Array, ...]
    link: Link = "probit"
    combination: Combination = "marginal"
    productivity: Array
    productivity_design: Array
    weights: Array | None = None

    def research(self) -> tuple[Likelihood, list[Array]]:
        """Return the likelihood and the designs of the first stage."""
        one = scalar(len(self.rd))
        known = np.where(self.selected, self.rd, 0.0)
        return heckman_likelihood(known, self.selected), [self.selection_design, self.intensity_design, one, one]

    def innovation_likelihood(self) -> Likelihood:
        """Return the likelihood of the second stage."""
        if len(self.knowledge) == 2:
            return biprobit_likelihood(*self.knowledge)
        if self.link == "logit":
            return logit_likelihood(self.knowledge[0])
        whole = np.isin(self.knowledge[0], (0.0, 1.0)).all()
        return (probit_likelihood if whole else fractional_probit_likelihood)(self.knowledge[0])

    def innovation_designs(self, rd: Array) -> list[Array]:
        """Return the designs of the second stage, predicted R&D (n,) first."""
        designs = [np.column_stack([rd, design]) for design in self.knowledge_designs]
        return [*designs, scalar(len(rd))] if len(self.knowledge) == 2 else designs

    def innovation(self, index: tuple[Array, ...]) -> tuple[list[Array], list[list[Array]]]:
        """Return the fitted regressors of the third stage, and the derivatives of each by the indexes of the second."""
        if len(self.knowledge) == 1:
            chance, slope = probability(index[0], self.link)
            return [chance], [[slope]]
        if self.combination == "marginal":
            none = np.zeros(index[0].shape)
            pairs = [probability(part) for part in index[:2]]
            return [pair[0] for pair in pairs], [[pairs[0][1], none, none], [none, pairs[1][1], none]]
        return _joint(index)


def _joint(index: tuple[Array, ...]) -> tuple[list[Array], list[list[Array]]]:
    """Return the probabilities of both outcomes, of the first only and of the second only, and their derivatives."""
    first, second, tau = index
    rho = np.tanh(tau)
    root = np.sqrt(1 - rho**2)
    both = cumulative(first, second, rho)
    tilt = density(first, second, rho) * root**2
    steep = [np.exp(log_density(part)) for part in (first, second)]
    by_first = steep[0] * ndtr((second - rho * first) / root)
    by_second = steep[1] * ndtr((first - rho * second) / root)
    chances = [both, ndtr(first) - both, ndtr(second) - both]
    return chances, [
        [by_first, by_second, tilt],
        [steep[0] - by_first, -by_second, -tilt],
        [-by_first, steep[1] - by_second, -tilt],
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked:
    """All stages: parameters (research γ, b, ln σ, atanh ρ; innovation, each with r̂ first; productivity, fitted
    regressors first), scores (n, k), Jacobian (k, k), how many parameters each stage has, r̂, the columns of the third
    stage and its residuals.
    """

    params: Array
    scores: Array
    jacobian: Array
    sizes: tuple[int, int, int]
    rd: Array
    third: Array
    residuals: Array


def predicted_rd(chain: Chain, research: Array) -> Array:
    """Return latent R&D of all rows, from the parameters of the first stage (last axis)."""
    first = chain.selection_design.shape[1]
    return research[..., first : first + chain.intensity_design.shape[1]] @ chain.intensity_design.T


def stacked(chain: Chain, research: Fitted, innovation: Fitted) -> Stacked:
    """Return all stages, given the fits of the first two; the third is least squares."""
    rd = predicted_rd(chain, research.params)
    designs = chain.innovation_designs(rd)
    chances, slopes = chain.innovation(indexes(designs, innovation.params))
    third = np.column_stack([*chances, chain.productivity_design])
    w = np.ones(len(rd)) if chain.weights is None else chain.weights
    effects = slopes_of(chain.productivity, third, w)
    residuals = chain.productivity - third @ effects
    gains = _gains(designs, innovation.params, len(chain.knowledge))
    by_rd = [np.sum([gain * slope for gain, slope in zip(gains, row, strict=True)], axis=0) for row in slopes]
    second_by_first = np.zeros((len(innovation.params), len(research.params)))
    third_by_first = np.zeros((len(effects), len(research.params)))
    place = slice(chain.selection_design.shape[1], len(research.params) - 2)
    second_by_first[:, place] = _second_by_rd(chain, designs, innovation, gains)
    third_by_first[:, place] = _third_by(third, (effects, w * residuals, w), by_rd, chain.intensity_design)
    third_by_second = np.hstack(
        [
            _third_by(third, (effects, w * residuals, w), [row[handle] for row in slopes], design)
            for handle, design in enumerate(designs)
        ]
    )
    jacobian = _lower_triangular(
        [research.information, innovation.information, third.T @ (third * w[:, None])],
        {(1, 0): second_by_first, (2, 0): third_by_first, (2, 1): third_by_second},
    )
    return Stacked(
        params=np.concatenate([research.params, innovation.params, effects]),
        scores=np.column_stack([research.scores, innovation.scores, third * (w * residuals)[:, None]]),
        jacobian=jacobian,
        sizes=(len(research.params), len(innovation.params), len(effects)),
        rd=rd,
        third=third,
        residuals=residuals,
    )


def _gains(designs: Sequence[Array], innovation: Array, outcomes: int) -> list[float]:
    """Return what each index of the second stage gains from a unit of predicted R&D."""
    parts = split(designs, innovation)
    return [float(part[0]) if place < outcomes else 0.0 for place, part in enumerate(parts)]


def _second_by_rd(chain: Chain, designs: Sequence[Array], innovation: Fitted, gains: Sequence[float]) -> Array:
    """Return minus the derivative of the second stage's summed scores by the coefficients of intensity."""
    pieces = chain.innovation_likelihood()(indexes(designs, innovation.params))
    w = np.ones(len(chain.rd)) if chain.weights is None else chain.weights
    rows = []
    for j, design in enumerate(designs):
        turn = sum(pieces.second[min(j, k), max(j, k)] * gain for k, gain in enumerate(gains))
        block = -(design.T @ (chain.intensity_design * (w * turn)[:, None]))
        if j < len(chain.knowledge):
            block[0] -= (w * pieces.first[j]) @ chain.intensity_design
        rows.append(block)
    return np.vstack(rows)


def _third_by(third: Array, fit: tuple[Array, Array, Array], slopes: Sequence[Array], design: Array) -> Array:
    """Return minus the derivative of the third stage's summed scores by the coefficients of a design, through which
    the fitted regressors move by `slopes`; `fit` are effects, weighted residuals and weights.
    """
    effects, residuals, w = fit
    moved = sum(effect * slope for effect, slope in zip(effects, slopes, strict=False))
    block = third.T @ (design * (w * moved)[:, None])
    for place, slope in enumerate(slopes):
        block[place] -= (residuals * slope) @ design
    return np.asarray(block)


def _lower_triangular(diagonal: Sequence[Array], beneath: dict[tuple[int, int], Array]) -> Array:
    ends = np.cumsum([0, *(len(block) for block in diagonal)])
    whole = np.zeros((ends[-1], ends[-1]))
    for place, block in [((k, k), block) for k, block in enumerate(diagonal)] + list(beneath.items()):
        whole[ends[place[0]] : ends[place[0] + 1], ends[place[1]] : ends[place[1] + 1]] = block
    return whole
