"""Running a batch: fits in, tidy tables out.

A script needs one call:

    with step(snakemake):
        firms = tables.read("slice", snakemake.input.firms)
        results = fit_all(snakemake.params.items, firms)
        tables.write("fits", results.fits, snakemake.output.fits)
        …

A model that can't be estimated leaves a row in `fits` with `status: not estimated: <reason>` and none in
`coefficients`. Only what is wrong for every group, such as an expression that compares a number with a word, stops the
run as a StudyError.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from innosurvey import draws
from innosurvey.kept import Kept
from innosurvey.lags import add_lags
from innosurvey.models.coefficients import coefficient_rows
from innosurvey.models.collinearity import condition_number
from innosurvey.models.complementarity import complementarity_tests
from innosurvey.models.covariance import Covariance, covariance_of
from innosurvey.models.draws import SCALE, combined_coefficients, combined_fits
from innosurvey.models.engines import engine_of
from innosurvey.models.estimates import Balance, Estimates, Judgement, NotEstimated, Test
from innosurvey.models.flags import numerical_flags
from innosurvey.models.margins import EFFECT, Effects, marginal_effects
from innosurvey.models.plan import PlanItem, columns_needed
from innosurvey.models.rows import Selection, Step, select_rows
from innosurvey.models.sample import Sample, build_sample
from innosurvey.models.spec import ModelSpec
from innosurvey.models.wald import HYPOTHESIS, combined, wald_test
from innosurvey.models.wild import bootstrapped

FIT_COLUMNS = (
    "model", "family", "cohort", "group", "estimator", "outcome", "n", "n_firms", "n_clusters", "vcov", "small_sample",
    "r2", "loglik", "engine", "sample_hash", "status", "warnings", "converged", "gradient_norm", "condition_number",
)  # fmt: skip
COEFFICIENT_COLUMNS = (
    "model", "cohort", "group", "outcome", "term", "estimate", "se", "df", "statistic", "p", "lower", "upper",
)  # fmt: skip
WATERFALL_COLUMNS = ("model", "cohort", "group", "step", "reason", "rows", "firms")
DIAGNOSTIC_COLUMNS = ("model", "cohort", "group", "name", "statistic", "df", "df2", "p", "note")
BALANCE_COLUMNS = (
    "model", "cohort", "group", "covariate", "treated", "control", "control_weighted", "difference",
    "difference_weighted",
)  # fmt: skip
OK = "ok"
_TYPES = {"n": "Int64", "n_firms": "Int64", "n_clusters": "Int64", "converged": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The tables of a batch: a row per fit, per coefficient, per step by which each fit reached its sample, per
    diagnostic or tested hypothesis, and per covariate that a comparison of supported firms should balance.
    """

    fits: pd.DataFrame
    coefficients: pd.DataFrame
    waterfall: pd.DataFrame
    diagnostics: pd.DataFrame
    balance: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One fit: its row, its coefficients' rows, its waterfall, its diagnostics, its balance."""

    row: dict[str, Any]
    coefficients: tuple[dict[str, Any], ...] = ()
    waterfall: tuple[Step, ...] = ()
    diagnostics: tuple[Test, ...] = ()
    balance: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Work:
    """What a fit was made from: its rows, the sample that they make, and what the engine found on it."""

    selection: Selection
    sample: Sample
    estimates: Estimates


def fit_all(items: Iterable[PlanItem], firms: pd.DataFrame, kept: Kept | None = None) -> Results:
    """Return the results of all items, in their order; `firms` is the slice with the groups that they name. Lags that
    the slice does not hold are taken from its own rows.

    The draws of a multiple imputation are fitted one by one and combined; waterfall, diagnostics and balance are the
    first draw's. What `kept` has of the run before is not fitted again.
    """
    kept = kept or Kept()
    planned = list(items)
    firms = add_lags(firms, firms, [name for item in planned for name in item.spec.slice_columns])
    parts = [_fit_all(planned, part, kept) for part in draws.split(firms)]
    fits, coefficients = parts[0].fits, parts[0].coefficients
    if len(parts) > 1:
        fits = combined_fits([part.fits for part in parts])
        confidence = planned[0].spec.covariance.confidence  # of all: it is the design's
        coefficients = combined_coefficients([part.coefficients for part in parts], fits, confidence)
    return replace(parts[0], fits=fits, coefficients=coefficients.drop(columns=SCALE))


