"""Truths made for one kind of model each, where the synthetic survey has none of that kind: errors that are logistic,
counts that are negative binomial, a regressor that answers to the error.

Each truth is one short function from random numbers to firms, beside the models that are right about it. All share the
slopes of `x` (a number) and `d` (yes or no), unless an estimator asks for more.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from coverage_models_case import Case, judged
from scipy.special import expit
from scipy.stats import nbinom

Random = np.random.Generator
FIRMS = 1500
CONSTANT, SLOPES = 0.3, {"x": 0.5, "d": -0.4}
BOTH = {"const": CONSTANT, **SLOPES}
RIGHT_HAND = {"outcome": "y", "regressors": list(SLOPES)}
CUTS = {"cut[none|low]": -0.6, "cut[low|medium]": 0.5, "cut[medium|high]": 1.4}
CHOICE = {"clients": {"const": 0.2, "x": 0.5, "d": -0.4}, "universities": {"const": -0.5, "x": -0.3, "d": 0.6}}
SPREAD, ALPHA = 0.8, 0.7
SINCE = (0.3, 0.5, 0.7)
HISTORY = {"log(presample_mean)": 0.6, "presample_zero": -0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Firms drawn from random numbers, and the models that are judged on them."""

    drawn: Callable[[Random], pd.DataFrame]
    cases: Mapping[str, Case]


def results(seed: int, names: Iterable[str]) -> pd.DataFrame:
    """Return what one sample of each truth says of those of its models that are named."""
    wanted = set(names)
    parts = []
    for name, truth in TRUTHS.items():
        cases = {case: entry for case, entry in truth.cases.items() if case in wanted}
        if cases:
            parts.append(judged(cases, truth.drawn(np.random.default_rng([seed, zlib.crc32(name.encode())]))))
    return pd.concat(parts) if parts else pd.DataFrame()


def firms_in(random: Random, *waves: str) -> pd.DataFrame:
    """Return firms in each of the waves, with `x`, `d` and the index that they make."""
    rows = FIRMS * len(waves)
    firms = pd.DataFrame(
        {
            "firm_id": np.repeat([f"F{number:05d}" for number in range(FIRMS)], len(waves)),
            "wave": np.tile(waves, FIRMS),
            "group": "all",
            "x": random.standard_normal(rows),
            "d": random.random(rows) < 0.4,
        }
    )
    return firms.assign(index=CONSTANT + sum(slope * firms[name] for name, slope in SLOPES.items()))


def logistic(random: Random) -> pd.DataFrame:
    """A yes/no outcome with a logistic error."""
    firms = firms_in(random, "2022")
    return firms.assign(y=random.random(FIRMS) < expit(firms["index"]))


def share(random: Random) -> pd.DataFrame:
    """A share, beta-distributed about a logistic mean."""
    firms = firms_in(random, "2022")
    mean = expit(firms["index"])
    return firms.assign(y=random.beta(4 * mean, 4 * (1 - mean)))


def graded(random: Random) -> pd.DataFrame:
    """Grades of one latent score, whose error is normal in `y` and logistic in `z`."""
    firms = firms_in(random, "2022")
    grades = ["none", "low", "medium", "high"]

    def cut(error: np.ndarray) -> pd.Categorical:
        place = np.searchsorted(list(CUTS.values()), firms["index"] - CONSTANT + error)
        return pd.Categorical.from_codes(place, categories=grades, ordered=True)

    return firms.assign(y=cut(random.standard_normal(FIRMS)), z=cut(random.logistic(size=FIRMS)))


def chosen(random: Random) -> pd.DataFrame:
    """One of three partners, each with a Gumbel error: the first is the base."""
    firms = firms_in(random, "2022").assign(const=1.0)
    values = [sum(slope * firms[name] for name, slope in slopes.items()) for slopes in CHOICE.values()]
    gains = np.column_stack([np.zeros(FIRMS), *values]) + random.gumbel(size=(FIRMS, 1 + len(CHOICE)))
    return firms.assign(y=pd.Categorical.from_codes(gains.argmax(axis=1), categories=["suppliers", *CHOICE]))


def censored(random: Random) -> pd.DataFrame:
    """A normal outcome of which nothing below zero is seen."""
    firms = firms_in(random, "2022")
    return firms.assign(y=(firms["index"] + SPREAD * random.standard_normal(FIRMS)).clip(lower=0))


def amounts(random: Random) -> pd.DataFrame:
    """A log-normal amount of those who have any, which is another decision."""
    firms = firms_in(random, "2022")
    any_at_all = random.random(FIRMS) < expit(firms["index"])
    return firms.assign(y=any_at_all * np.exp(firms["index"] + SPREAD * random.standard_normal(FIRMS)))


def counted(random: Random) -> pd.DataFrame:
    """A count with a gamma effect of the firm: NB2."""
    firms = firms_in(random, "2022")
    return firms.assign(y=random.poisson(random.gamma(1 / ALPHA, ALPHA * np.exp(firms["index"]))))


