"""What the estimators of effects of support share: who is compared with whom, and how alike they are.

The equation `treatment` says who is treated and which covariates must be alike; the model's own controls are those of
the outcome. Levels that only untreated firms have can't tell what would have become of the treated: for the effect on
the treated these firms are left out. Levels that only treated firms have leave nothing to compare them with.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.models.arrays import Array, Mask
from innosurvey.models.collinearity import redundant_columns
from innosurvey.models.engines.parts import prefixed
from innosurvey.models.estimates import Balance, Estimates, NotEstimated, Test
from innosurvey.models.kernels import overlap
from innosurvey.models.kernels.moments import Moments
from innosurvey.models.kernels.propensity import Propensity, fit_propensity
from innosurvey.models.matrix import Block
from innosurvey.models.sample import Sample
from innosurvey.models.separation import separating_columns

TREATMENT = "treatment"
_FEWEST_FIRMS = 10
_FEW_TREATED = 30
_IMBALANCE = 0.1
_NEAR = 0.01
_OUTSIDE = 0.05
_CERTAIN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Treated and untreated rows: outcome and treatment (n,), the covariates that should be alike (n, q; the constant
    first), the rows' weights in the survey and in the comparison (zero where left out), the effect, and notes.
    """

    outcome: Array
    treated: Mask
    covariates: Block
    surveyed: Array
    weights: Array
    effect: str
    notes: tuple[str, ...] = ()

    @property
    def used(self) -> Mask:
        """The rows that take part."""
        return self.weights > 0


def comparison_of(sample: Sample, everybody: bool = False) -> Comparison:
    """Return who is compared; NotEstimated if an arm is too small or treated firms have no counterpart at all.

    `everybody` leaves nobody out and asks for no counterparts, as where firms are matched one by one.
    """
    equation = sample.equations[TREATMENT]
    treated = equation.outcome == 1
    _fail_if_an_arm_is_small(treated, sample.keys["firm_id"])
    surveyed = np.ones(len(treated)) if sample.weights is None else sample.weights
    effect = sample.options.get("effect", "att")
    notes = _small_arm(treated, sample.keys["firm_id"])
    apart, more = (np.zeros(len(treated), dtype=bool), ()) if everybody else _apart(equation.exogenous, treated, effect)
    kept = _independent(equation.exogenous.columns, ~apart)
    return Comparison(
        outcome=sample.outcome,
        treated=treated,
        covariates=equation.exogenous.take(kept),
        surveyed=surveyed,
        weights=np.where(apart, 0.0, surveyed),
        effect=effect,
        notes=notes + more,
    )


def outcome_columns(sample: Sample, comparison: Comparison) -> Array:
    """Return the columns of the outcome model (n, k; the constant first) that each arm with such a model can tell
    apart.
    """
    columns = sample.exogenous.columns
    arms = [~comparison.treated] if comparison.effect == "att" else [~comparison.treated, comparison.treated]
    kept = set.intersection(*(set(_independent(columns, arm & comparison.used)) for arm in arms))
    return columns[:, sorted(kept)]


def propensity_of(comparison: Comparison, link: str) -> Propensity:
    """Return the propensity; NotEstimated, with their names, if covariates foretell treatment."""
    block, used = comparison.covariates, comparison.used
    try:
        found = fit_propensity(
            comparison.treated, block.columns, comparison.weights, "probit" if link == "probit" else "logit"
        )
    except NotEstimated:
        _fail_if_separated(comparison)
        raise
    distance = np.minimum(found.probability, 1 - found.probability)
    if distance[used].min() < _CERTAIN:
        _fail_if_separated(comparison)
    return found


def _fail_if_separated(comparison: Comparison) -> None:
    block, used = comparison.covariates, comparison.used
    treated = comparison.treated[used]
    columns = separating_columns(block.columns[used], ~treated, treated)
    if columns:
        raise NotEstimated(f"treatment is foretold by {', '.join(block.names[index] for index in columns)}")


def _fail_if_an_arm_is_small(treated: Mask, firms: "pd.Series[str]") -> None:
    for arm, called in ((treated, "treated"), (~treated, "untreated")):
        if firms[arm].nunique() < _FEWEST_FIRMS:
            raise NotEstimated(f"fewer than {_FEWEST_FIRMS} {called} firms")


def _small_arm(treated: Mask, firms: "pd.Series[str]") -> tuple[str, ...]:
    return (f"fewer than {_FEW_TREATED} treated firms",) if firms[treated].nunique() < _FEW_TREATED else ()


def _independent(columns: Array, rows: Mask) -> list[int]:
    redundant = {found.column for found in redundant_columns(columns[rows])}
    return [index for index in range(columns.shape[1]) if index not in redundant]


def _apart(block: Block, treated: Mask, effect: str) -> tuple[Mask, tuple[str, ...]]:
    """Return the rows that are left out because no treated row has their level, and a note on them; NotEstimated
    where that can't be done.
    """
    without = [(name, has) for name, has in _levels(block) if has.any() and not has[~treated].any()]
    if without:
        raise NotEstimated(f"no untreated firm has {', '.join(name for name, _ in without)}")
    alone = [(name, has) for name, has in _levels(block) if has.any() and not has[treated].any()]
    if alone and effect == "ate":
        raise NotEstimated(f"no treated firm has {', '.join(name for name, _ in alone)}")
    apart = np.zeros(len(treated), dtype=bool)
    for _, has in alone:
        apart |= has
    names = ", ".join(name for name, _ in alone)
    return apart, (f"untreated rows left out, for no treated firm has {names}: {apart.sum()}",) if alone else ()