def _fit_all(planned: Sequence[PlanItem], firms: pd.DataFrame, kept: Kept) -> Results:
    """Return the results on one completed survey; the coefficients with their scales beside them."""
    groups = firms["group"].astype(str)
    asked_for = set(columns_needed(tuple(planned)))
    fits = []
    for item in planned:
        rows = firms[groups == item.group]
        others = asked_for.difference(columns_needed((item,)))
        fits.append((item, kept.of(partial(fit_one, item, rows), item, rows.drop(columns=others, errors="ignore"))))
    steps = [
        {**_identity(item), "step": number, **asdict(step)}
        for item, fit in fits
        for number, step in enumerate(fit.waterfall, start=1)
    ]
    tests = [{**_identity(item), **asdict(test)} for item, fit in fits for test in fit.diagnostics]
    balance = [{**_identity(item), **asdict(row)} for item, fit in fits for row in fit.balance]
    coefficients = [row for _, fit in fits for row in fit.coefficients]
    return Results(
        fits=pd.DataFrame([fit.row for _, fit in fits], columns=list(FIT_COLUMNS)).astype(_TYPES),
        coefficients=pd.DataFrame(coefficients, columns=[*COEFFICIENT_COLUMNS, SCALE]),
        waterfall=pd.DataFrame(steps, columns=list(WATERFALL_COLUMNS)),
        diagnostics=pd.DataFrame(tests, columns=list(DIAGNOSTIC_COLUMNS)),
        balance=pd.DataFrame(balance, columns=list(BALANCE_COLUMNS)),
    )


def fit_one(item: PlanItem, firms: pd.DataFrame) -> Fit:
    """Return one fit on the rows of its group; never raises for a model that these firms can't support."""
    return fit_and_work(item, firms)[0]


def fit_and_work(item: PlanItem, firms: pd.DataFrame) -> tuple[Fit, Work | None]:
    """Return one fit as `fit_one` does, with what it was made from; that is None where nothing was estimated."""
    try:
        selection = select_rows(item.spec, firms)
    except NotEstimated as obstacle:
        return Fit(row=_row(item, status=f"not estimated: {obstacle.reason}")), None
    counts = _counts(selection.firms)
    try:
        sample = build_sample(item.spec, selection)
        work = Work(selection=selection, sample=sample, estimates=engine_of(item.spec.estimator)(sample))
        return _estimated(item, work, counts), work
    except NotEstimated as obstacle:
        reason = obstacle.reason
    except np.linalg.LinAlgError:
        reason = "the information matrix is singular"
    return Fit(row=_row(item, status=f"not estimated: {reason}", **counts), waterfall=selection.waterfall), None


def sample_hash(keys: pd.DataFrame) -> str:
    """Return twelve hexadecimal digits that tell which firms and waves a fit used; the order of the rows does not
    matter.
    """
    pairs = keys.astype(str).sort_values(["firm_id", "wave"], kind="stable")
    lines = pairs["firm_id"] + "\t" + pairs["wave"]
    return hashlib.sha256("\n".join(lines.to_numpy(dtype=object)).encode()).hexdigest()[:12]


def _estimated(item: PlanItem, work: Work, counts: dict[str, int]) -> Fit:
    spec, sample, estimates = item.spec, work.sample, work.estimates
    covariance = covariance_of(estimates, spec.covariance, sample.grouping, spec.least.df)
    level, df = spec.covariance.confidence, covariance.df
    rows = coefficient_rows(estimates.terms, estimates.params, covariance.matrix, df, level, estimates.scales)
    if spec.covariance.type == "wild":
        rows = bootstrapped(rows, sample, estimates, spec.covariance)
    effects = _effects(spec, estimates, sample, covariance)
    rows += coefficient_rows(effects.names, effects.values, effects.covariance, df, level)
    single, tests, untested = _hypotheses(spec, estimates, covariance)
    condition = condition_number(estimates.design)
    numerical = numerical_flags(sample, estimates, condition)
    notes = (*sample.notes, *estimates.warnings, *covariance.warnings, *numerical, *untested)
    judgement = Judgement() if estimates.judge is None else estimates.judge(spec.covariance)
    row = _row(
        item,
        **(counts if estimates.used is None else _counts(sample.keys[estimates.used])),
        n_clusters=covariance.n_clusters,
        r2=estimates.r2,
        loglik=estimates.loglik,
        engine=estimates.engine,
        sample_hash=sample_hash(sample.keys if estimates.used is None else sample.keys[estimates.used]),
        status=OK,
        warnings="; ".join((*notes, *judgement.warnings)),
        converged=estimates.converged,
        gradient_norm=estimates.gradient_norm,
        condition_number=condition,
    )
    identity = {**_identity(item), "outcome": spec.outcome.text}
    return Fit(
        row=row,
        coefficients=tuple({**identity, **part} for part in (*rows, *single)),
        waterfall=work.selection.waterfall + _unused(spec, sample, estimates),
        diagnostics=(
            *estimates.tests,
            *judgement.tests,
            *_complementarity(spec, estimates, covariance, effects),
            *tests,
        ),
        balance=estimates.balance,
    )


