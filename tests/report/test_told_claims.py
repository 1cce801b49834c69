"""What sentences tell of a claim."""

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.told_claims import ClaimTold, claims_told, sureness

from .made_up import MINIMUM_N, made_up_context
from .made_up_rows import made_up_row

CLAIM = {"claim": "C7", "verdict": "supported", "hypotheses": 2, "supported": 2, "p_adjusted": 0.01, "checks": 0,
         "checks_agree": 0, "reason": "", "n": 500}  # fmt: skip


def told(*hypotheses: str, **claim: object) -> ClaimTold:
    """Return what is told of one claim whose hypotheses have these verdicts."""
    main = {"claim": "C7", "check": "main", "sign": "positive", "p_adjusted": 0.01, "n": 500}
    found = [{**main, "hypothesis": f"h{place}", "verdict": verdict} for place, verdict in enumerate(hypotheses)]
    tables = {"claims": pd.DataFrame([{**CLAIM, **claim}]), "hypotheses": pd.DataFrame(found)}
    context = ReportContext.from_mapping(made_up_context())
    (one,) = claims_told(Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={}))
    return one


def test_a_hypothesis_that_was_not_judged_is_not_told():
    assert [one.row["hypothesis"] for one in told("supported", "not estimable").hypotheses] == ["h0"]


@pytest.mark.parametrize(
    ("sign", "verdict", "p", "expected"),
    [
        ("none", "reversed", 0.9, "larger"),
        ("none", "not supported", 0.9, "not_smaller"),
        ("none", "supported", 0.01, "p"),
        ("positive", "reversed", 0.01, "p"),
        ("positive", "supported", None, ""),
    ],
)
def test_how_sure_a_small_effect_is_goes_by_what_was_shown(sign, verdict, p, expected):
    cells = {"sign": sign, "verdict": verdict, "p_adjusted": p, "suppressed": False}
    assert sureness(made_up_row("hypotheses", cells)) == expected


@pytest.mark.parametrize(
    ("verdict", "supported", "partly"),
    [("not supported", 1, True), ("not supported", 0, False), ("supported", 2, False), ("reversed", 1, False)],
)
def test_a_claim_that_is_not_supported_may_hold_in_part(verdict, supported, partly):
    assert told("supported", verdict=verdict, supported=supported).partly is partly


@pytest.mark.parametrize(("verdict", "lacks"), [("not estimable", True), ("not supported", False)])
def test_only_of_a_claim_without_a_verdict_it_is_told_what_the_data_lack(verdict, lacks):
    assert told("supported", verdict=verdict, reason="it needs x").lacks is lacks


@pytest.mark.parametrize(
    ("checks", "agree", "expected"), [(0, 0, ""), (3, 3, "all"), (3, 2, "most"), (3, 1, "few"), (3, 0, "few")]
)
def test_checks_come_to_the_same_all_or_in_part(checks, agree, expected):
    assert told("supported", checks=checks, checks_agree=agree).checks == expected
