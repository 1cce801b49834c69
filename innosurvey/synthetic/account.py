"""The account of the truth that lies beside the raw files: parameters, what was solved for, what models and estimates should find, every injected error."""

from typing import Any

import numpy as np
import pandas as pd
import yaml

from innosurvey.synthetic.files import FIRST_DATA_ROW, FIRST_REGISTER_ROW
from innosurvey.synthetic.innovation import PRODUCT_SIDE
from innosurvey.synthetic.world import World

ABOUT = (
    "Known truth of the synthetic Seoul survey: no firm in these files exists. The survey windows are 2016-2018, 2018-2020 and 2020-2022.\n"
    "Registration numbers begin with 0, which no tax office has. Register events are dated so that each falls into one wave's window only.\n"
    "`scenario` multiplies the effects in `parameters` by its factor; `solved` are intercepts; `implied` is what models should find, apart from\n"
    "sampling; `population` is what weighted estimates of the frame should find; `errors` lists every injected error (row: as a person counts)."
)


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
    """Return what correctly specified models should find under this truth."""
    truth = world.truth
    sigma = truth["equations"]["intensity"]["sigma"]
    correlations = truth["shocks"]["correlations"]
    panel = world.frame
    coefficients, effects = {}, {}
    systematic = truth.equation("intensity").index(panel)
    systematic = systematic - panel["log_rnd_per_employee_latent"].to_numpy() + panel["research"].to_numpy() + _intercept(world)
    for name in ("product", "process"):
        equation = truth.equation(name)
        delta = equation.coefficients["research"]
        scale = np.sqrt(1 + delta**2 * sigma**2 + 2 * delta * sigma * correlations[f"intensity-{name}"])
        others = {column: value for column, value in equation.coefficients.items() if column != "research"}
        index = sum((value * panel[column].to_numpy(dtype=float) for column, value in others.items()), np.zeros(len(panel)))
        solved = world.innovation.intercepts[name]
        index = index + np.where(panel["certified"], solved["certified"], solved["other"]) + delta * systematic  # type: ignore[index]
        coefficients[name] = delta / scale
        effects[name] = float((np.exp(-((index / scale) ** 2) / 2) / np.sqrt(2 * np.pi)).mean() * delta / scale)
    productivity = truth.equation("productivity").coefficients
    return {
        "heckman_rho": correlations["selection-intensity"],
        "heckman_sigma": sigma,
        "intensity_on_support": truth.equation("intensity").coefficients["support"],
        "probit_on_fitted_log_rnd_per_employee": coefficients,
        "average_marginal_effect_of_log_rnd_per_employee": effects,
        "productivity_on_observed_innovation": {name: productivity[name] for name in ("product", "process", "nontechnical", "technical_x_nontechnical")},
        "exclusions": {
            "selection_only": "barrier_demand (importance 0-3, linear)",
            "not_in_innovation_or_productivity": "emp_tertiary_pct, barrier_demand",
            "not_in_productivity": "certified, support_rnd_grant, emp_tertiary_pct, dept_coordination (process only), barrier_demand",
            "productivity_controls": "log employees, log tangible assets per employee, industry group, year",
        },
    }


def _intercept(world: World) -> float:
    return float(world.innovation.intercepts["intensity"])  # type: ignore[arg-type]


def population_values(frame: pd.DataFrame) -> dict[str, Any]:
    """Return true values of the frame by wave, for certified and other firms."""
    yes_no = ("active", "performs", *PRODUCT_SIDE, "technical", "nontechnical", "innovator", "cooperation", "support", "abandoned")
    values: dict[str, Any] = {}
    for year, part in frame.groupby("year"):
        for name, firms in (("certified", part[part["certified"]]), ("other", part[~part["certified"]])):
            entry = {"firms": len(firms), **{f"share_{column}": float(firms[column].mean()) for column in yes_no}}
            entry |= {"mean_employees": float(firms["employees"].mean()), "mean_sales": float(firms["sales"].mean()), "total_rnd": float(firms["rnd"].sum())}
            entry |= {"rnd_sales_ratio": float(firms["rnd"].sum() / firms["sales"].sum()), "mean_patents": float(firms["patents"].mean())}
            entry |= {"share_goal_attained_of_active": float(1 - firms.loc[firms["active"], "missed"].mean())}
            values.setdefault(str(year), {})[name] = entry
    return values


def errors(world: World) -> dict[str, Any]:
    """Return the injected errors by wave and kind, and the wrong check digits by register: counts, rows and variables."""
    listed: dict[str, Any] = {}
    for wave, injected in world.injected.items():
        kinds: dict[str, Any] = {}
        for error in injected:
            kind = kinds.setdefault(error.kind, {"count": 0, "cells": []})
            kind["count"] += 1
            kind["cells"].append({"row": error.row + FIRST_DATA_ROW[wave], "variables": list(error.variables)})
        listed[wave] = kinds
    registers = {
        name: {"wrong_check_digit": {"count": len(rows), "rows": [row + FIRST_REGISTER_ROW for row in rows]}} for name, rows in world.wrong_keys.items()
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