def _complementarity(
    spec: ModelSpec, estimates: Estimates, covariance: Covariance, effects: Effects
) -> tuple[Test, ...]:
    """Return the tests of whether the declared practices add to each other: in the coefficients, and, where a model is
    not linear and predicts one thing, in what it predicts.
    """
    if not spec.complementarity:
        return ()
    practices = spec.complementarity
    tests = complementarity_tests(practices, estimates.terms, estimates.params, covariance.matrix)
    if not effects.names or len(estimates.predicted) > 1:
        return tests
    names = [name.removeprefix(EFFECT) for name in effects.names]
    predicted = complementarity_tests(practices, names, effects.values, effects.covariance)
    return tests + tuple(replace(test, name=f"{test.name} ({EFFECT.rstrip(':')})") for test in predicted)


def _hypotheses(
    spec: ModelSpec, estimates: Estimates, covariance: Covariance
) -> tuple[list[dict[str, Any]], list[Test], tuple[str, ...]]:
    """Return the coefficients' rows of hypotheses of one equation, the tests of all, and notes on those that this fit
    can't test.
    """
    rows, tests, notes = [], [], []
    for hypothesis in spec.hypotheses:
        name = f"{HYPOTHESIS}{hypothesis.name}"
        try:
            tests.append(wald_test(name, hypothesis, estimates, covariance))
        except NotEstimated as obstacle:
            notes.append(obstacle.reason)
            continue
        if len(hypothesis.equations) == 1:
            estimate, variance = combined(hypothesis, estimates, covariance)
            value, matrix, level = np.array([estimate]), np.array([[variance]]), spec.covariance.confidence
            rows += coefficient_rows((name,), value, matrix, covariance.df, level)
    return rows, tests, tuple(notes)


def _effects(spec: ModelSpec, estimates: Estimates, sample: Sample, covariance: Covariance) -> Effects:
    """Return the average marginal effects of a model that is not linear and says what it predicts."""
    if estimates.predict is None or spec.kind.linear:
        return Effects.none(covariance.matrix)
    return marginal_effects(estimates, sample, covariance.matrix)


def _unused(spec: ModelSpec, sample: Sample, estimates: Estimates) -> tuple[Step, ...]:
    """Return the last step of the waterfall where an estimator works on fewer rows: changes, firms, a part of them."""
    if estimates.used is None or estimates.used.all():
        return ()
    return (Step(reason=f"not used by {spec.kind.called}", **_left(sample.keys[estimates.used])),)


def _left(rows: pd.DataFrame) -> dict[str, int]:
    return {"rows": len(rows), "firms": int(rows["firm_id"].nunique())}


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    return {"n": len(rows), "n_firms": rows["firm_id"].nunique()}


def _identity(item: PlanItem) -> dict[str, str]:
    return {"model": item.spec.id, "cohort": item.cohort, "group": item.group}


def _row(item: PlanItem, **found: Any) -> dict[str, Any]:
    """Return the fit's row: what its specification says, and what was found; the rest is empty."""
    spec = item.spec
    return {
        **_identity(item),
        "family": spec.family,
        "estimator": spec.estimator,
        "outcome": spec.outcome.text,
        "vcov": spec.covariance.label,
        "small_sample": spec.covariance.small_sample,
        "n": 0,
        "n_firms": 0,
        "warnings": "",
        **found,
    }
