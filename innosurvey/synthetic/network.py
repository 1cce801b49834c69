"""Whom active firms cooperate with and learn from, and what stands in everybody's way.

Importance is graded 0-3 from latent normal scores. Firms that missed their goal lean to industry and away from
research; districts differ in links to universities and institutes (research), firms (business) and go-betweens
(intermediary); early-stage firms lack partners; failed firms name what they lack inside rather than money.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from innosurvey.synthetic.calibration import scored
from innosurvey.synthetic.declared import levels_but_none
from innosurvey.synthetic.truth import Streams, Truth

BUSINESS = ("group", "suppliers", "clients_private", "clients_public", "competitors", "other_firms")
RESEARCH = ("universities", "public_institutes")
INTERMEDIARY = ("consultants", "associations")
INTERNAL_BARRIERS = ("staff", "capability", "tech_info", "market_info", "org")
FINANCE_BARRIERS = ("own_funds", "external_finance", "cost", "subsidy")
SOURCE_CUTS = (-0.1, 0.55, 1.25)
"""Latent scores from which a source is of low, medium, high importance."""


def connect(panel: pd.DataFrame, truth: Truth, streams: Streams) -> pd.DataFrame:
    """Return the panel with `partner_*` (text: places joined by |), `source_*` and `barrier_*` (0-3)."""
    links = {kind: _zone_shift(panel, kind, truth) for kind in ("research", "business", "intermediary")}
    columns = {
        **_partners(panel, links, truth["network"]["partners"], streams("partners")),
        **_sources(panel, links, truth, streams("sources")),
        **_barriers(panel, truth, streams("barriers")),
    }
    return pd.concat([panel, pd.DataFrame(columns, index=panel.index)], axis=1)


def kind_of_link(name: str) -> str | None:
    """Return research, business or intermediary for a partner or source, None for what is neither."""
    last = name.removeprefix("industry_").removeprefix("research_").removeprefix("open_")
    if last in RESEARCH:
        return "research"
    if last in INTERMEDIARY:
        return "intermediary"
    return "business" if last in (*BUSINESS, "clients") else None


def _zone_shift(panel: pd.DataFrame, kind: str, truth: Truth) -> np.ndarray:
    effects: Mapping[str, Mapping[str, float]] = truth["network"]["zone_effects"]
    shift = {zone: kinds.get(kind, 0.0) * truth.effects for zone, kinds in effects.items()}
    return panel["zone"].map(shift).to_numpy(dtype=float)


def _partners(
    panel: pd.DataFrame, links: Mapping[str, np.ndarray], levels: Mapping[str, float], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return where each kind of partner sits: at least one partner for firms that cooperate, empty for others."""
    scores = {}
    for name, level in levels.items():
        kind = kind_of_link(name)
        scores[name] = level + rng.standard_normal(len(panel)) + (links[kind] if kind else 0.0)
    best = np.array(list(scores))[np.argmax(np.column_stack(list(scores.values())), axis=1)]
    cooperates = panel["cooperation"].to_numpy()
    columns = {"best_partner": np.where(cooperates, best, "")}
    for name, score in scores.items():
        chosen = cooperates & ((score > 0) | (best == name))
        columns[f"partner_{name}"] = np.where(chosen, _places(len(panel), rng), "")
    return columns


def _places(count: int, rng: np.random.Generator) -> np.ndarray:
    """Return places of partners, at least one each, joined by |."""
    drawn = rng.random((count, 3)) < np.array([0.66, 0.34, 0.10])
    drawn[~drawn.any(axis=1), 0] = True
    places = levels_but_none("coop_group")
    texts = np.array(
        ["|".join(place for place, bit in zip(places, f"{code:03b}", strict=True) if bit == "1") for code in range(8)]
    )
    return texts[drawn @ np.array([4, 2, 1])]


def _sources(
    panel: pd.DataFrame, links: Mapping[str, np.ndarray], truth: Truth, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    spec = truth["network"]
    common = 0.45 * rng.standard_normal(len(panel))
    failed = truth.scaled(spec["failed_effects"])
    missed = panel["missed"].to_numpy(dtype=float)
    columns = {}
    for name, level in spec["sources"].items():
        kind = kind_of_link(name)
        shift = (links[kind] if kind else 0.0) + failed.get(name.split("_")[0], 0.0) * missed
        latent = level + common + shift + 0.9 * rng.standard_normal(len(panel))
        columns[f"source_{name}"] = np.searchsorted(np.array(SOURCE_CUTS), latent, side="right")
    return columns


def _barriers(panel: pd.DataFrame, truth: Truth, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return importance by barrier; the shares that rate it high are given. `barrier_demand` was drawn before firms
    acted.
    """
    spec = truth["barriers"]
    failed, early = truth.scaled(spec["failed_effects"]), truth.scaled(spec["early_effects"])
    columns = {}
    for name, share in spec["high_shares"][truth.scenario].items():
        noise = 0.8 * rng.standard_normal(len(panel))
        if name == "demand":
            continue
        shift = failed["internal"] * (name in INTERNAL_BARRIERS) + failed["finance"] * (name in FINANCE_BARRIERS)
        latent = (
            panel["gloom"].to_numpy()
            + noise
            + shift * panel["missed"].to_numpy()
            + early.get(name, 0.0) * panel["early"].to_numpy()
        )
        columns[f"barrier_{name}"] = scored(latent, share)
    return columns
