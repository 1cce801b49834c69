"""Claims as tables: what each hypothesis asks for, beside what was found."""

import pytest

from innosurvey.report.layout_claims import evidence_cell, least_cell
from innosurvey.report.lookup import Row

from .test_layout_tables import text
from .test_wording import draft_of

ASKED = {"kind": "coefficient", "claim": "C1", "hypothesis": "h1", "matters": 0.05, "effect": 0.2, "suppressed": False}


@pytest.mark.parametrize(
    ("sign", "expected"),
    [("positive", "≥ +0.050"), ("negative", "≤ −0.050"), ("none", "within ±0.050"), ("differ", "≥ 0.050")],
)
def test_a_hypothesis_says_which_effect_it_asks_for(sign: str, expected: str):
    assert text(least_cell(draft_of(), Row("hypotheses", {**ASKED, "sign": sign}))) == expected


@pytest.mark.parametrize(("verdict", "expected"), [("not estimable", ""), ("supported", "[c]")])
def test_what_the_data_lack_is_not_marked_as_confidential(verdict: str, expected: str):
    row = Row("hypotheses", {**ASKED, "p": None, "verdict": verdict, "suppressed": True})
    assert text(evidence_cell(draft_of(), row, "p")) == expected
