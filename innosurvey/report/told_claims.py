"""What sentences tell of a claim: how sure its hypotheses are, whether it holds in part, and what the checks say."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from innosurvey.report.draft import Draft
from innosurvey.report.layout_claims import MAIN, judged
from innosurvey.report.lookup import Row

SOLID_SHARE = 2 / 3
"""The share of its checks below which a verdict is called fragile."""

Sureness = Literal["larger", "not_smaller", "p", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisTold:
    """One hypothesis with a verdict. Of a claim that an effect is small it is told whether the effect was shown to be
    `larger`, or `not_smaller` than what matters; of any other, and where the claim holds, its `p`, if there is one.
    """

    row: Row
    sureness: Sureness


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTold:
    """One claim: its judged hypotheses, whether the data `lack` what it takes, whether it holds `partly`, and how
    far its checks agree with the verdict (`checks_of`).
    """

    row: Row
    hypotheses: tuple[HypothesisTold, ...]
    lacks: bool
    partly: bool
    checks: str


def claims_told(draft: Draft) -> list[ClaimTold]:
    """Return all claims in their order, as sentences tell them."""
    return [_claim(draft, row) for row in draft.lookup.rows("claims")]


def _claim(draft: Draft, row: Row) -> ClaimTold:
    hypotheses = judged(draft.lookup.rows("hypotheses", claim=row["claim"], check=MAIN))
    return ClaimTold(
        row=row,
        hypotheses=tuple(HypothesisTold(row=one, sureness=sureness(one)) for one in hypotheses),
        lacks=not judged([row]) and bool(row["reason"]),
        partly=row["verdict"] == "not supported" and bool(row["supported"] > 0),
        checks=checks_of(row),
    )


def checks_of(row: Row) -> str:
    """Return how far the checks of a claim agree with its verdict: `all`, `most`, `few`, or none were made (empty)."""
    checks = float(row["checks"]) if row["checks"].available else 0
    if not checks:
        return ""
    share = float(row["checks_agree"]) / checks
    return "all" if share == 1 else "most" if share >= SOLID_SHARE else "few"


def sureness(one: Row) -> Sureness:
    """Return how sure a hypothesis is said to be."""
    if one["sign"] == "none" and one["verdict"] != "supported":
        return "larger" if one["verdict"] == "reversed" else "not_smaller"
    return "p" if one["p_adjusted"].available else ""


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the chapter's template calls."""
    return {"claims_told": partial(claims_told, draft)}
