"""What a cell of the frame calls for, by a rule that the report prints.

A *need* is clear when the lower limit of the share of firms with the barrier reaches a threshold. The *reach* of an
instrument is low when the upper limit of the share of firms that use it stays below another. The *association* with
success is positive or negative when the difference in use between firms that succeeded and firms that failed is clear
after adjustment, else open; it is no effect. Limits in place of estimates: what is uncertain calls for nothing.
"""

from dataclasses import dataclass
from math import isnan, nan
from typing import Literal, get_args

Need = Literal["clear", "not clear", "unknown"]
Reach = Literal["low", "not low", "not asked", "unknown"]
Association = Literal["positive", "negative", "open", "not asked", "unknown"]
Action = Literal["extend", "pilot", "reconsider", "collect evidence", "keep", "no priority", "no statement"]
ACTIONS: tuple[Action, ...] = get_args(Action)
"""The most pressing first; the last two call for nothing."""
CALLS: tuple[Action, ...] = ACTIONS[:-2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number of a table that the frame takes over: with its interval, the firms behind it, and the row it stands in.

    A reason against it leaves the numbers NaN.
    """

    value: float = nan
    se: float = nan
    lower: float = nan
    upper: float = nan
    p_adjusted: float = nan
    n: float = nan
    source: str = ""
    reason: str = ""


def need_is(barrier: Estimate, threshold: float) -> Need:
    """Return whether clearly enough firms have the barrier."""
    if isnan(barrier.lower):
        return "unknown"
    return "clear" if barrier.lower >= threshold else "not clear"


def reach_is(use: Estimate | None, threshold: float) -> Reach:
    """Return whether clearly few firms use the instrument; None stands for one that the questionnaire does not ask."""
    if use is None:
        return "not asked"
    if isnan(use.upper):
        return "unknown"
    return "low" if use.upper < threshold else "not low"


def association_is(difference: Estimate | None, alpha: float) -> Association:
    """Return which way use and success go together; None stands for an instrument that is not asked."""
    if difference is None:
        return "not asked"
    if isnan(difference.value) or isnan(difference.p_adjusted):
        return "unknown"
    if difference.p_adjusted >= alpha or difference.value == 0:
        return "open"
    return "positive" if difference.value > 0 else "negative"


def action_of(need: Need, reach: Reach, association: Association) -> Action:
    """Return what a cell calls for."""
    if need == "unknown":
        return "no statement"
    if need == "not clear":
        return "no priority"
    if reach in ("not asked", "unknown") or association in ("not asked", "unknown"):
        return "collect evidence"
    if association == "negative":
        return "reconsider"
    if reach == "not low":
        return "keep"
    return "extend" if association == "positive" else "pilot"
