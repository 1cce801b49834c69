"""Poisson with fixed effects: the larger effect is concentrated out of the likelihood, the smaller one is dummies.

Hausman, Hall and Griliches (1984). The slopes are those of the conditional likelihood, free of incidental parameters,
and need no more than a mean that is exponential in the regressors (Wooldridge 1999), given errors clustered by firm.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import gammaln

from innosurvey.models.absorb import absorb
from innosurvey.models.arrays import Array, Codes, Mask
from innosurvey.models.engines.transformed import left_by, on_rows
from innosurvey.models.estimates import Estimates, NotEstimated
from innosurvey.models.kernels import fe_poisson
from innosurvey.models.kernels.levels import level_sums
from innosurvey.models.matrix import Block
from innosurvey.models.sample import Sample
from innosurvey.models.separation import separating_columns


def fit_fe_poisson(sample: Sample) -> Estimates:
    """Return the slopes within one or two effects; levels whose outcome is always zero are left out and counted.

    NotEstimated under separation, or if a regressor does not vary within what is left. Classical errors are those of
    maximum likelihood, without any factor.
    """
    used, notes = _telling_rows(sample)
    effects = [np.unique(codes[used], return_inverse=True)[1] for codes in sample.grouping.effects]
    larger, *smaller = sorted(effects, key=lambda codes: int(codes.max()), reverse=True)
    weights = None if sample.weights is None else sample.weights[used]
    part = replace(sample.exogenous, columns=sample.exogenous.columns[used])
    within = replace(part, columns=absorb(part.columns, effects, weights))
    chosen, dropped = left_by(sample, within, f"within {' and '.join(sample.effects)}", before=part)
    block = part.take([part.names.index(name) for name in chosen.names])
    nuisance = [np.eye(int(codes.max()) + 1)[codes][:, 1:] for codes in smaller]
    outcome = sample.outcome[used]
    design = np.column_stack([block.columns, *nuisance])
    lengths = np.linalg.norm(design, axis=0)
    found = fe_poisson.fit(outcome, design / lengths, larger, weights)
    if not found.converged:
        _fail_if_separated(outcome, design, larger, block)
        raise NotEstimated(f"no convergence after {found.iterations} iterations")
    scores, information = _slopes_alone(found, lengths, len(block.names))
    estimates = Estimates(
        terms=block.names,
        params=(found.params / lengths)[: len(block.names)],
        scores=scores,
        information=information,
        design=replace(within, columns=within.columns).take([part.names.index(name) for name in block.names]).columns,
        linear=False,
        loglik=float("nan") if weights is not None else found.loglik,
        r2=float("nan") if weights is not None else 1 - found.loglik / _effects_alone(outcome, larger, nuisance),
        engine="innosurvey FE Poisson",
    )
    return replace(on_rows(estimates, np.flatnonzero(used), len(used)), warnings=notes + dropped)


def _telling_rows(sample: Sample) -> tuple[Mask, tuple[str, ...]]:
    """Return the rows whose levels have an outcome above zero somewhere and are seen twice, and notes on the others."""
    used = np.ones(len(sample.outcome), dtype=bool)
    zeros = [0] * len(sample.effects)
    shrinking = True
    while shrinking and used.any():
        before = int(used.sum())
        for place, codes in enumerate(sample.grouping.effects):
            totals = np.bincount(codes[used], weights=sample.outcome[used], minlength=int(codes.max()) + 1)
            zeros[place] += int(((totals == 0) & (np.bincount(codes[used], minlength=len(totals)) > 0)).sum())
            used &= totals[codes] > 0
            used &= np.bincount(codes[used], minlength=len(totals))[codes] > 1
        shrinking = int(used.sum()) < before
    if not used.any():
        raise NotEstimated("no level of the fixed effects has two rows and an outcome above zero")
    notes = [
        f"{count} levels of {name} left out: the outcome is always zero"
        for name, count in zip(sample.effects, zeros, strict=True)
        if count
    ]
    return used, tuple(notes)


def _fail_if_separated(outcome: Array, design: Array, effect: Codes, block: Block) -> None:
    """NotEstimated if some combination of columns foretells zeros within the levels of the effect.

    A level's effect is free to take up what its first row above zero has, so the other rows are measured from there
    (Correia, Guimarães and Zylkin 2019).
    """
    above = np.flatnonzero(outcome > 0)
    levels, first = np.unique(effect[above], return_index=True)
    origin = np.zeros(int(effect.max()) + 1, dtype=np.intp)
    origin[levels] = above[first]
    columns = design - design[origin[effect]]
    moving = np.flatnonzero(np.abs(columns).any(axis=0))
    never = np.zeros(len(outcome), dtype=bool)
    found = [int(moving[place]) for place in separating_columns(columns[:, moving], outcome == 0, never)]
    names = [block.names[place] for place in found if place < len(block.names)]
    if found:
        raise NotEstimated(f"separation by {', '.join(names) or 'the fixed effects'}")


def _slopes_alone(found: fe_poisson.FePoisson, lengths: Array, count: int) -> tuple[Array, Array]:
    """Return scores and information of the first `count` parameters in their own units, those of the dummies being
    concentrated out: the covariance of the slopes is unchanged.
    """
    scores, information = found.scores * lengths, found.information * np.outer(lengths, lengths)
    if count == len(lengths):
        return scores, information
    across = np.linalg.solve(information[count:, count:], information[count:, :count])
    return (
        scores[:, :count] - scores[:, count:] @ across,
        information[:count, :count] - information[:count, count:] @ across,
    )


def _effects_alone(outcome: Array, effect: Codes, nuisance: Sequence[Array]) -> float:
    """Return the log-likelihood without the regressors."""
    if nuisance:
        return fe_poisson.fit(outcome, np.column_stack(nuisance), effect).loglik
    means = (level_sums(outcome, effect) / np.bincount(effect))[effect]
    return float(outcome @ np.log(means) - means.sum() - gammaln(outcome + 1).sum())
