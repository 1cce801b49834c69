"""Ordered and multinomial choice: outcomes that have levels.

The likelihoods are the package's own (`kernels/ordered.py`, `kernels/multinomial.py`): statsmodels' OrderedModel has
thresholds in increments and numerical derivatives, and neither it nor MNLogit has weights. An ordered logit comes with
the test of Brant (1990) of whether one slope serves all cut points.
"""

from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array, Codes
from innosurvey.models.engines.brant import proportional_odds_test
from innosurvey.models.engines.likelihood import AT_THE_BOUND
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.kernels import multinomial, ordered
from innosurvey.models.kernels.ordered import Tail
from innosurvey.models.matrix import CONSTANT
from innosurvey.models.response import Designs, Moves
from innosurvey.models.sample import FEWEST_FIRMS_PER_LEVEL, Sample
from innosurvey.models.separation import is_pinned, separating_columns
from innosurvey.models.spec import MAIN

_FEWEST_LEVELS = 3
_MOST_LEVELS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the firms chose: codes from 0, all of which occur, their levels, and what to warn of."""

    codes: Codes
    levels: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedChances:
    """The probability of each level, from (b, cut points) and a design that begins with the constant."""

    tail: Tail

    def __call__(self, params: Array, designs: Designs) -> Array:
        """Return the probabilities (n × J)."""
        return ordered.probabilities(params, designs[MAIN][:, 1:], self.tail)

    def moves(self, params: Array, designs: Designs) -> Moves:
        """Return how the probabilities move with the index and with the cut points."""
        first, second = ordered.moves_of(params, designs[MAIN][:, 1:], self.tail)
        return Moves(first=tuple(first), second={(0, place): bend for place, bend in enumerate(second)})


class MultinomialChances:
    """The probability of each level of a multinomial logit."""

    def __call__(self, params: Array, designs: Designs) -> Array:
        """Return the probabilities (n × J)."""
        return multinomial.probabilities(params, designs[MAIN])

    def moves(self, params: Array, designs: Designs) -> Moves:
        """Return how the probabilities move with the index of each level but the base."""
        first, second = multinomial.moves_of(self(params, designs))
        return Moves(first=tuple(first), second=second)


def fit_ordered_logit(sample: Sample) -> Estimates:
    """Return the ordered logit; NotEstimated for too few levels, under separation or without convergence."""
    return _fit_ordered(sample, "logistic")


def fit_ordered_probit(sample: Sample) -> Estimates:
    """Return the ordered probit; NotEstimated for too few levels, under separation or without convergence."""
    return _fit_ordered(sample, "normal")


def fit_multinomial_logit(sample: Sample) -> Estimates:
    """Return the multinomial logit against the first level that firms have; terms `<level>/x`.

    Raises NotEstimated for too few levels, under separation or without convergence.
    """
    chosen = chosen_levels(sample, "a multinomial logit")
    design, weights = sample.exogenous.columns, _weights(sample)
    found = multinomial.fit_multinomial(design, chosen.codes, weights)
    chances = multinomial.probabilities(found.params, design)
    each = np.tile(design, len(chosen.levels) - 1)
    if not found.converged or (chances.min() < AT_THE_BOUND and not is_pinned(each, found.information)):
        _fail_if_multinomial_is_separated(sample, chosen.codes)
    if not found.converged:
        raise NotEstimated("no convergence of the multinomial likelihood")
    whole = sample.weights is None
    return Estimates(
        terms=tuple(f"{level}/{name}" for level in chosen.levels[1:] for name in sample.exogenous.names),
        params=found.params,
        scores=found.scores,
        information=found.information,
        design=design,
        linear=False,
        loglik=found.loglik if whole else float("nan"),
        r2=1 - found.loglik / _loglik_of_shares(chosen.codes) if whole else float("nan"),
        warnings=(*chosen.warnings, f"base level: {chosen.levels[0]}"),
        predict=MultinomialChances(),
        predicted=chosen.levels,
        engine="innosurvey multinomial logit",
    )


def _fit_ordered(sample: Sample, tail: Tail) -> Estimates:
    name = "ordered logit" if tail == "logistic" else "ordered probit"
    chosen = chosen_levels(sample, f"an {name}")
    if sample.exogenous.names[:1] != (CONSTANT,):
        raise NotEstimated(f"an {name} takes no fixed effects")
    design, weights = sample.exogenous.columns[:, 1:], _weights(sample)
    found = ordered.fit_ordered(design, chosen.codes, tail, weights)
    chances = ordered.probabilities(found.params, design, tail)
    slopes = slice(0, design.shape[1])
    if not found.converged or (chances.min() < AT_THE_BOUND and not is_pinned(design, found.information, slopes)):
        _fail_if_ordered_is_separated(sample, chosen.codes)
    if not found.converged:
        raise NotEstimated("no convergence of the ordered likelihood")
    whole = sample.weights is None
    cuts = tuple(f"cut[{low}|{high}]" for low, high in zip(chosen.levels, chosen.levels[1:], strict=False))
    tests, notes = proportional_odds_test(design, chosen.codes) if whole and tail == "logistic" else ((), ())
    return Estimates(
        terms=(*sample.exogenous.names[1:], *cuts),
        params=found.params,
        scores=found.scores,
        information=found.information,
        design=design,
        linear=False,
        loglik=found.loglik if whole else float("nan"),
        r2=1 - found.loglik / _loglik_of_shares(chosen.codes) if whole else float("nan"),
        warnings=chosen.warnings + notes,
        tests=tests,
        predict=OrderedChances(tail=tail),
        predicted=chosen.levels,
        engine=f"innosurvey {name}",
    )


def chosen_levels(sample: Sample, called: str) -> Chosen:
    """Return the outcome as codes, and a warning of levels that few firms have.

    Raises NotEstimated if there are fewer than three levels, where a logit would do, or so many that they are amounts.
    """
    count = len(sample.levels)
    if count < _FEWEST_LEVELS:
        raise NotEstimated(f"the outcome of {called} has {count} levels here; fit a logit or a probit")
    if count > _MOST_LEVELS:
        raise NotEstimated(f"the outcome of {called} has {count} levels, more than {_MOST_LEVELS}")
    codes = sample.outcome.astype(np.intp)
    firms = sample.keys["firm_id"].to_numpy()
    small = [
        level
        for code, level in enumerate(sample.levels)
        if len(np.unique(firms[codes == code])) < FEWEST_FIRMS_PER_LEVEL
    ]
    warnings = (f"fewer than {FEWEST_FIRMS_PER_LEVEL} firms with the outcome {', '.join(small)}",) if small else ()
    return Chosen(codes=codes, levels=sample.levels, warnings=warnings)


def _weights(sample: Sample) -> Array:
    return np.ones(len(sample.outcome)) if sample.weights is None else sample.weights


def _loglik_of_shares(codes: Codes) -> float:
    counts = np.bincount(codes)
    return float(np.sum(counts * np.log(counts / len(codes))))


def _fail_if_ordered_is_separated(sample: Sample, codes: Codes) -> None:
    """NotEstimated if some columns let the edges of all categories move outwards: x'd ≤ the upper edge's move on each
    row, and ≥ the lower's.
    """
    design = sample.exogenous.columns[:, 1:]
    edges = np.eye(int(codes.max()) + 1)
    has_upper, has_lower = codes < codes.max(), codes > 0
    upper = np.hstack([-design, edges[codes][:, :-1]])[has_upper]
    lower = np.hstack([-design, edges[codes][:, 1:]])[has_lower]
    outwards = np.vstack([upper, lower])
    at_upper = np.arange(len(outwards)) < len(upper)
    _fail_if_any(separating_columns(outwards, ~at_upper, at_upper), sample.exogenous.names[1:])


def _fail_if_multinomial_is_separated(sample: Sample, codes: Codes) -> None:
    """NotEstimated if some columns let the chosen category gain on all others (Albert and Anderson 1984)."""
    design = sample.exogenous.columns
    others = int(codes.max())
    indices = np.eye(others + 1)[:, 1:]
    gains = [
        np.kron(indices[code] - indices[other], design[codes == code])
        for code in range(others + 1)
        for other in range(others + 1)
        if other != code
    ]
    outwards = np.vstack(gains)
    always = np.ones(len(outwards), dtype=bool)
    found = separating_columns(outwards, ~always, always)
    columns = dict.fromkeys(index % len(sample.exogenous.names) for index in found)
    _fail_if_any(tuple(columns), sample.exogenous.names)


def _fail_if_any(separating: tuple[int, ...], names: tuple[str, ...]) -> None:
    named = [names[index] for index in separating if index < len(names) and names[index] != CONSTANT]
    if separating:
        raise NotEstimated(f"separation by {', '.join(named)}")
