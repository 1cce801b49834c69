"""A small panel with an outcome of every kind, a model of every estimator on it, and ways in which data come spoilt."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

Declared = Mapping[str, Any]
Spoiling = Callable[[pd.DataFrame, str], Mapping[str, Any]]
"""From the firms and the name of the outcome to the columns that replace the good ones."""

WAVES = ("2014", "2016", "2018", "2020")
_X = ["x", "w"]
_IV: Declared = {"outcome": "y", "regressors": _X, "endogenous": ["e"], "instruments": ["z", "z2"]}
_SELECTED: Declared = {
    "outcome": "seen",
    "regressors": _X,
    "selection": {"outcome": "chosen", "regressors": [*_X, "z"]},
}
_TREATED: Declared = {"outcome": "y", "treatment": "treated", "controls": _X}

MODELS: Mapping[str, Declared] = {
    "ols": {"outcome": "y", "regressors": _X},
    "fe": {"outcome": "y", "regressors": _X, "fixed_effects": ["firm_id", "wave"]},
    "iv2sls": _IV,
    "liml": _IV,
    "iv_gmm": _IV,
    "random_effects": {"outcome": "y", "regressors": _X},
    "mundlak": {"outcome": "y", "regressors": _X},
    "between": {"outcome": "y", "regressors": _X},
    "first_difference": {"outcome": "y", "regressors": _X},
    "difference_gmm": {"outcome": "y", "regressors": ["lag(y)", *_X]},
    "fe_poisson": {"outcome": "count", "regressors": _X, "fixed_effects": ["firm_id"]},
    "presample_poisson": {"outcome": "count", "regressors": _X, "presample": {"before": 2016}},
    "logit": {"outcome": "yes", "regressors": _X},
    "probit": {"outcome": "yes", "regressors": _X},
    "fractional_logit": {"outcome": "share", "regressors": _X},
    "poisson": {"outcome": "count", "regressors": _X},
    "nb2": {"outcome": "count", "regressors": _X},
    "ordered_logit": {"outcome": "level", "regressors": _X},
    "ordered_probit": {"outcome": "level", "regressors": _X},
    "multinomial_logit": {"outcome": "level", "regressors": _X},
    "quantile": {"outcome": "y", "regressors": _X, "quantiles": [0.25, 0.9]},
    "heckman": _SELECTED,
    "heckman_two_step": _SELECTED,
    "tobit": {"outcome": "amount", "regressors": _X},
    "two_part": {"outcome": "amount", "regressors": _X},
    "nb_hurdle": {"outcome": "count", "regressors": _X},
    "biprobit": {"outcome": "yes", "regressors": _X, "second": "yes_too"},
    "cdm": {
        "outcome": "y",
        "regressors": ["w"],
        "selection": {"outcome": "chosen", "regressors": [*_X, "z"]},
        "intensity": {"outcome": "seen", "regressors": _X},
        "knowledge": {"outcome": "yes", "regressors": ["w"]},
    },
    "ipw": _TREATED,
    "aipw": _TREATED,
    "entropy_balancing": _TREATED,
    "matching": _TREATED,
    "did": {"outcome": "y", "treatment": "supported", "controls": ["w"]},
}


def good_firms(n: int = 80) -> pd.DataFrame:
    """Return a seeded panel on which every model of MODELS is estimated."""
    random = np.random.default_rng(1)
    rows = n * len(WAVES)
    own = np.repeat(random.normal(size=n), len(WAVES))
    x, z, z2, w, error = own + random.normal(size=rows), *random.normal(size=(4, rows))
    endogenous = 0.5 * error + z + 0.5 * z2 + random.normal(size=rows)
    latent = 0.5 * x + 0.3 * w
    chosen = latent + z + random.normal(size=rows) > 0
    first = np.repeat(random.integers(1, len(WAVES) + 3, n), len(WAVES))
    levels = ["low", "middle", "high"]
    return pd.DataFrame(
        {
            "firm_id": np.repeat([f"F{number:03d}" for number in range(n)], len(WAVES)),
            "wave": np.tile(WAVES, n),
            "group": "all",
            "weight_final": np.repeat(random.uniform(1, 9, n), len(WAVES)),
            "x": x,
            "w": w,
            "z": z,
            "z2": z2,
            "e": endogenous,
            "y": 1 + latent + 0.3 * endogenous + own + error,
            "yes": (latent + random.logistic(size=rows) > 0).astype(float),
            "yes_too": (latent + random.logistic(size=rows) > 0).astype(float),
            "chosen": chosen.astype(float),
            "seen": np.where(chosen, 1 + latent + error, np.nan),
            "treated": (0.7 * w + random.logistic(size=rows) > 0).astype(float),
            "supported": (np.tile(np.arange(len(WAVES)), n) >= first).astype(float),
            "share": 1 / (1 + np.exp(-latent - random.normal(size=rows))),
            "count": random.poisson(np.exp(latent) * random.gamma(1, 1, rows)).astype(float),
            "amount": np.where(chosen, np.exp(latent + random.normal(size=rows)), 0.0),
            "level": pd.Categorical(
                np.array(levels)[np.digitize(latent + random.logistic(size=rows), [-1, 1])], levels, ordered=True
            ),
        }
    )


def numbers(column: pd.Series) -> pd.Series:
    """Return an outcome as numbers, levels by their codes and 0 where there is none."""
    codes = column.cat.codes if isinstance(column.dtype, pd.CategoricalDtype) else column
    return codes.astype(float).fillna(0.0)


def _outcome(change: Callable[[pd.Series], Any]) -> Spoiling:
    """Return the spoiling of an outcome that is a number."""

    def spoil(firms: pd.DataFrame, outcome: str) -> Mapping[str, Any]:
        column = firms[outcome]
        return {} if isinstance(column.dtype, pd.CategoricalDtype) else {outcome: change(column)}

    return spoil


def _one_huge(column: pd.Series) -> pd.Series:
    return column.where(np.arange(len(column)) != 3, 1e9)


SPOILINGS: Mapping[str, Spoiling] = {
    "nothing is spoilt": lambda firms, _: {},
    "a regressor is infinite on some rows": lambda firms, _: {"x": firms["x"].where(firms["z"] > -1, np.inf)},
    "a regressor is missing": lambda firms, _: {"x": np.nan},
    "a regressor is constant": lambda firms, _: {"x": 1.0},
    "a regressor repeats another": lambda firms, _: {"w": 2 * firms["x"] + 1},
    "a regressor repeats another but for its eighth digit": lambda firms, _: {"w": firms["x"] + 1e-7 * firms["z"]},
    "a regressor is the outcome": lambda firms, outcome: {"x": numbers(firms[outcome])},
    "a regressor tells high from low outcomes": lambda firms, outcome: {
        "x": np.where(numbers(firms[outcome]) > numbers(firms[outcome]).median(), 1.0, -1.0)
    },
    "a regressor belongs to one row": lambda firms, _: {"x": (np.arange(len(firms)) == 7).astype(float)},
    "a regressor lies a billion away from zero": lambda firms, _: {"x": firms["x"] + 1e9},
    "units differ by 24 digits": lambda firms, _: {"x": firms["x"] * 1e12, "w": firms["w"] * 1e-12},
    "a regressor has one value of 1e12": lambda firms, _: {"x": _one_huge(firms["x"]) * 1e3},
    "the outcome is infinite on some rows": _outcome(lambda y: y.where(np.arange(len(y)) % 9 > 0, np.inf)),
    "the outcome is constant": lambda firms, outcome: {outcome: firms[outcome].dropna().iloc[0]},
    "the outcome lies outside its support": _outcome(lambda y: -1.5 * y - 1),
    "the outcome has one value of 1e9": _outcome(_one_huge),
    "the outcome is in another unit": _outcome(lambda y: y * 1e9),
    "the outcome hardly varies": lambda firms, outcome: {
        outcome: firms[outcome].where(np.arange(len(firms)) % 150 == 9, firms[outcome].mode()[0])
    },
    "the instrument is the endogenous term": lambda firms, _: {"z": firms["e"]},
    "the instruments are regressors": lambda firms, _: {"z": firms["x"], "z2": firms["w"]},
    "everybody is chosen": lambda firms, _: {"chosen": 1.0, "treated": 1.0, "supported": 1.0},
    "a regressor decides who is chosen": lambda firms, _: {
        "chosen": (firms["x"] > 0).astype(float),
        "treated": (firms["w"] > 0).astype(float),
    },
    "a regressor is the choice": lambda firms, _: {"w": firms["treated"]},
    "two outcomes are one": lambda firms, _: {"yes_too": firms["yes"]},
    "all weights are zero": lambda firms, _: {"weight_final": 0.0},
    "some weights are infinite": lambda firms, _: {"weight_final": firms["weight_final"].where(firms["w"] > 0, np.inf)},
    "some weights are negative": lambda firms, _: {"weight_final": firms["weight_final"].where(firms["w"] > 0, -1.0)},
    "one row has all the weight": lambda firms, _: {
        "weight_final": np.where(np.arange(len(firms)) == 5, 1e12, firms["weight_final"])
    },
}

ROWS: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "no row": lambda firms: firms.iloc[:0],
    "one row": lambda firms: firms.iloc[:1],
    "two firms": lambda firms: firms.iloc[: 2 * len(WAVES)],
    "six firms in one wave": lambda firms: firms[firms["wave"] == WAVES[-1]].iloc[:6],
    "one wave": lambda firms: firms[firms["wave"] == WAVES[2]],
    "two waves": lambda firms: firms[firms["wave"].isin(WAVES[2:])],
    "firms that are seen once": lambda firms: firms.groupby("firm_id").head(1),
    "firms that stand twice": lambda firms: pd.concat([firms, firms.iloc[:3]]),
}
