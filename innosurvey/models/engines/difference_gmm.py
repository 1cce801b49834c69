"""Difference GMM: persistence, from the changes of a panel and the levels that came before (Arellano and Bond 1991).

Regressors that are lags of the outcome are instrumented by its earlier levels, back to the first wave in which the firm
was seen; endogenous regressors by their own earlier levels, and by the declared instruments (levels of their rows, such
as `lag(x, 2)`); the others are strictly exogenous and instrument themselves. Periods have effects of their own. A firm
is one draw: its scores are summed, so that robust errors are those clustered by firm.
"""

from dataclasses import dataclass, replace

import numpy as np

from innosurvey.distributions import chi_squared_test, normal_test
from innosurvey.models.arrays import Array, Codes
from innosurvey.models.engines.transformed import left_by, panel_of
from innosurvey.models.estimates import Estimates, NotEstimated, Test
from innosurvey.models.kernels import difference_gmm as kernel
from innosurvey.models.kernels.calendar import rows_before
from innosurvey.models.matrix import CONSTANT, Block
from innosurvey.models.sample import Sample

_FARTHEST = 10**6
_DEFAULT_LAGS = (2, None)
_KEYS = ("firm_id", "wave", "period", "outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """The equation in differences, the names of its slopes (period effects follow them), the rows that it stands on,
    and the sample's firms.
    """

    data: kernel.Differences
    names: tuple[str, ...]
    later: Codes
    notes: tuple[str, ...]


def fit_difference_gmm(sample: Sample) -> Estimates:
    """Return one- or two-step difference GMM with Sargan's and Hansen's tests and those of serial correlation.

    Classical errors are those of the papers: of one step under equal variances, of two steps as if the weight were
    known (too small). Robust and clustered errors of two steps have Windmeijer's (2005) correction: its scores take
    both steps' moments at the residuals of the first. NotEstimated without two changes in a row, without instruments,
    or with fewer instruments than slopes.
    """
    problem = _problem(sample)
    first = kernel.one_step(problem.data)
    second = kernel.two_step(problem.data, first)
    step = first if sample.options.get("steps") == "one" else second
    tests, notes = _tests(problem, (first, second), step)
    k = len(problem.names)
    information = np.linalg.inv(step.bread[:k, :k])
    scores = np.zeros((len(sample.outcome), k))
    _, last = np.unique(problem.data.firms[::-1], return_index=True)
    rows = problem.later[len(problem.later) - 1 - last]
    scores[rows] = step.influence[:, :k] @ information
    used = np.zeros(len(sample.outcome), dtype=bool)
    used[problem.later] = True
    return Estimates(
        terms=problem.names,
        params=step.params[:k],
        scores=scores,
        information=information,
        design=problem.data.design,
        linear=False,
        loglik=float("nan"),
        r2=float("nan"),
        warnings=problem.notes + notes,
        engine=f"innosurvey difference GMM, {'one' if step is first else 'two'} step{'' if step is first else 's'}",
        model_based=step.model_based[:k, :k],
        used=used,
        gradient=kernel.summed_scores(problem.data, step)[:k],
        tests=tests,
    )


def _problem(sample: Sample) -> _Problem:
    """Return the equation in differences; NotEstimated where the panel does not support it."""
    firms, periods = panel_of(sample)
    before = rows_before(firms, periods)
    later = np.flatnonzero(before >= 0)
    if not len(later):
        raise NotEstimated("no firm has its regressors in two periods in a row")
    levels = sample.exogenous.take([place for place, name in enumerate(sample.exogenous.names) if name != CONSTANT])
    levels = levels.beside(sample.endogenous)
    changes = replace(levels, columns=levels.columns[later] - levels.columns[before[later]])
    effects = _period_effects(sample, periods[later])
    block, notes = left_by(sample, changes.beside(effects), "from one period to the next", before=levels)
    slopes = [place for place, name in enumerate(block.names) if name in levels.names]
    names = tuple(block.names[place] for place in slopes)
    own = _lags_of_the_outcome(sample, int(periods.max())) | set(sample.endogenous.names)
    exogenous = [place for place, name in enumerate(block.names) if name not in own]
    instruments = np.column_stack(
        [
            _earlier_levels(sample, (firms[later], periods[later]), firms),
            sample.instruments.columns[later],
            block.columns[:, exogenous],
        ]
    )
    data = kernel.Differences(
        outcome=sample.outcome[later] - sample.outcome[before[later]],
        design=block.columns[:, [*slopes, *(place for place in range(len(block.names)) if place not in slopes)]],
        instruments=instruments,
        firms=np.unique(firms[later], return_inverse=True)[1],
        periods=periods[later],
    )
    _fail_if_not_identified(data)
    return _Problem(
        data=data,
        names=names,
        later=later,
        notes=tuple(note for note in notes if not note.startswith("dropped period ")),
    )


def _period_effects(sample: Sample, periods: Codes) -> Block:
    """Return a column of ones for each period of the changes, none if they are not wanted."""
    found = np.unique(periods) if sample.options.get("period_effects", True) else np.empty(0, dtype=np.intp)
    names = tuple(f"period {period}" for period in found)
    return Block(names=names, terms=names, columns=(periods[:, None] == found).astype(float))


def _lags_of_the_outcome(sample: Sample, most: int) -> set[str]:
    """Return how the outcome's lags are called, in a panel of so many periods."""
    if sample.explained is None:
        return set()
    return {replace(sample.explained, lag=sample.explained.lag + lag).name for lag in range(1, most + 1)}


def _earlier_levels(sample: Sample, rows: tuple[Codes, Codes], firms: Codes) -> Array:
    """Return the earlier levels of the outcome, if a lag of it is a regressor, and of the endogenous variables as
    instruments, from all rows of the group in which they are known.
    """
    own = _lags_of_the_outcome(sample, int(sample.periods.max())) & set(sample.exogenous.names)
    windows = {"outcome": sample.options.get("instrument_lags", _DEFAULT_LAGS)} if own else {}
    others = [name for name in sample.history.columns if name not in _KEYS]
    windows |= dict.fromkeys(others, sample.options.get("endogenous_lags", _DEFAULT_LAGS))
    found: list[Array] = [np.empty((len(rows[0]), 0))]
    for name, window in windows.items():
        least, most = (*window, None)[:2]
        lags = (int(least), _FARTHEST if most is None else int(most))
        levels = _levels_of(sample, name, firms)
        found.append(kernel.lagged_levels(levels, rows, lags, bool(sample.options.get("collapse", False))))
        if not found[-1].shape[1]:
            raise NotEstimated("the instruments' lags reach beyond the panel")
    return np.column_stack(found)


def _levels_of(sample: Sample, name: str, firms: Codes) -> Array:
    """Return the levels of a variable of the history (firms, periods), of the firms and up to the last period of the
    sample.
    """
    codes = dict(zip(sample.keys["firm_id"], firms.tolist(), strict=True))
    last = int(sample.periods.max())
    known = sample.history[sample.history["firm_id"].isin(codes) & (sample.history["period"] <= last)]
    levels = np.full((int(firms.max()) + 1, last + 1), np.nan)
    places = known["firm_id"].map(codes).to_numpy(dtype=np.intp)
    levels[places, known["period"].to_numpy(dtype=np.intp)] = known[name].to_numpy(dtype=float)
    return levels


def _fail_if_not_identified(data: kernel.Differences) -> None:
    q, k = data.instruments.shape[1], data.design.shape[1]
    lengths = np.linalg.norm(data.instruments, axis=0), np.linalg.norm(data.design, axis=0)
    cross = data.instruments.T @ data.design / np.outer(*lengths)
    if len(data.outcome) <= k:
        raise NotEstimated("fewer changes than slopes")
    if q < k or np.linalg.matrix_rank(cross) < k:
        raise NotEstimated(f"underidentified: {q} instruments for {k} slopes")


def _tests(
    problem: _Problem, steps: tuple[kernel.Step, kernel.Step], step: kernel.Step
) -> tuple[tuple[Test, ...], tuple[str, ...]]:
    """Return the diagnostics, and the notes on the number of instruments (those of the first step, whose weight no
    number of firms bounds).
    """
    first, second = steps
    data, count = problem.data, kernel.rank_of_instruments(first)
    firms = int(data.firms.max()) + 1
    df = count - data.design.shape[1]
    tests = [Test(name="instruments", statistic=float(count), note=f"{firms} firms")]
    if df > 0:
        variance = float(first.residuals @ first.residuals) / (2 * (len(first.residuals) - len(first.params)))
        pairs = (
            ("Sargan", kernel.overidentification(data, first, variance), "one step; holds under equal variances"),
            ("Hansen", kernel.overidentification(data, second), "two steps; weakened by many instruments"),
        )
        tests += [
            Test(name=f"overidentification: {name}", statistic=value, df=df, p=chi_squared_test(value, df), note=note)
            for name, value, note in pairs
        ]
    tests += [_serial_correlation(data, step, lag) for lag in (1, 2)]
    notes = (f"more instruments ({count}) than firms ({firms})",) if count > firms else ()
    return tuple(tests), notes


def _serial_correlation(data: kernel.Differences, step: kernel.Step, lag: int) -> Test:
    """Return the test of correlation of the changes' errors, as chi-squared: m² with one degree of freedom."""
    m = kernel.serial_correlation(data, step, lag)
    meant = "expected" if lag == 1 else "a small p speaks against instruments of lag 2"
    note = f"m = {m:.3f}; {meant}" if np.isfinite(m) else "no firm is seen long enough"
    p = normal_test(m) if np.isfinite(m) else float("nan")
    return Test(name=f"serial correlation: AR({lag})", statistic=m**2, df=1, p=p, note=note)