def hurdled(random: Random) -> pd.DataFrame:
    """A count whose zeros are another decision, and NB2 above zero: drawn by its quantiles beyond that of zero."""
    firms = firms_in(random, "2022")
    chance = 1 / (1 + ALPHA * np.exp(firms["index"]))
    none = nbinom.cdf(0, 1 / ALPHA, chance)
    above = nbinom.ppf(none + (1 - none) * random.random(FIRMS), 1 / ALPHA, chance)
    return firms.assign(y=np.where(random.random(FIRMS) < expit(firms["index"]), above, 0))


def endogenous(random: Random) -> pd.DataFrame:
    """R&D that answers to the error of the outcome, which has another variance for each value of an instrument."""
    firms = firms_in(random, "2022")
    subsidy, distance, own = random.standard_normal((3, FIRMS))
    error = (0.6 * own + 0.8 * random.standard_normal(FIRMS)) * (0.6 + 0.4 * np.abs(subsidy))
    rd = 0.4 * subsidy + 0.3 * distance + 0.3 * firms["x"] + own
    return firms.assign(subsidy=subsidy, distance=distance, rd=rd, y=0.5 * rd + firms["index"] + error)


def lasting(random: Random) -> pd.DataFrame:
    """Counts of three waves whose rate goes on from the firm's mean count in the first two."""
    firms = firms_in(random, "2016", "2018", "2020", "2022")
    before = firms["wave"].isin(["2016", "2018"])
    effect = np.repeat(0.8 * random.standard_normal(FIRMS), 4)
    counts = pd.Series(random.poisson(np.exp(effect)), index=firms.index)
    mean = counts.where(before).groupby(firms["firm_id"]).transform("mean").to_numpy()
    slope, nothing = HISTORY.values()
    rate = np.exp(firms["index"] + np.where(mean > 0, slope * np.log(np.where(mean > 0, mean, 1)), nothing))
    return firms.assign(y=np.where(before, counts, random.poisson(rate)))


def staggered(random: Random) -> pd.DataFrame:
    """Support that begins in 2018 or 2020, for a quarter of the firms each, and does more from wave to wave. Firms that
    get it are better to begin with.
    """
    firms = firms_in(random, "2016", "2018", "2020", "2022")
    first = np.repeat(random.choice([1, 2, 4], FIRMS, p=[0.25, 0.25, 0.5]), 4)
    since = np.tile(np.arange(4), FIRMS) - first
    level = np.repeat(random.standard_normal(FIRMS), 4) + 0.5 * (first < 4) + 0.1 * np.tile(np.arange(4), FIRMS)
    gain = np.where(since >= 0, np.array(SINCE)[np.clip(since, 0, 2)], 0.0)
    return firms.assign(support=since >= 0, y=level + gain + random.standard_normal(len(firms)))


def _one(estimator: str, truth: Mapping[str, float], **declared: object) -> dict[str, Case]:
    return {estimator: Case(declared={"estimator": estimator, **RIGHT_HAND, **declared}, truth=truth)}


def _participation(truth: Mapping[str, float]) -> dict[str, float]:
    return {**BOTH, **{f"participation/{name}": value for name, value in BOTH.items()}, **truth}


def _instrumented(estimator: str) -> dict[str, Case]:
    instruments = {"endogenous": ["rd"], "instruments": ["subsidy", "distance"]}
    return _one(estimator, {"rd": 0.5, **BOTH}, **instruments)


TRUTHS: Mapping[str, Simulated] = {
    "logistic": Simulated(drawn=logistic, cases=_one("logit", BOTH)),
    "share": Simulated(drawn=share, cases=_one("fractional_logit", BOTH)),
    "graded": Simulated(
        drawn=graded,
        cases={
            **_one("ordered_probit", {**SLOPES, **CUTS}),
            **_one("ordered_logit", {**SLOPES, **CUTS}, outcome="z"),
        },
    ),
    "chosen": Simulated(
        drawn=chosen,
        cases=_one(
            "multinomial_logit",
            {f"{level}/{name}": slope for level, slopes in CHOICE.items() for name, slope in slopes.items()},
        ),
    ),
    "censored": Simulated(drawn=censored, cases=_one("tobit", {**BOTH, "sigma": SPREAD})),
    "amounts": Simulated(
        drawn=amounts, cases=_one("two_part", _participation({"smearing": float(np.exp(SPREAD**2 / 2))}))
    ),
    "counted": Simulated(drawn=counted, cases=_one("nb2", {**BOTH, "alpha": ALPHA})),
    "hurdled": Simulated(drawn=hurdled, cases=_one("nb_hurdle", _participation({"alpha": ALPHA}))),
    "endogenous": Simulated(
        drawn=endogenous,
        cases={**_instrumented("iv2sls"), **_instrumented("liml"), **_instrumented("iv_gmm")},
    ),
    "lasting": Simulated(
        drawn=lasting, cases=_one("presample_poisson", {**BOTH, **HISTORY}, presample={"before": "2020"})
    ),
    "staggered": Simulated(
        drawn=staggered,
        cases={
            "did": Case(
                declared={"estimator": "did", "outcome": "y", "treatment": "support"},
                truth={
                    "att": (np.mean(SINCE) + np.mean(SINCE[:2])) / 2,
                    "att[t-1]": 0.0,
                    **{f"att[t+{since}]": gain for since, gain in enumerate(SINCE)},
                },
            )
        },
    ),
}
