"""How often do 95 percent intervals of models hold the truth? 200 samples of the synthetic Seoul firms, fitted as the
models stage fits them.

Each sample is a new draw of all that happens to 1,200 firms over four windows, from the equations of
`innosurvey/synthetic/parameters.yaml`: what is true of a slope stands there. Answers are taken as they are: this is
about estimators and their standard errors, not about surveys. Intercepts are solved for in each draw and not judged; a
control whose equation has no such term is judged at zero. Run with `python benchmarks/coverage_models.py`: it writes
benchmarks/coverage_models.md.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: threads cost more than they save

import numpy as np
import pandas as pd
from scipy.special import ndtr

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innosurvey.models.fit import fit_all  # noqa: E402
from innosurvey.models.parse import parse_models  # noqa: E402
from innosurvey.models.plan import plan_fits  # noqa: E402
from innosurvey.synthetic.conduct import conduct  # noqa: E402
from innosurvey.synthetic.innovation import innovate  # noqa: E402
from innosurvey.synthetic.outputs import yield_outputs  # noqa: E402
from innosurvey.synthetic.population import make_population  # noqa: E402
from innosurvey.synthetic.truth import Streams, Truth, load_truth  # noqa: E402

SAMPLES, FIRMS, FIRST_SEED = 200, 1200, 70_000
LOWEST, HIGHEST = 92.0, 98.0
WITHIN = 1.96 * 100 * (0.95 * 0.05 / SAMPLES) ** 0.5  # how far a true 95 % may come out by chance, in points
BY_FIRM = {"type": "cluster", "by": ["firm_id"]}
INDUSTRY = ["hightech_manufacturing", "other_manufacturing", "professional", "trade_services"]
ON_SALES = ["product", "process", "nontechnical", "technical_x_nontechnical"]
CAPITAL = ["log_employees", "log_capital_per_employee"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A model as it is declared, and the true value of each coefficient that is judged."""

    declared: Mapping[str, Any]
    truth: Mapping[str, float]


def cases(truth: Truth) -> dict[str, Case]:
    """Return the models by name."""
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
            declared={"estimator": "between", **across, "controls": INDUSTRY, "covariance": "robust"},
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
        **_support(),
    }


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


def _support() -> dict[str, Case]:
    """Return what a grant does to the share that performs R&D among those who have one, by sample."""
    common = {"outcome": "performs_number", "treatment": "support"}
    covariates = ["log_employees", "high_tech", "young", "certified", "tertiary", "barrier_demand"]
    weighed = {**common, "controls": covariates}
    matched = {**weighed, "neighbours": 4, "covariance": "classical"}
    return {
        **{name: Case(declared={"estimator": name, **weighed}, truth={"att": np.nan}) for name in ("ipw", "aipw")},
        "entropy_balancing": Case(declared={"estimator": "entropy_balancing", **weighed}, truth={"att": np.nan}),
        "matching": Case(declared={"estimator": "matching", **matched}, truth={"att": np.nan}),
    }


def drawn(truth: Truth, seed: int, firms: int) -> tuple[pd.DataFrame, float]:
    """Return a sample as the models stage reads it, and what grants did to the share of their holders with R&D."""
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
    return panel, _effect_of_grants(panel, truth, innovation.intercepts["selection"])


def _effect_of_grants(panel: pd.DataFrame, truth: Truth, solved: Mapping[str, float]) -> float:
    equation = truth.equation("selection")
    granted = panel[panel["support"]]
    index = equation.index(granted) + np.where(granted["certified"], solved["certified"], solved["other"])
    return float((ndtr(index) - ndtr(index - equation.coefficients["support"])).mean())


def held(seed: int, firms: int) -> pd.DataFrame:
    """Return case, term, whether its interval holds the truth, and the estimate's distance from it, of one sample."""
    truth = load_truth("claimed")
    judged = cases(truth)
    panel, effect = drawn(truth, seed, firms)
    declared = {
        name: {"family": "coverage", "covariance": BY_FIRM, "regressors": [], **case.declared}
        for name, case in judged.items()
    }
    for model in declared.values():
        if model.get("treatment"):
            del model["regressors"]
    results = fit_all(plan_fits(parse_models(declared), {}), panel)
    failed = results.fits[results.fits["status"] != "ok"]
    if len(failed):
        print(seed, failed[["model", "status"]].to_string(index=False, header=False), flush=True)
    found = results.coefficients.set_index(["model", "term"])
    rows = []
    for name, case in judged.items():
        for term, value in case.truth.items():
            right = effect if np.isnan(value) else value
            if (name, term) not in found.index:
                continue
            row = found.loc[(name, term)]
            rows.append(
                {
                    "case": name,
                    "term": term,
                    "truth": right,
                    "holds": bool(row["lower"] <= right <= row["upper"]),
                    "error": row["estimate"] - right,
                    "se": row["se"],
                }
            )
    return pd.DataFrame(rows)


def written(table: pd.DataFrame, samples: int, firms: int) -> str:
    """Return the page."""
    told = table.groupby(["case", "term"], sort=False).agg(
        truth=("truth", "mean"), holds=("holds", "mean"), bias=("error", "mean"),
        spread=("error", "std"), se=("se", "mean"),
        samples=("holds", "size"),
    )  # fmt: skip
    told["holds"] *= 100
    out = told[(told["holds"] < LOWEST) | (told["holds"] > HIGHEST)]
    by_case = told["holds"].groupby(level="case", sort=False).agg(["min", "max", "size"])
    lines = [
        "# How often intervals of models hold the truth",
        "",
        f"`python benchmarks/coverage_models.py`: {samples} samples of {firms:,} firms over four windows, drawn "
        "from the equations of the synthetic Seoul survey; models as the models stage fits them, errors clustered by "
        "firm (matching: Abadie and Imbens; between: robust). A true 95 % comes out between "
        f"{95 - WITHIN:.1f} and {95 + WITHIN:.1f} in nineteen of twenty cases; wanted are {LOWEST:.0f} to "
        f"{HIGHEST:.0f}.",
        "",
        "| estimator | parameters | lowest, % | highest, % |",
        "| --- | ---: | ---: | ---: |",
        *(f"| {name} | {row['size']:.0f} | {row['min']:.1f} | {row['max']:.1f} |" for name, row in by_case.iterrows()),
        "",
        f"{len(told) - len(out)} of {len(told)} parameters lie within what is wanted" + (":" if len(out) else "."),
        "",
        *(
            f"* {case} {term}: {row['holds']:.1f} % (bias {row['bias']:+.4f}, spread {row['spread']:.4f}, "
            f"mean error {row['se']:.4f})"
            for (case, term), row in out.iterrows()
        ),
        "",
        "## All parameters",
        "",
        "| estimator | term | truth | held, % | bias | spread | mean standard error |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {case} | {term} | {row['truth']:.4f} | {row['holds']:.1f} | {row['bias']:+.4f} | {row['spread']:.4f} | "
            f"{row['se']:.4f} |"
            for (case, term), row in told.iterrows()
        ),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Draw, fit, count, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--firms", type=int, default=FIRMS)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/coverage_models.md")
    asked = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + asked.samples)
    with ProcessPoolExecutor() as pool:
        parts = list(pool.map(partial(held, firms=asked.firms), seeds, chunksize=4))
    asked.out.write_text(written(pd.concat(parts), asked.samples, asked.firms), encoding="utf-8")


if __name__ == "__main__":
    main()
