"""Whether neighbouring regions resemble each other: Moran's I, by permutations.

With z the values of n regions less their mean and W the neighbours, each row summing to one,

    I = z'Wz / z'z,        E(I) = -1 / (n - 1)  where values lie at random

(Moran 1950; Cliff and Ord 1981, ch. 1). The values are dealt to the regions anew, `permutations` times. Of these and
the observed one, p is the part that is at least as large (`p_greater`: neighbours are alike), or at least as far from
E(I) (`p_two_sided`: alike, or unlike). Values are location quotients, or counts where all firms are counted. A region
that is withheld or has no estimate is taken out, with its part in the weights of its neighbours; so is one that is
left without neighbours. The quotients' sampling error is in the values: it hides likeness and makes none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from innosurvey.estimate import NAN

LEAST = 8
"""With fewer regions no arrangement is rare."""
TIE = 1e-12
"""Values of I that differ by no more are equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moran:
    """Moran's I of so many regions, what is expected of values at random, and the two p-values; NaN where `status` is
    not ok.
    """

    regions: int
    status: str
    index: float = NAN
    expected: float = NAN
    p_greater: float = NAN
    p_two_sided: float = NAN


def weights(neighbours: Mapping[str, Sequence[str]], regions: Sequence[str]) -> np.ndarray:
    """Return the neighbours among these regions as a matrix whose rows sum to one (to zero without a neighbour)."""
    place = {name: number for number, name in enumerate(regions)}
    found = np.zeros((len(regions), len(regions)))
    for name in regions:
        for other in neighbours[name]:
            if other in place:
                found[place[name], place[other]] = 1.0
    sums = found.sum(axis=1, keepdims=True)
    return np.divide(found, sums, out=np.zeros_like(found), where=sums > 0)


def index(values: np.ndarray, weight: np.ndarray) -> float:
    """Return Moran's I; NaN where all values are equal."""
    z = values - values.mean()
    square = float(z @ z)
    return float(z @ weight @ z) / square * values.size / float(weight.sum()) if square > 0 else NAN


def moran(values: Mapping[str, float], neighbours: Mapping[str, Sequence[str]], permutations: int, seed: int) -> Moran:
    """Return Moran's I of the regions that have a value."""
    known = [name for name in neighbours if np.isfinite(values.get(name, NAN))]
    known = [name for name in known if any(other in known for other in neighbours[name])]
    if len(known) < LEAST:
        return Moran(regions=len(known), status="not estimated: fewer than 8 regions with a value and a neighbour")
    weight, observed = weights(neighbours, known), np.array([values[name] for name in known])
    found = index(observed, weight)
    if np.isnan(found):
        return Moran(regions=len(known), status="not estimated: all regions have the same value")
    expected = -1 / (len(known) - 1)
    dealt = _dealt(observed, weight, permutations, seed)
    at_least = np.count_nonzero(dealt >= found - TIE)
    as_far = np.count_nonzero(np.abs(dealt - expected) >= abs(found - expected) - TIE)
    return Moran(
        regions=len(known),
        status="ok",
        index=found,
        expected=expected,
        p_greater=(at_least + 1) / (permutations + 1),
        p_two_sided=(as_far + 1) / (permutations + 1),
    )


def _dealt(values: np.ndarray, weight: np.ndarray, permutations: int, seed: int) -> np.ndarray:
    """Return Moran's I of the values dealt to the regions at random, so many times."""
    chance = np.random.default_rng(seed)
    z = values - values.mean()
    orders = np.argsort(chance.random((permutations, z.size)), axis=1, kind="stable")
    dealt = z[orders]
    return np.einsum("ij,ij->i", dealt @ weight.T, dealt) / float(z @ z) * z.size / float(weight.sum())
