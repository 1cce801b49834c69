"""How active firms go about it: ongoing and abandoned activities, cooperation, success, projects, management of
technology.

Cooperation comes first and helps success, more so at an early stage. One index of success then stands behind whether
the goal was attained, how projects ended and what was abandoned; `missed` (the goal was not attained) is what the
claims about failed firms are built on.
"""

import numpy as np
import pandas as pd

from innosurvey.synthetic.calibration import graded, intercept_for_share, solve
from innosurvey.synthetic.declared import levels
from innosurvey.synthetic.innovation import PRODUCT_SIDE
from innosurvey.synthetic.truth import Streams, Truth

UNFINISHED_ONLY = 0.015
"""Share of otherwise inactive firms that only have an unfinished or abandoned activity."""


def conduct(panel: pd.DataFrame, truth: Truth, streams: Streams) -> pd.DataFrame:
    """Return the panel with activity, cooperation, success, projects and scores of the management of technology."""
    panel = panel.copy()
    panel["innovator"] = panel[list(PRODUCT_SIDE)].any(axis=1)
    unfinished = streams("unfinished").random(len(panel)) < UNFINISHED_ONLY
    panel["unfinished_only"] = unfinished & ~panel["innovator"] & ~panel["performs"]
    panel["active"] = panel["innovator"] | panel["performs"] | panel["unfinished_only"]
    panel = _cooperation(panel, truth, streams("cooperation"))
    panel = _success(panel, truth, streams("success"))
    panel = _endings(panel, truth, streams("endings"))
    panel = _projects(panel, truth["success"]["projects"], streams("projects"))
    return _management(panel, streams("management"))


def _among(rows: np.ndarray, latent: np.ndarray, share: float) -> np.ndarray:
    """Return who is in the top `share` of `rows` by the latent index; nobody outside of `rows` is."""
    return rows & (latent + intercept_for_share(latent[rows], share) > 0)


def _cooperation(panel: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> pd.DataFrame:
    spec = truth["network"]["cooperation"]
    latent = sum(value * truth.adoption * panel[name].to_numpy(dtype=float) for name, value in spec["controls"].items())
    panel["cooperation"] = _among(panel["active"].to_numpy(), latent + rng.standard_normal(len(panel)), spec["target"])
    panel["cooperation_x_early"] = panel["cooperation"] & panel["early"]
    return panel


def _success(panel: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> pd.DataFrame:
    """Return the panel with the index `success` (spread 1 among active firms), the goal and `missed`."""
    spec = truth["success"]
    active = panel["active"].to_numpy()
    coefficients = {**spec["controls"], **truth.scaled(spec["effects"])}
    index = rng.standard_normal(len(panel))
    for name, value in coefficients.items():
        index = index + value * panel[name].to_numpy(dtype=float)
    panel["success"] = np.where(active, (index - index[active].mean()) / index[active].std(), 0.0)
    goals = levels("goal_attainment")[::-1]
    grade = graded(index[active], [spec["goal_shares"][goal] for goal in goals])
    panel["goal"] = pd.Series(np.array(goals)[grade], index=panel.index[active]).reindex(panel.index)
    panel["missed"] = panel["goal"].isin(goals[:3])
    return panel


def _endings(panel: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> pd.DataFrame:
    """Return the panel with abandoned, ongoing and completed-without-innovation activities, and the phase in which
    one failed.
    """
    spec = truth["success"]
    active, idle = panel["active"].to_numpy(), ~panel["innovator"].to_numpy()
    latent = (
        spec["abandoned_controls"]["success"] * panel["success"].to_numpy()
        + spec["abandoned_controls"]["no_innovation"] * idle
    )
    panel["abandoned"] = _among(active, latent + rng.standard_normal(len(panel)), spec["abandoned"])
    panel["ongoing"] = _among(
        active, 0.5 * panel["performs"].to_numpy() + rng.standard_normal(len(panel)), spec["ongoing"]
    )
    panel["ongoing"] |= panel["unfinished_only"] & ~panel["abandoned"]
    panel["completed"] = active & (rng.random(len(panel)) < np.where(idle, 0.14, 0.06))
    panel["failure_stage"] = rng.choice(levels("failure_stage"), size=len(panel), p=[0.16, 0.36, 0.38, 0.10])
    return panel


def _projects(panel: pd.DataFrame, means: dict[str, float], rng: np.random.Generator) -> pd.DataFrame:
    """Return the panel with projects tried, succeeded and commercialised by R&D performers, at the declared ratios."""
    performs = panel["performs"].to_numpy()
    size = np.exp(0.25 * (panel["log_employees"].to_numpy() - panel["log_employees"].to_numpy()[performs].mean()))
    rate = (means["tried"] - 1) * size / size[performs].mean()
    tried = np.where(performs, 1 + rng.poisson(rate * rng.gamma(2.0, 0.5, len(panel))), 0)
    success = panel["success"].to_numpy()

    def chance(weights: np.ndarray, share: float) -> np.ndarray:
        def shares(constant: float) -> np.ndarray:
            return 1 / (1 + np.exp(-(constant + 0.7 * success)))

        return shares(
            solve(lambda constant: float((weights * shares(constant)).sum() / weights.sum()), share, -8.0, 8.0)
        )

    succeeded = rng.binomial(tried, chance(tried, means["succeeded"]))
    weights = np.maximum(succeeded, 1e-9)
    panel["projects_tried"], panel["projects_succeeded"] = tried, succeeded
    panel["projects_commercialised"] = rng.binomial(
        succeeded, chance(weights, means["commercialised"] / means["succeeded"])
    )
    return panel


def _management(panel: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the panel with scores 0-4 of the four phases of the management of technology."""
    common = 0.5 * rng.standard_normal(len(panel)) + 0.35 * panel["success"].to_numpy()
    for phase, level in zip(levels("failure_stage"), (2.1, 2.5, 2.0, 1.7), strict=True):
        panel[f"mot_{phase}"] = np.clip(np.round(level + common + 0.8 * rng.standard_normal(len(panel))), 0, 4)
    return panel
