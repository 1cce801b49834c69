"""The account of the truth that lies beside the raw files: parameters, what was solved for, what models and
estimates should find, every injected error.
"""

from typing import Any

import numpy as np
import pandas as pd
import yaml
from scipy.special import ndtr

from innosurvey.synthetic.files import FIRST_DATA_ROW, FIRST_REGISTER_ROW
from innosurvey.synthetic.innovation import PRODUCT_SIDE
from innosurvey.synthetic.truth import Truth
from innosurvey.synthetic.world import World

ABOUT = """\
Known truth of the synthetic Seoul survey: no firm in these files exists.
The windows are 2016-2018, 2018-2020 and 2020-2022. Registration numbers begin with 0, which no tax office has.
Register events are dated so that each falls into one window only.
`factors` multiply the effects and the controls of adoption in `parameters`; `solved` are intercepts that give the
target shares; `implied` is what models should find, apart from sampling; `population` is what weighted estimates
should find (`certified`: venture or Inno-Biz); `errors` lists every injected error (row: as a person counts in the
raw file; the first case is 1 in SPSS).
"""
ON_PRODUCTIVITY = ("product", "process", "nontechnical", "technical_x_nontechnical")
EXCLUSIONS = {
    "selection only": "barrier_demand (importance, linear)",
    "not in innovation, not in productivity": "emp_tertiary_pct, barrier_demand",
    "not in productivity": "certified, support_rnd_grant, emp_tertiary_pct, barrier_demand",
    "in process innovation only": "dept_coordination",
    "in productivity": "log employees, log tangible assets per employee, industry group, year",
}


def account(world: World, firms: int) -> bytes:
    """Return truth.yaml."""
    content = {
        "seed": world.seed,
        "firms": firms,
        "scenario": world.truth.scenario,
        "factors": {"effects": world.truth.effects, "adoption": world.truth.adoption},
        "solved": world.innovation.intercepts,
        "implied": implied(world),
        "population": population_values(world.frame),
        "errors": errors(world),
        "parameters": world.truth.parameters,
    }
    return _yaml(_plain(content)).encode()


def implied(world: World) -> dict[str, Any]:
    """Return what correctly specified models should find: coefficients, and average effects over the frame."""
    truth = world.truth
    fitted = {name: _index(world, name) for name in ("product", "process")}
    productivity = truth.equation("productivity").coefficients
    correlations, intensity = truth["shocks"]["correlations"], truth["equations"]["intensity"]
    return {
        "heckman": {"rho": correlations["selection-intensity"], "sigma": intensity["sigma"]},
        "probit_on_fitted_log_rnd_per_employee": {name: _slope(truth, name) for name in fitted},
        "average_marginal_effect_of_log_rnd_per_employee": {
            name: _slope(truth, name) * float(_density(index).mean()) for name, index in fitted.items()
        },
        "average_effect_of_an_rnd_grant": _grant_effects(world),
        "productivity_on_observed_innovation": {name: productivity[name] for name in ON_PRODUCTIVITY},
        "productivity_on_fitted_probabilities": _slopes_on_probabilities(
            world, {name: ndtr(index) for name, index in fitted.items()}
        ),
        "exclusions": EXCLUSIONS,
    }


def _grant_effects(world: World) -> dict[str, float]:
    """Return what a grant did to those who got one: the share that performs R&D, and log R&D per employee."""
    truth, granted = world.truth, world.frame["support"].to_numpy(dtype=bool)
    lift = truth.equation("selection").coefficients["support"]
    index = _index(world, "selection")[granted]
    return {
        "performs_rnd": float((ndtr(index) - ndtr(index - lift)).mean()),
        "log_rnd_per_employee": truth.equation("intensity").coefficients["support"],
    }


def _index(world: World, name: str) -> np.ndarray:
    """Return the systematic part of a probit index of the frame, in units of its composite error, the latent R&D
    replaced by its expectation.
    """
    truth, panel, solved = world.truth, world.frame, world.innovation.intercepts
    expected = truth.equation("intensity").index(panel) - float(solved["research_centre"])
    intercept = np.where(panel["certified"], solved[name]["certified"], solved[name]["other"])
    return (truth.equation(name).index(panel.assign(research=expected)) + intercept) / _scale(truth, name)


