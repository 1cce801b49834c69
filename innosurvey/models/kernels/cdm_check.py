"""The CDM model again under random weights: a check of its stacked standard errors.

The Bayesian bootstrap (Rubin 1981) weighs clusters by exponential draws of mean one instead of drawing them with
replacement, so no category ever drops out. All three stages are fitted under each draw's weights, many draws at once.
"""

import numpy as np

from innosurvey.models.arrays import Array, Codes
from innosurvey.models.kernels.batch import Design, fit_batch, least_squares_batch
from innosurvey.models.kernels.cdm import Chain, Stacked, predicted_rd
from innosurvey.models.kernels.heckman import BOUNDARY_RHO
from innosurvey.models.kernels.index import scalar

# Numbers per array of a batch: what is worked on at once stays near the cache.
_NUMBERS = 100_000


def bootstrap(chain: Chain, found: Stacked, clusters: Codes, draws: int, random: np.random.Generator) -> Array:
    """Return the parameters of the model under each draw's weights (draws × k), in the order of `found`; NaN where a
    stage did not converge or a correlation ran to its bound.
    """
    size = max(1, _NUMBERS // len(chain.rd))
    starts = range(0, draws, size)
    with np.errstate(all="ignore"):  # a draw that runs off gives no finite value, and is left out
        drawn = np.vstack([_batch(chain, found, clusters, min(size, draws - start), random) for start in starts])
    correlations = [found.sizes[0] - 1, *([sum(found.sizes[:2]) - 1] if len(chain.knowledge) == 2 else [])]
    drawn[(np.abs(np.tanh(drawn[:, correlations])) > BOUNDARY_RHO).any(axis=1)] = np.nan
    return drawn


def _batch(chain: Chain, found: Stacked, clusters: Codes, draws: int, random: np.random.Generator) -> Array:
    weights = random.exponential(size=(draws, int(clusters.max()) + 1))[:, clusters]
    near = found.params + np.linalg.solve(found.jacobian, (weights @ found.scores).T).T  # to first order in the weights
    if chain.weights is not None:
        weights = weights * chain.weights
    research_start, innovation_start, _ = np.split(near, np.cumsum(found.sizes)[:-1], axis=1)
    likelihood, shared = chain.research()
    research = fit_batch(likelihood, [Design(shared=design) for design in shared], research_start, weights)
    designs = _innovation_designs(chain, predicted_rd(chain, research))
    innovation = fit_batch(chain.innovation_likelihood(), designs, innovation_start, weights)
    ends = np.cumsum([design.width for design in designs])[:-1]
    parts = np.split(innovation, ends, axis=1)
    index = tuple(design.times(part) for design, part in zip(designs, parts, strict=True))
    chances, _ = chain.innovation(index)
    third = Design(shared=chain.productivity_design, own=np.stack(chances, axis=2))
    return np.hstack([research, innovation, least_squares_batch(chain.productivity, third, weights)])


def _innovation_designs(chain: Chain, rd: Array) -> list[Design]:
    designs = [Design(shared=design, own=rd[:, :, None]) for design in chain.knowledge_designs]
    return [*designs, Design(shared=scalar(len(chain.rd)))] if len(chain.knowledge) == 2 else designs


def ratios(draws: Array, errors: Array) -> Array:
    """Return the spread of the draws that converged over the standard errors (k,)."""
    converged = draws[np.isfinite(draws).all(axis=1)]
    return np.asarray(converged.std(axis=0, ddof=1) / errors)
