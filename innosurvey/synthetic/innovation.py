"""What firms put into innovation and what comes out: the causal process of Crepon, Duguet and Mairesse (1998),
written down.

    support -> research (selection, intensity) -> product and process innovation -> productivity

`support` is drawn on observables only. Research selection and log R&D per employee have correlated normal errors.
Product and process innovation respond to the *latent* intensity of every firm. Organisational and marketing
innovation come beside them. Sales per employee follow from what was introduced, with a bonus for technical and non-
technical innovation together. Errors are firm effects plus fresh draws, so that firms resemble themselves over the
waves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.synthetic.calibration import adopted, scored, solve
from innosurvey.synthetic.population import Population
from innosurvey.synthetic.truth import Streams, Truth

PRODUCT_SIDE = ("product", "process", "organisational", "marketing")
DEMAND_SPREAD = 0.8
"""Spread of what is the firm's own in its view of demand."""
BETWEEN_SPREAD = 0.08
"""Spread of log sales in a year between two windows about their mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Innovation:
    """The panel with what happened, sales by calendar year (firms × years) and the intercepts that were solved for."""

    panel: pd.DataFrame
    sales: pd.DataFrame
    intercepts: dict[str, Any]


def innovate(population: Population, truth: Truth, streams: Streams) -> Innovation:
    """Return what every firm did in every window, and its sales from the first window's year on."""
    panel = population.panel.copy()
    intercepts: dict[str, Any] = {}
    panel = _conditions(panel, population, truth, streams)
    shocks = _shocks(panel, len(population.firms), truth["shocks"], streams)
    panel = _research(panel, shocks, truth, streams, intercepts)
    for name in PRODUCT_SIDE:
        panel[name] = _adoption(panel, name, shocks[name].to_numpy(), truth, intercepts)
    panel["technical"] = panel["product"] | panel["process"]
    panel["nontechnical"] = panel["organisational"] | panel["marketing"]
    panel["technical_x_nontechnical"] = panel["technical"] & panel["nontechnical"]
    panel = _productivity(panel, len(population.firms), truth, streams, intercepts)
    panel = _spent(panel, truth, intercepts)
    return Innovation(panel=panel, sales=_sales_by_year(panel, population, streams("sales")), intercepts=intercepts)


def firm_and_window(panel: pd.DataFrame, firms: int, persistent: float, rng: np.random.Generator) -> np.ndarray:
    """Return standard normal draws by row, of which the share `persistent` of the variance stays with the firm."""
    lasting = rng.standard_normal(firms)[panel["firm"].to_numpy()]
    return np.sqrt(persistent) * lasting + np.sqrt(1 - persistent) * rng.standard_normal(len(panel))


def _conditions(panel: pd.DataFrame, population: Population, truth: Truth, streams: Streams) -> pd.DataFrame:
    """Return the panel with what firms find before they act: capital, coordination, demand."""
    firms = len(population.firms)
    capital = population.firms["log_capital"].loc[panel["firm"]].to_numpy()
    panel["log_capital_per_employee"] = capital + 0.15 * streams("capital").standard_normal(len(panel))
    coordination = firm_and_window(panel, firms, 0.6, streams("coordination"))
    panel["dept_coordination"] = np.clip(np.round(2.2 + 1.0 * coordination), 0, 4)
    gloom = truth["barriers"]["common_spread"] * firm_and_window(panel, firms, 0.6, streams("gloom"))
    panel["gloom"] = gloom
    latent = gloom + DEMAND_SPREAD * streams("demand").standard_normal(len(panel))
    panel["barrier_demand"] = scored(latent, truth["barriers"]["high_shares"][truth.scenario]["demand"])
    return panel


def _shocks(panel: pd.DataFrame, firms: int, spec: dict[str, Any], streams: Streams) -> pd.DataFrame:
    """Return the correlated standard normal errors of the equations, one column each."""
    names: Sequence[str] = spec["order"]
    correlations = np.eye(len(names))
    for pair, value in spec["correlations"].items():
        first, second = (names.index(name) for name in pair.split("-"))
        correlations[first, second] = correlations[second, first] = value
    factor = np.linalg.cholesky(correlations)
    plain = [firm_and_window(panel, firms, float(spec["persistent"]), streams(f"shock {name}")) for name in names]
    mixed = {
        name: sum(factor[place, other] * plain[other] for other in range(place + 1)) for place, name in enumerate(names)
    }
    return pd.DataFrame(mixed, index=panel.index)