def _scale(truth: Truth, name: str) -> float:
    """Return the spread of the composite error: the equation's own and what the latent R&D brings along."""
    delta = truth.equation(name).coefficients.get("research", 0.0)
    sigma = truth["equations"]["intensity"]["sigma"]
    correlation = truth["shocks"]["correlations"].get(f"intensity-{name}", 0.0)
    return float(np.sqrt(1 + delta**2 * sigma**2 + 2 * delta * sigma * correlation))


def _slope(truth: Truth, name: str) -> float:
    return truth.equation(name).coefficients["research"] / _scale(truth, name)


def _density(index: np.ndarray) -> np.ndarray:
    return np.exp(-(index**2) / 2) / np.sqrt(2 * np.pi)


def _slopes_on_probabilities(world: World, probabilities: dict[str, np.ndarray]) -> dict[str, Any]:
    """Return the slopes of expected log productivity on the true probabilities: both together, and product innovation
    alone.

    They exceed the coefficients on observed innovation by the bonus of innovating in both ways. The error of
    productivity is left out; innovation itself is as drawn.
    """
    frame = world.frame
    controls = [
        "log_employees",
        "log_capital_per_employee",
        "hightech_manufacturing",
        "other_manufacturing",
        "professional",
        "trade_services",
    ]
    years = pd.get_dummies(frame["year"]).to_numpy(dtype=float)
    outcome = (frame["log_productivity"] - frame["productivity_error"]).to_numpy()
    slopes: dict[str, Any] = {}
    for label, names in (("both", ("product", "process")), ("product_alone", ("product",))):
        design = np.column_stack(
            [*(probabilities[name] for name in names), frame[controls].to_numpy(dtype=float), years]
        )
        found = np.linalg.lstsq(design, outcome, rcond=None)[0]
        slopes[label] = {name: float(found[place]) for place, name in enumerate(names)}
    return slopes


def population_values(frame: pd.DataFrame) -> dict[str, Any]:
    """Return true values of the frame by wave, for certified and other firms."""
    yes_no = (
        "active",
        "performs",
        *PRODUCT_SIDE,
        "technical",
        "nontechnical",
        "innovator",
        "cooperation",
        "support",
        "abandoned",
    )
    values: dict[str, Any] = {}
    for year, part in frame.groupby("year"):
        for name, firms in (("certified", part[part["certified"]]), ("other", part[~part["certified"]])):
            entry = {"firms": len(firms), **{f"share_{column}": float(firms[column].mean()) for column in yes_no}}
            entry |= {
                "mean_employees": float(firms["employees"].mean()),
                "mean_sales": float(firms["sales"].mean()),
                "total_rnd": float(firms["rnd"].sum()),
            }
            entry |= {
                "rnd_sales_ratio": float(firms["rnd"].sum() / firms["sales"].sum()),
                "mean_patents": float(firms["patents"].mean()),
            }
            entry |= {"share_goal_attained_of_active": float(1 - firms.loc[firms["active"], "missed"].mean())}
            values.setdefault(str(year), {})[name] = entry
    return values


def errors(world: World) -> dict[str, Any]:
    """Return the injected errors by wave and kind, and the wrong check digits by register: counts, rows and
    variables.
    """
    listed: dict[str, Any] = {}
    for wave, answers in world.waves.items():
        kinds: dict[str, Any] = {}
        for error in answers.injected:
            kind = kinds.setdefault(error.kind, {"count": 0, "cells": []})
            kind["count"] += 1
            kind["cells"].append({"row": error.row + FIRST_DATA_ROW[wave], "variables": list(error.variables)})
        listed[wave] = kinds
    registers = {
        name: {"wrong_check_digit": {"count": len(rows), "rows": [row + FIRST_REGISTER_ROW for row in rows]}}
        for name, rows in world.wrong_keys.items()
    }
    return listed | registers


def _plain(content: Any) -> Any:
    """Return plain Python values, floats at six significant digits."""
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    if isinstance(content, float | np.floating):
        return float(f"{content:.6g}")
    return content.item() if hasattr(content, "item") else content


def _yaml(content: dict[str, Any]) -> str:
    comment = "".join(f"# {line}\n" for line in ABOUT.splitlines())
    return comment + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, default_flow_style=None, width=140)
