"""The frame, the sample and who answers.

Strata are industry group × size class. The largest size class is enumerated. In the others firms carry a permanent
random number, and a wave takes those whose number lies in its window of the circle; the window moves by the part of
the sample that is to rotate out. Response depends on the stratum only, so weighting can undo it; who answered once
mostly answers again.
"""

from typing import Any

import numpy as np
import pandas as pd

from innosurvey.synthetic.declared import levels
from innosurvey.synthetic.truth import Streams, Truth

GROUP_CODES = {
    "hightech_manufacturing": "A",
    "other_manufacturing": "B",
    "ict_content": "C",
    "professional": "D",
    "trade_services": "E",
}
LOYALTY = 0.85
"""Chance that a firm treats the questionnaire as it always does, rather than afresh."""


def make_frame(
    panel: pd.DataFrame, firms: pd.DataFrame, truth: Truth, streams: Streams, answers_wanted: int
) -> pd.DataFrame:
    """Return the surveyed rows of the panel with stratum_id, size_class, sampled and response_status ("" when not
    sampled).
    """
    frame = panel[panel["window"] > 0].copy()
    cuts = truth["sampling"]["size_cuts"]
    classes = size_classes()
    frame["size_class"] = np.array(classes)[
        np.searchsorted(np.array(cuts), frame["employees"].to_numpy(), side="right")
    ]
    frame["stratum_id"] = frame["industry_group"].map(GROUP_CODES) + (
        frame["size_class"].map(classes.index) + 1
    ).astype(str)
    number = streams("permanent random number").random(len(firms))
    frame["sampled"] = False
    for window in sorted(frame["window"].unique()):
        part = frame[frame["window"] == window]
        sizes = _allocation(part, truth["sampling"], answers_wanted)
        drawn = _drawn(part, sizes, number, int(window), truth["sampling"]["overlap"])
        frame["sampled"] |= frame.index.isin(drawn)
    frame["response_status"] = _response(frame, len(firms), truth["sampling"], streams("response"))
    return frame


def size_classes() -> tuple[str, ...]:
    """Return the size classes of the frame, the smallest first."""
    return levels("legal_size")[::-1]


def _allocation(part: pd.DataFrame, spec: dict[str, Any], answers_wanted: int) -> pd.Series:
    """Return the gross sample of each stratum: all large firms, the rest by a power of the stratum's size."""
    classes = size_classes()
    population = part.groupby("stratum_id").size().astype(float)
    rate = pd.Series({stratum: spec["response"][classes[int(stratum[-1]) - 1]] for stratum in population.index})
    enumerated = population.index.str.endswith(str(len(classes)))
    wanted = answers_wanted - float((population * rate)[enumerated].sum())
    share = population.where(~enumerated, 0) ** float(spec["allocation_power"])
    gross = share * wanted / (share * rate).sum()
    small = gross.clip(lower=float(spec["minimum"])).round().astype(int)
    return small.astype(float).where(~enumerated, population).clip(upper=population).astype(int)


def _drawn(part: pd.DataFrame, sizes: pd.Series, number: np.ndarray, window: int, overlap: float) -> pd.Index:
    """Return the rows whose permanent random number is next on the circle from the wave's start in their stratum."""
    fraction = sizes / part.groupby("stratum_id").size()
    start = fraction.loc[part["stratum_id"]].to_numpy() * (1 - overlap) * (window - 1)
    distance = pd.Series((number[part["firm"].to_numpy()] - start) % 1.0, index=part.index)
    place = distance.groupby(part["stratum_id"]).rank(method="first")
    return part.index[place <= part["stratum_id"].map(sizes)]


def _response(frame: pd.DataFrame, firms: int, spec: dict[str, Any], rng: np.random.Generator) -> np.ndarray:
    """Return complete or partial for firms that answer, the reason for others, and "" for firms outside the sample."""
    rate = frame["size_class"].map(spec["response"]).to_numpy(dtype=float)
    outcomes = spec["outcomes"]
    reason = rng.choice(list(outcomes), size=len(frame), p=list(outcomes.values()))
    answer = np.where(rng.random(len(frame)) < spec["partial"], "partial", "complete")
    lasting, fresh = rng.random(firms)[frame["firm"].to_numpy()], rng.random(len(frame))
    willing = np.where(rng.random(len(frame)) < LOYALTY, lasting, fresh) < rate
    status = np.where(willing, answer, reason)
    return np.where(frame["sampled"], status, "")
