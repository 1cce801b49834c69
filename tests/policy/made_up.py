"""A small frame made up for the tests: two fields, two governments, a row or two of each table."""

import pandas as pd

from innosurvey.policy.frame import Limits, frame_policy
from innosurvey.policy.spec import VERDICTS, parse_policy

LIMITS = Limits(confidence=0.95, minimum_n=10)
SECTION = {
    "stage": "stage",
    "need": 20,
    "reach": 10,
    "success": {"cohort": "outcome", "succeeded": "success", "failed": "failure"},
    "governments": {"central": {"title": "Central"}, "local": {"title": "Seoul"}},
    "fields": {
        "financing": {
            "title": "Financing",
            "barriers": ["no_funds"],
            "instruments": {
                "loan": {
                    "title": "Loans",
                    "used": {"central": "central_loan", "local": "local_loan"},
                    "association": "used_loan",
                }
            },
        },
        "incubation": {"title": "Incubation", "barriers": ["no_partners"]},
    },
}
ANSWER = {"text": "Lend more", "claim": "C7", "verdicts": list(VERDICTS)}


def share(item, estimate, margin=2.0, group="startup", n=500, status="ok", **key):
    """One row of describe.csv, as far as the frame reads it."""
    return {
        "cohort": "stage", "group": group, "wave": "all", "item": item, "statistic": "share", "n": n,
        "estimate": estimate, "se": margin / 2, "lower": estimate - margin, "upper": estimate + margin,
        "status": status, **key,
    }  # fmt: skip


def difference(points, p_adjusted=0.001, item="used_loan", group="failure", reference="success", n=300, **key):
    """One row of compare.csv: failed firms against those that succeeded."""
    return {
        "cohort": "outcome", "group": group, "reference": reference, "wave": "all", "item": item, "statistic": "share",
        "n_group": n, "n_reference": 400, "difference": points, "se": 1.0, "lower": points - 2, "upper": points + 2,
        "p_adjusted": p_adjusted, "status": "ok", **key,
    }  # fmt: skip


NEED, NO_PARTNERS = share("no_funds", 30.0), share("no_partners", 25.0)
HELPFUL = difference(-5.0)
CENTRAL, LOCAL = share("central_loan", 15.0), share("local_loan", 5.0)


def tables(describe=(NEED, NO_PARTNERS, CENTRAL, LOCAL), compare=(HELPFUL,)):
    """The gathered tables that the frame reads, with the rows given."""
    return {
        "describe": pd.DataFrame(list(describe), columns=list(NEED)),
        "compare": pd.DataFrame(list(compare), columns=list(difference(0))),
    }


def spec(**changes):
    """The parsed frame with other entries."""
    return parse_policy({**SECTION, **changes})


def frame(declared=None, groups=("startup",), absent=None, **rows):
    """The filled frame."""
    return frame_policy(declared or spec(), groups, tables(**rows), absent or {}, LIMITS)


def cell(filled, government="local", field="financing", group="startup"):
    """One row of a filled frame."""
    chosen = (filled["government"] == government) & (filled["field"] == field) & (filled["group"] == group)
    return filled[chosen].iloc[0]


def verdicts(**by_claim):
    """The table of claims with these verdicts."""
    return pd.DataFrame({"claim": list(by_claim), "verdict": list(by_claim.values())})
