"""A made-up policy frame for the report's tests, filled by the frame itself from rows of the made-up stages."""

from typing import Any

import pandas as pd

from innosurvey.policy.frame import Limits, frame_policy
from innosurvey.policy.recommendations import choose_recommendations
from innosurvey.policy.spec import VERDICTS, PolicySpec, parse_policy

STAGES = ("startup", "mature", "decline")
SECTION: dict[str, Any] = {
    "stage": "stage_self",
    "need": 20,
    "reach": 10,
    "success": {"cohort": "outcome_goal", "succeeded": "success", "failed": "failure"},
    "governments": {"central": {"title": "Central government"}, "local": {"title": "The city"}},
    "fields": {
        "financing": {
            "title": "Financing",
            "barriers": ["high_own_funds", "high_external_finance"],
            "instruments": {
                "loan": {
                    "title": "Loans",
                    "used": {"central": "central_loan", "local": "local_loan"},
                    "association": "used_loan",
                }
            },
        },
        "incubation": {"title": "Incubation", "barriers": ["high_capability"]},
    },
    "recommendations": {
        "funds": {
            "field": "financing",
            "claim": "C7",
            "verdicts": ["supported"],
            "cells": {"actions": ["extend", "pilot"]},
            "text": "Reach more firms. Few use what there is.",
        },
        "no_list": {"claim": "C7", "verdicts": list(VERDICTS[1:]), "text": "Go by the frame. No barrier stands out."},
    },
}


def share(group: str, item: str, estimate: float, n: int = 500) -> dict[str, object]:
    """One row of describe.csv."""
    return {
        "cohort": "stage_self", "group": group, "wave": "all", "item": item, "statistic": "share", "n": n,
        "estimate": estimate, "se": 1.0, "lower": estimate - 2, "upper": estimate + 2, "status": "ok",
    }  # fmt: skip


def made_up_frame(association: float = 0.5, too_few: str = "decline") -> pd.DataFrame:
    """Return policy.csv of three stages; of one (`too_few`) too few firms answered about own funds and city loans."""
    described = [
        share(group, item, estimate, 9 if group == too_few and item in ("high_own_funds", "local_loan") else 500)
        for group in STAGES
        for item, estimate in (
            ("high_own_funds", 30.0), ("high_external_finance", 24.0),
            ("high_capability", 26.0 if group == "startup" else 15.0), ("central_loan", 15.0), ("local_loan", 5.0),
        )
    ]  # fmt: skip
    compared = {
        "cohort": "outcome_goal", "group": "failure", "reference": "success", "wave": "all", "item": "used_loan",
        "statistic": "share", "n_group": 300, "n_reference": 400, "difference": -association, "se": 1.0,
        "lower": -association - 2, "upper": -association + 2, "p_adjusted": 0.01 if abs(association) > 2 else 0.6,
        "status": "ok",
    }  # fmt: skip
    tables = {"describe": pd.DataFrame(described), "compare": pd.DataFrame([compared])}
    return frame_policy(declared(), STAGES, tables, {}, Limits(confidence=0.95, minimum_n=10))


def made_up_recommendations(frame: pd.DataFrame, verdict: str = "supported") -> pd.DataFrame:
    """Return recommendations.csv where the claim has this verdict."""
    claims = pd.DataFrame({"claim": ["C7"], "verdict": [verdict]})
    return choose_recommendations(declared(), frame, claims)


def declared() -> PolicySpec:
    """Return the made-up frame as declared."""
    spec = parse_policy(SECTION)
    assert spec is not None
    return spec


def policy_words() -> dict[str, dict[str, str]]:
    """Return the words of the frame, as the setting has them."""
    return {
        "governments": {name: one["title"] for name, one in SECTION["governments"].items()},
        "fields": {name: one["title"] for name, one in SECTION["fields"].items()},
        "instruments": {"loan": "Loans"},
        "recommendations": {name: one["text"] for name, one in SECTION["recommendations"].items()},
    }
