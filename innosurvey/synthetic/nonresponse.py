"""What stays blank: items that a respondent passes over, refuses or does not know, and rows that are no answers at
all.

`Answers` keeps beside each value what kind of cell it is: answered, not_asked, or a kind of missing. Shares that add
up to 100 go missing together. Partial respondents stop before the later sections; ineligible firms only have what the
frame knows of them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

ANSWERED, NOT_ASKED = "answered", "not_asked"
KNOWN_FROM_FRAME = ("firm_id", "response_status", "founding_year", "ksic", "gu")
ALWAYS_ANSWERED = (*KNOWN_FROM_FRAME, "employees_t")
LATER_SECTIONS = ("info_", "ip_", "support_", "barrier_", "hours_")
BLOCKS = {"turn_": "shares", "fin_": "shares", "acq_": "shares"}
CLASSES = {
    "money": ("sales_", "exports_", "operating_", "total_", "exp_", "support_amount"),
    "shares": ("cost_", "emp_tertiary"),
    "scores": ("info_", "barrier_", "mot_", "dept_", "goal_", "failure_", "n_projects_", "hours_"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A wave's answers: `values` (objects) and `kinds` (answered, not_asked, missing, dont_know, refused), same
    rows and columns.
    """

    wave: str
    values: pd.DataFrame
    kinds: pd.DataFrame


def with_item_nonresponse(wave: str, true: pd.DataFrame, rates: dict[str, Any], rng: np.random.Generator) -> Answers:
    """Return the answers with a share of the due cells passed over, by the class of the item."""
    due = true.notna()
    kinds = due.astype(object).mask(due, ANSWERED).mask(~due, NOT_ASKED)
    for items in _items_together(list(true.columns)):
        gone, kind = _passed_over(len(true), float(rates[class_of(items[0])]), rates["kinds"], rng)
        for item in items:
            hit = gone & due[item].to_numpy()
            kinds[item] = np.where(hit, kind, kinds[item])
    status = true["response_status"].to_numpy()
    later = [name for name in true.columns if name.startswith(LATER_SECTIONS)]
    unknown = [name for name in true.columns if name not in KNOWN_FROM_FRAME]
    kinds.loc[status == "partial", later] = kinds.loc[status == "partial", later].replace(
        [ANSWERED, "dont_know", "refused"], "missing"
    )
    kinds.loc[status == "ineligible", unknown] = "missing"
    return Answers(wave=wave, values=true.where(kinds == ANSWERED, None), kinds=kinds)


def class_of(variable: str) -> str:
    """Return the class of non-response of a variable: money, shares, scores or facts."""
    classes = {**{prefix: kind for kind, prefixes in CLASSES.items() for prefix in prefixes}, **BLOCKS}
    return next((kind for prefix, kind in classes.items() if variable.startswith(prefix)), "facts")


def _items_together(names: list[str]) -> list[list[str]]:
    """Return the variables that can go missing: blocks of shares together, the rest one by one."""
    blocks = [[name for name in names if name.startswith(prefix)] for prefix in BLOCKS]
    taken = {name for block in blocks for name in block} | set(ALWAYS_ANSWERED)
    return blocks + [[name] for name in names if name not in taken]


def _passed_over(
    rows: int, rate: float, kinds: dict[str, float], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    return rng.random(rows) < rate, rng.choice(list(kinds), size=rows, p=list(kinds.values()))