def _levels(block: Block) -> list[tuple[str, Mask]]:
    """Return the levels of the block's categories and 0/1 variables by name, and the rows that have them."""
    found: list[tuple[str, Mask]] = []
    for term in dict.fromkeys(block.terms[1:]):
        indices = [index for index, text in enumerate(block.terms) if text == term]
        columns = block.columns[:, indices]
        if np.isin(columns, (0.0, 1.0)).all():
            found += [(block.names[index], block.columns[:, index] == 1) for index in indices]
            found.append((f"{term} at its base", (columns == 0).all(axis=1)))
    return found


def balance_of(comparison: Comparison, weights: Array) -> tuple[tuple[Balance, ...], tuple[Test, ...], tuple[str, ...]]:
    """Return the balance of each covariate before and after weighting (n,), what is left of imbalance, and the flags
    on it.
    """
    block, rows, ratios = comparison.covariates, [], {}
    for name, column in list(zip(block.names, block.columns.T, strict=True))[1:]:
        means = overlap.balance(column, comparison.treated, comparison.surveyed, weights)
        if np.isnan(means.difference):
            raise NotEstimated(f"treatment is foretold by {name}")
        ratios[name] = means.variance_ratio
        rows.append(
            Balance(
                covariate=name,
                treated=means.treated,
                control=means.controls,
                control_weighted=means.controls_weighted,
                difference=means.difference,
                difference_weighted=means.difference_weighted,
            )
        )
    return tuple(rows), _what_is_left(rows, ratios, weights, comparison), _imbalance(rows)


def effect_of(
    comparison: Comparison,
    found: tuple[tuple[str, ...], Moments],
    weights: Array,
    propensity: Propensity | None,
    told: tuple[str, tuple[Test, ...], tuple[str, ...]],
) -> Estimates:
    """Return the estimates of an effect: the terms and moments that were found, how alike firms are under the weights
    (n,) that it rests on, where propensities lie (of which there may be none), and what the engine, first its name,
    tells before that: tests and warnings.
    """
    (terms, moments), (called, tests, warnings) = found, told
    balance, left, imbalance = balance_of(comparison, weights)
    lies, flags = overlap_of(comparison, propensity.probability) if propensity is not None else ((), ())
    return Estimates(
        terms=terms,
        params=moments.params,
        scores=moments.scores,
        information=moments.jacobian,
        design=comparison.covariates.columns[comparison.used],
        linear=False,
        loglik=float("nan"),
        r2=float("nan"),
        warnings=(*comparison.notes, *warnings, *flags, *imbalance),
        engine=f"innosurvey {called}",
        tests=(*tests, *lies, *left),
        balance=balance,
    )


def propensity_terms(comparison: Comparison) -> tuple[str, ...]:
    """Return the terms of the propensity: `treatment/x`."""
    return prefixed(TREATMENT, comparison.covariates.names)


def _imbalance(rows: list[Balance]) -> tuple[str, ...]:
    left = [row.covariate for row in rows if abs(row.difference_weighted) > _IMBALANCE]
    return (f"standardised difference above {_IMBALANCE} left in {', '.join(left)}",) if left else ()


def _what_is_left(
    rows: list[Balance], ratios: dict[str, float], weights: Array, comparison: Comparison
) -> tuple[Test, ...]:
    arms = {"treated": comparison.treated, "untreated": ~comparison.treated}
    tests = [
        Test(
            name=f"effective number of {called} rows",
            statistic=overlap.effective_size(weights[arm]),
            note=f"of {int((arm & comparison.used).sum())}",
        )
        for called, arm in arms.items()
    ]
    if not rows:
        return tuple(tests)
    for name, of in (("before", "difference"), ("after", "difference_weighted")):
        worst = max(rows, key=lambda row: abs(getattr(row, of)))
        size = abs(getattr(worst, of))
        tests.append(Test(name=f"largest standardised difference {name}", statistic=size, note=worst.covariate))
    uneven = {name: abs(np.log(ratio)) for name, ratio in ratios.items() if ratio > 0}
    if uneven:
        worst_ratio = max(uneven, key=lambda name: uneven[name])
        tests.append(Test(name="ratio of variances farthest from one", statistic=ratios[worst_ratio], note=worst_ratio))
    return tuple(tests)


def overlap_of(comparison: Comparison, probability: Array) -> tuple[tuple[Test, ...], tuple[str, ...]]:
    """Return where the propensities (n,) of both arms lie, and the flags on what they have in common.

    Percentiles and shares, no single firm's propensity.
    """
    used, treated = comparison.used, comparison.treated
    tests = []
    for called, arm in (("treated", treated), ("untreated", ~treated)):
        for percent in (1, 50, 99):
            tests.append(
                Test(
                    name=f"propensity of the {called} (percentile {percent})",
                    statistic=float(np.percentile(probability[arm & used], percent)),
                )
            )
    outside = overlap.outside_common_support(probability[used], treated[used])
    share = float(outside[treated[used]].mean())
    tests.append(Test(name="share of the treated outside common support", statistic=share))
    tests.append(
        Test(name="share of the untreated outside common support", statistic=float(outside[~treated[used]].mean()))
    )
    return tuple(tests), _overlap_flags(comparison, probability, share)


def _overlap_flags(comparison: Comparison, probability: Array, outside: float) -> tuple[str, ...]:
    used, on_all = comparison.used, comparison.effect == "ate"
    near = used & ((probability > 1 - _NEAR) | (on_all & (probability < _NEAR)))
    flags = [f"propensity within {_NEAR} of {'0 or 1' if on_all else '1'}: {near.sum()} rows"] if near.any() else []
    if outside == 1.0:
        flags.append("no overlap of the propensities")
    elif outside > _OUTSIDE:
        flags.append(f"{outside:.0%} of the treated rows outside common support")
    return tuple(flags)
