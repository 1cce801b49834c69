"""What comes out of it: patents and other rights, new products' share of sales, exports, profit; and the public
support in all its forms.

Every amount is in million KRW and unrounded here; the questionnaire rounds.
"""

import numpy as np
import pandas as pd

from innosurvey.synthetic.calibration import intercept_for_share
from innosurvey.synthetic.declared import by_variable, levels_but_none
from innosurvey.synthetic.truth import Streams, Truth

SUPPORT_SHARES = {  # form of support beside R&D grants: share of certified and of other firms that use it
    "tax": (0.13, 0.05),
    "loan_guarantee": (0.16, 0.08),
    "equity": (0.03, 0.005),
    "manpower": (0.09, 0.04),
    "procurement": (0.05, 0.015),
    "consulting_mot": (0.06, 0.02),
    "training": (0.07, 0.03),
    "export": (0.07, 0.02),
}
LEVEL_SHARES = (0.62, 0.20, 0.18)
OTHER_RIGHTS = {"utility": 0.08, "design": 0.14, "trademark": 0.28}
"""Other applications for each patent application, on average."""


def yield_outputs(panel: pd.DataFrame, truth: Truth, streams: Streams) -> pd.DataFrame:
    """Return the panel with rights, shares of sales, exports, accounts and support."""
    columns = {
        **_rights(panel, truth, streams("rights")),
        **_sales_shares(panel, truth, streams("sales shares")),
        **_accounts(panel, truth, streams("accounts")),
        **_support(panel, streams("forms of support")),
    }
    return pd.concat([panel, pd.DataFrame(columns, index=panel.index)], axis=1)


def _effects(panel: pd.DataFrame, effects: dict[str, float]) -> np.ndarray:
    """Return the sum of effects; `research` counts for firms that do R&D only."""
    total = np.zeros(len(panel))
    for name, value in effects.items():
        column = panel[name].to_numpy(dtype=float)
        total = total + value * (column * panel["performs"].to_numpy() if name == "research" else column)
    return total


def _rights(panel: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return applications in the window by kind (Poisson with a log-normal firm effect) and the stock of patents."""
    spec = truth["outputs"]["patents"]
    lasting = rng.standard_normal(int(panel["firm"].max()) + 1)[panel["firm"].to_numpy()]
    log_rate = _effects(panel, {**spec["controls"], **truth.scaled(spec["effects"])}) + spec["spread"] * lasting
    counted = (panel["certified"] & (panel["window"] > 0)).to_numpy()
    rate = np.exp(log_rate) * spec["mean_certified"] / np.exp(log_rate)[counted].mean()
    columns = {"patents": rng.poisson(rate)}
    columns |= {kind: rng.poisson(rate * times) for kind, times in OTHER_RIGHTS.items()}
    columns["patent_stock"] = columns["patents"] + rng.poisson(rate * np.clip(panel["age"].to_numpy() / 4, 0, 4))
    columns["rights_bought"] = rng.random(len(panel)) < 0.045
    columns["rights_sold"] = rng.random(len(panel)) < 0.03
    return columns


def _sales_shares(panel: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the share of sales from new products (logit-normal) and how it splits by novelty; who exports and how
    much.
    """
    new, exports = truth["outputs"]["new_share"], truth["outputs"]["exports"]
    latent = (
        np.log(new["mean"] / (1 - new["mean"]))
        + _effects(panel, truth.scaled(new["effects"]))
        + new["spread"] * rng.standard_normal(len(panel))
    )
    index = _effects(panel, {**exports["controls"], **truth.scaled(exports["effects"])}) + rng.standard_normal(
        len(panel)
    )
    exporter = index + intercept_for_share(index, exports["exporter"]) > 0
    share = exports["share"]
    return {
        "new_share": 1 / (1 + np.exp(-latent)),
        "new_to_market": rng.random(len(panel)) < 0.48,
        "novelty": rng.beta(2.0, 3.0, len(panel)),
        "export_share": np.where(exporter, rng.beta(2.0, 2.0 * (1 - share) / share, len(panel)), 0.0),
        "cost_reduction": np.clip(8.0 * np.exp(0.6 * rng.standard_normal(len(panel))), 0, 60),
    }


def _accounts(panel: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return exports, operating profit, assets, tangible assets and value added."""
    margin = truth["outputs"]["margin"]
    sales = panel["sales"].to_numpy()
    profit = (
        margin["mean"]
        + truth.effects * margin["effects"]["active"] * (panel["active"].to_numpy() - 0.5)
        + margin["spread"] * rng.standard_normal(len(panel))
    )
    tangible = np.exp(panel["log_capital_per_employee"].to_numpy()) * panel["employees"].to_numpy()
    return {
        "operating_profit": np.clip(profit, -0.6, 0.5) * sales,
        "tangible_assets": tangible,
        "total_assets": tangible + sales * 0.55 * np.exp(0.35 * rng.standard_normal(len(panel))),
        "value_added": sales * np.clip(0.33 + 0.08 * rng.standard_normal(len(panel)), 0.05, 0.8),
    }


def _support(panel: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return each form of support: none, central, local or both; and the amount of R&D grants. Taste for support
    ties the forms together.
    """
    certified = panel["certified"].to_numpy()
    used = {"rnd_grant": panel["support"].to_numpy()}
    for form, shares in by_variable("support_", SUPPORT_SHARES).items():
        latent = 0.5 * panel["support_taste"].to_numpy() + np.sqrt(0.75) * rng.standard_normal(len(panel))
        cuts = [
            intercept_for_share(latent[certified == group], share)
            for group, share in zip((True, False), shares, strict=True)
        ]
        used[form] = latent + np.where(certified, *cuts) > 0
    columns = {
        f"support_{form}": np.where(
            uses, rng.choice(levels_but_none("support_tax"), size=len(panel), p=LEVEL_SHARES), "none"
        )
        for form, uses in used.items()
    }
    columns["support_amount"] = np.where(used["rnd_grant"], 75.0 * np.exp(0.8 * rng.standard_normal(len(panel))), 0.0)
    return columns
