"""Effects of support that begins in different waves, by differences in differences (Callaway and Sant'Anna 2021).

Firms belong to the wave in which they are first seen with support. The influence of a firm on the estimates stands at
its first row, and is zero at its others: standard errors are by firm, whether clustered or not.
"""

import numpy as np
import pandas as pd

from innosurvey.distributions import chi_squared_test
from innosurvey.models.arrays import Array, Codes, Mask
from innosurvey.models.engines.comparison import TREATMENT
from innosurvey.models.estimates import Estimates, NotEstimated, Test
from innosurvey.models.kernels import staggered
from innosurvey.models.kernels.staggered import Cell, Missing, Panel
from innosurvey.models.sample import Sample

_NAN = float("nan")
_FEW_TREATED = 30


def fit_did(sample: Sample) -> Estimates:
    """Return the effect on the firms that get support: on average over them, and by waves since their first.

    NotEstimated if no wave has firms before and after their first support and firms without to compare them with.
    """
    firms = pd.factorize(sample.keys["firm_id"])[0]
    present, waves = np.unique(sample.periods, return_inverse=True)
    panel, notes = _panel(sample, firms, waves)
    names = [str(sample.keys["wave"].to_numpy()[waves == wave][0]) for wave in range(len(present))]
    cells, missing = staggered.group_time_effects(panel, sample.options["compare_with"])
    if not any(cell.since >= 0 for cell in cells):
        raise NotEstimated(_why_none(missing))
    since = staggered.average_by_time_since(cells, panel)
    effects = [staggered.average_over_groups(cells, panel), *since.values()]
    scores = np.zeros((len(firms), len(effects)))
    scores[_first_rows(firms, waves)] = np.column_stack([effect.influence for effect in effects])
    return Estimates(
        terms=("att", *(f"att[t{periods:+d}]" for periods in since)),
        params=np.array([effect.size for effect in effects]),
        scores=scores,
        information=np.eye(len(effects)),
        design=sample.equations[TREATMENT].exogenous.columns,
        linear=False,
        loglik=_NAN,
        r2=_NAN,
        warnings=(*notes, *_gaps(missing, names)),
        engine="innosurvey DiD",
        tests=(*_before(cells), *_groups(panel, names)),
    )


def _panel(sample: Sample, firms: Codes, waves: Codes) -> tuple[Panel, tuple[str, ...]]:
    """Return firms by waves, and notes on firms whose treatment is not what the method takes it for."""
    equation = sample.equations[TREATMENT]
    shape = (int(firms.max()) + 1, int(waves.max()) + 1)
    outcome, treatment = np.full(shape, np.nan), np.full(shape, np.nan)
    covariates = np.full((*shape, equation.exogenous.columns.shape[1]), np.nan)
    outcome[firms, waves] = sample.outcome
    treatment[firms, waves] = equation.outcome
    covariates[firms, waves] = equation.exogenous.columns
    weights = np.ones(len(firms)) if sample.weights is None else sample.weights
    seen = np.isfinite(treatment)
    mean_weights = np.bincount(firms, weights) / seen.sum(axis=1)
    ever = (treatment == 1).any(axis=1)
    first = np.where(ever, np.argmax(treatment == 1, axis=1), shape[1])
    at_once = ever & (first == np.argmax(seen, axis=1))
    notes = _notes(treatment, first, at_once)
    first = np.where(at_once, 0, first)
    return Panel(outcome=outcome, covariates=covariates, weights=mean_weights, first=first), notes


def _notes(treatment: Array, first: Codes, at_once: Mask) -> tuple[str, ...]:
    after = np.arange(treatment.shape[1]) > first[:, None]
    leaving = int(((treatment == 0) & after)[~at_once].any(axis=1).sum())
    starting = ~at_once & (first < treatment.shape[1])
    unseen = starting & np.isnan(treatment[np.arange(len(first)), first - 1])
    counts = {
        "firms are treated when first seen and take no part": int(at_once.sum()),
        "firms leave treatment and count as treated from their first wave of it": leaving,
        "treated firms were not seen in the wave before and take no part": int(unseen.sum()),
    }
    notes = [f"{count} {what}" for what, count in counts.items() if count]
    if (starting & ~unseen).sum() < _FEW_TREATED:
        notes.append(f"fewer than {_FEW_TREATED} treated firms")
    return tuple(notes)


def _first_rows(firms: Codes, waves: Codes) -> Codes:
    """Return the row of each firm's first wave, in the order of the firms' codes."""
    order = np.lexsort((waves, firms))
    return np.asarray(order[np.r_[True, np.diff(firms[order]) > 0]])


def _why_none(missing: list[Missing]) -> str:
    reasons = dict.fromkeys(gap.reason for gap in missing if gap.period >= gap.first)
    return "; ".join(reasons) or "no firm is seen before and after its first treatment"


def _gaps(missing: list[Missing], names: list[str]) -> tuple[str, ...]:
    return tuple(
        f"no effect in {names[gap.period]} on firms first treated in {names[gap.first]}: {gap.reason}"
        for gap in missing
    )


def _before(cells: list[Cell]) -> tuple[Test, ...]:
    statistic, df = staggered.no_effect_before(cells)
    if df == 0:
        return ()
    p = chi_squared_test(statistic, df)
    note = "of the firms treated later, against those compared with"
    return (Test(name="no effect before treatment", statistic=statistic, df=float(df), p=p, note=note),)


def _groups(panel: Panel, names: list[str]) -> tuple[Test, ...]:
    counts = [(f"firms first treated in {name}", int((panel.first == wave).sum())) for wave, name in enumerate(names)]
    counts = [*counts[1:], ("firms never treated", int((panel.first >= panel.periods).sum()))]
    return tuple(Test(name=name, statistic=float(count)) for name, count in counts if count)