def _adoption(
    panel: pd.DataFrame, name: str, error: np.ndarray, truth: Truth, intercepts: dict[str, Any]
) -> np.ndarray:
    """Return who does it, with one intercept for certified and one for other firms; the intercepts are noted."""
    equation = truth.equation(name)
    certified = panel["certified"].to_numpy()
    done, solved = adopted(
        equation.index(panel) + error,
        1 - certified.astype(int),
        [equation.targets["certified"], equation.targets["other"]],
    )
    intercepts[name] = {"certified": solved[0], "other": solved[1]}
    return done


def _research(
    panel: pd.DataFrame, shocks: pd.DataFrame, truth: Truth, streams: Streams, intercepts: dict[str, Any]
) -> pd.DataFrame:
    """Return the panel with support, R&D performance and the latent log R&D per employee (`research` is centred on
    certified firms).
    """
    taste = firm_and_window(panel, int(panel["firm"].max()) + 1, 0.5, streams("support"))
    panel["support_taste"] = taste
    panel["support"] = _adoption(panel, "support", taste, truth, intercepts)
    panel["performs"] = _adoption(panel, "selection", shocks["selection"].to_numpy(), truth, intercepts)
    latent = (
        truth.equation("intensity").index(panel)
        + truth["equations"]["intensity"]["sigma"] * shocks["intensity"].to_numpy()
    )
    centre = latent[panel["certified"].to_numpy()].mean()
    panel["research"] = latent - centre
    intercepts["research_centre"] = float(centre)
    return panel


def _productivity(
    panel: pd.DataFrame, firms: int, truth: Truth, streams: Streams, intercepts: dict[str, Any]
) -> pd.DataFrame:
    """Return the panel with log sales per employee; the intercept gives certified firms their mean sales in the
    surveyed years.
    """
    spec = truth["equations"]["productivity"]
    lasting = spec["firm_spread"] * streams("productivity of the firm").standard_normal(firms)[panel["firm"].to_numpy()]
    fresh = spec["year_spread"] * streams("productivity of the year").standard_normal(len(panel))
    panel["productivity_error"] = lasting + fresh
    trend = spec["trend"] * (panel["year"].to_numpy() - truth["windows"][0])
    level = truth.equation("productivity").index(panel) + trend + panel["productivity_error"].to_numpy()
    counted = (panel["certified"] & (panel["window"] > 0)).to_numpy()
    mean_sales = (np.exp(level) * panel["employees"].to_numpy())[counted].mean()
    intercept = float(np.log(spec["mean_sales_certified"] / mean_sales))
    intercepts["productivity"] = intercept
    panel["log_productivity"] = level + intercept
    panel["sales"] = np.exp(panel["log_productivity"].to_numpy()) * panel["employees"].to_numpy()
    return panel


def _spent(panel: pd.DataFrame, truth: Truth, intercepts: dict[str, Any]) -> pd.DataFrame:
    """Return the panel with R&D expenditure (0 for firms without R&D); the intercept gives certified firms their
    R&D-sales ratio.
    """
    counted = (panel["certified"] & (panel["window"] > 0)).to_numpy()
    per_unit = np.exp(panel["research"].to_numpy()) * panel["employees"].to_numpy() * panel["performs"].to_numpy()
    target = truth["equations"]["intensity"]["rnd_sales_ratio_certified"] * panel["sales"].to_numpy()[counted].sum()
    level = solve(lambda constant: float(np.exp(constant) * per_unit[counted].sum()), target, -10.0, 10.0)
    intercepts["intensity"] = level - float(intercepts["research_centre"])
    panel["rnd"] = np.exp(level) * per_unit
    return panel


def _sales_by_year(panel: pd.DataFrame, population: Population, rng: np.random.Generator) -> pd.DataFrame:
    """Return sales of every calendar year: the windows' years as they are, the years between half-way, with noise."""
    staff = population.employees
    windows = panel.pivot_table(index="firm", columns="year", values="log_productivity").reindex(staff.index)
    years = [int(year) for year in staff.columns]
    noise = BETWEEN_SPREAD * rng.standard_normal(staff.shape)
    levels = {}
    for place, year in enumerate(years):
        if year in windows.columns:
            levels[year] = windows[year].to_numpy()
        else:
            after, middle = windows[year + 1].to_numpy(), (windows[year - 1] + windows[year + 1]).to_numpy() / 2
            levels[year] = np.where(np.isnan(middle), after - 0.05, middle) + noise[:, place]
    return pd.DataFrame({year: np.exp(levels[year]) * staff[year].to_numpy() for year in years}, index=staff.index)
