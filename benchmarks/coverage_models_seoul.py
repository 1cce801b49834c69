"""The truth of the synthetic Seoul survey, and the models that are right about it.

What is true of a slope stands in `innosurvey/synthetic/parameters.yaml`; intercepts are solved for in each draw and not
judged; a control whose equation has no such term is judged at zero.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from coverage_models_case import Case, judged
from scipy.special import ndtr

from innosurvey.synthetic.conduct import conduct
from innosurvey.synthetic.innovation import innovate
from innosurvey.synthetic.outputs import yield_outputs
from innosurvey.synthetic.population import make_population
from innosurvey.synthetic.truth import Streams, Truth, load_truth

INDUSTRY = ["hightech_manufacturing", "other_manufacturing", "professional", "trade_services"]
ON_SALES = ["product", "process", "nontechnical", "technical_x_nontechnical"]
CAPITAL = ["log_employees", "log_capital_per_employee"]
PRACTICES = ["technical", "nontechnical"]
LAST = "2022"


def results(seed: int, firms: int, names: Iterable[str] | None = None) -> pd.DataFrame:
    """Return what one sample says of the models that are named, of all if None."""
    truth = load_truth("claimed")
    panel, effects = drawn(truth, seed, firms)
    cases = cases_of(truth, effects)
    return judged({name: case for name, case in cases.items() if names is None or name in names}, panel)


def cases_of(truth: Truth, effects: Mapping[str, float]) -> dict[str, Case]:
    """Return the models by name; `effects` are those of grants in this sample (see `drawn`)."""
    sales = truth.equation("productivity").coefficients
    on_sales = {name: sales[name] for name in (*ON_SALES, *CAPITAL)}
    industries = {name: sales[name] for name in INDUSTRY}
    linear = {"outcome": "log_productivity", "regressors": [*ON_SALES, *CAPITAL], "controls": ["C(wave)"]}
    across = {**linear, "controls": [*INDUSTRY, "C(wave)"]}
    return {
        "ols": Case(declared={"estimator": "ols", **across}, truth={**on_sales, **industries}),
        "random_effects": Case(declared={"estimator": "random_effects", **across}, truth={**on_sales, **industries}),
        "mundlak": Case(declared={"estimator": "mundlak", **linear}, truth=on_sales),
        "fe": Case(
            declared={"estimator": "fe", **linear, "controls": [], "fixed_effects": ["firm_id", "wave"]}, truth=on_sales
        ),
        "first_difference": Case(declared={"estimator": "first_difference", **linear}, truth=on_sales),
        "between": Case(
            declared={"estimator": "between", **across, "covariance": "robust"},
            truth={**on_sales, **industries},
        ),
        "quantile": Case(
            declared={"estimator": "quantile", "quantiles": [0.25, 0.5, 0.75], **across},
            truth={f"{place}/{name}": value for place in ("q25", "q50", "q75") for name, value in on_sales.items()},
        ),
        "difference_gmm": Case(
            declared={
                "estimator": "difference_gmm",
                "outcome": "log_productivity",
                "regressors": ["lag(log_productivity)", *ON_SALES, *CAPITAL],
            },
            truth={"lag(log_productivity)": 0.0, **on_sales},
        ),
        **_selection(truth),
        **_adoption(truth),
        **_counts(truth),
        "complementarity": _complementarity(across, sales),
        **_support(effects),
    }


def _complementarity(across: Mapping[str, Any], sales: Mapping[str, float]) -> Case:
    """Return what both kinds of innovation are worth beyond the sum of each, as the models stage asks it: by their
    exclusive combinations. Product and process innovation have slopes of their own.
    """
    both, first, second = (f"{PRACTICES[0]}_and_{PRACTICES[1]}", *(f"{name}_only" for name in PRACTICES))
    bonus = {"bonus": f"{both} - {first} - {second}"}
    return Case(
        declared={
            "estimator": "ols",
            **across,
            "regressors": ["product", "process", *CAPITAL],
            "complementarity": PRACTICES,
            "hypotheses": bonus,
        },
        truth={
            first: 0.0,
            second: sales["nontechnical"],
            both: sales["nontechnical"] + sales["technical_x_nontechnical"],
            "hypothesis:bonus": sales["technical_x_nontechnical"],
        },
    )


def _selection(truth: Truth) -> dict[str, Case]:
    """Return the models of R&D: who performs it, and how much."""
    who, how_much = truth.equation("selection").coefficients, truth.equation("intensity").coefficients
    selection = {"outcome": "performs", "regressors": [*who, "certified"], "controls": ["C(wave)"]}
    intensity = {"outcome": "log_rnd", "regressors": list(how_much), "controls": ["C(wave)"]}
    sigma = truth["equations"]["intensity"]["sigma"]
    rho = truth["shocks"]["correlations"]["selection-intensity"]
    named = {f"selection/{name}": value for name, value in who.items()}
    knowledge = {name: _on_fitted(truth, name) for name in ("product", "process")}
    chain = {
        "estimator": "cdm",
        "selection": selection,
        "intensity": intensity,
        "knowledge": {"outcome": "product", "regressors": ["high_tech", "support", "log_employees", "certified"]},
        "second_knowledge": {
            "outcome": "process",
            "regressors": ["manufacturing", "dept_coordination", "log_employees", "certified"],
        },
        "outcome": "log_productivity",
        "regressors": CAPITAL,
        "controls": [*INDUSTRY, "C(wave)"],
    }
    fitted = {
        f"{place}/{_renamed(term)}": value
        for place, name in (("knowledge", "product"), ("second_knowledge", "process"))
        for term, value in knowledge[name].items()
    }
    of_chain = {f"intensity/{name}": value for name, value in how_much.items()}
    return {
        "probit": Case(declared={"estimator": "probit", **selection}, truth=who),
        "heckman": Case(
            declared={"estimator": "heckman", **intensity, "selection": selection},
            truth={**how_much, "sigma": sigma, "rho": rho, **named},
        ),
        "heckman_two_step": Case(
            declared={"estimator": "heckman_two_step", **intensity, "selection": selection},
            truth={**how_much, "lambda": sigma * rho, **named},
        ),
        "cdm": Case(
            declared=chain,
            truth={**named, **of_chain, "intensity/sigma": sigma, "intensity/rho": rho, **fitted},
        ),
    }


def _renamed(term: str) -> str:
    return "predicted(log_rnd)" if term == "research" else term


def _on_fitted(truth: Truth, name: str) -> dict[str, float]:
    """Return the slopes of innovation on *fitted* R&D: the latent one's own error is a part of the index's."""
    coefficients = truth.equation(name).coefficients
    spread = truth["equations"]["intensity"]["sigma"]
    correlation = truth["shocks"]["correlations"][f"intensity-{name}"]
    slope = coefficients["research"]
    scale = float(np.sqrt(1 + slope**2 * spread**2 + 2 * slope * spread * correlation))
    return {term: value / scale for term, value in coefficients.items()}


def _adoption(truth: Truth) -> dict[str, Case]:
    """Return organisational and marketing innovation together."""
    first, second = (truth.equation(name).coefficients for name in ("organisational", "marketing"))
    terms = {"regressors": ["mainbiz", "log_employees", "certified"], "controls": ["C(wave)"]}
    return {
        "biprobit": Case(
            declared={
                "estimator": "biprobit",
                "outcome": "organisational",
                **terms,
                "second": {"outcome": "marketing", **terms},
            },
            truth={
                **first,
                **{f"second/{name}": value for name, value in second.items()},
                "rho": truth["shocks"]["correlations"]["organisational-marketing"],
            },
        )
    }


def _counts(truth: Truth) -> dict[str, Case]:
    """Return patents, whose rate has a log-normal effect of the firm: within firms it is gone, across it is noise."""
    spec = truth["outputs"]["patents"]
    slopes = {**spec["controls"], **truth.scaled(spec["effects"])}
    changing = {
        name: slopes[name] for name in ("log_employees", "active", "research_done", "support") if name in slopes
    }
    changing["research_done"] = slopes["research"]
    across = {**changing, "high_tech": slopes["high_tech"]}
    return {
        "poisson": Case(
            declared={
                "estimator": "poisson",
                "outcome": "patents",
                "regressors": list(across),
                "controls": ["C(wave)"],
            },
            truth=across,
        ),
        "fe_poisson": Case(
            declared={
                "estimator": "fe_poisson",
                "outcome": "patents",
                "regressors": list(changing),
                "fixed_effects": ["firm_id", "wave"],
            },
            truth=changing,
        ),
    }


def _support(effects: Mapping[str, float]) -> dict[str, Case]:
    """Return what a grant does to the share that performs R&D among those who have one, by sample.

    Abadie and Imbens' errors take rows for independent, so they are judged where each firm has one row.
    """
    common = {"outcome": "performs_number", "treatment": "support"}
    covariates = ["log_employees", "high_tech", "young", "certified", "tertiary", "barrier_demand"]
    weighed = {**common, "controls": covariates}
    matched = {"estimator": "matching", **weighed, "neighbours": 4}
    once = {**matched, "sample": f"wave == '{LAST}'", "covariance": "classical"}
    return {
        **{
            name: Case(declared={"estimator": name, **weighed}, truth={"att": effects["all"]})
            for name in ("ipw", "aipw", "entropy_balancing")
        },
        "matching": Case(declared=matched, truth={"att": effects["all"]}),
        "matching_one_wave": Case(declared=once, truth={"att": effects[LAST]}),
    }


def drawn(truth: Truth, seed: int, firms: int) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return a sample as the models stage reads it, and what grants did to the share of their holders with R&D: in
    `all` waves, and in the last.
    """
    streams = Streams(seed=seed)
    innovation = innovate(make_population(truth, streams, firms), truth, streams)
    panel = yield_outputs(conduct(innovation.panel, truth, streams), truth, streams)
    panel = panel.assign(
        firm_id=panel["firm"].map("F{:05d}".format),
        wave=panel["year"].astype(str),
        group="all",
        log_rnd=np.log((panel["rnd"] / panel["employees"]).where(panel["performs"])),
        research_done=panel["research"] * panel["performs"],
        performs_number=panel["performs"].astype(float),
        manufacturing=panel["manufacturing"].astype(bool),
    )
    gained = _gained(panel[panel["support"]], truth, innovation.intercepts["selection"])
    return panel, {"all": float(gained.mean()), LAST: float(gained[panel["wave"] == LAST].mean())}


def _gained(granted: pd.DataFrame, truth: Truth, solved: Mapping[str, float]) -> pd.Series:
    """Return by how much a grant raised the chance of R&D of each firm that has one."""
    equation = truth.equation("selection")
    index = equation.index(granted) + np.where(granted["certified"], solved["certified"], solved["other"])
    return pd.Series(ndtr(index) - ndtr(index - equation.coefficients["support"]), index=granted.index)
