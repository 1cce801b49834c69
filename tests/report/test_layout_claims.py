"""Claims as tables: what each hypothesis asks for, beside what was found."""

import pytest

from innosurvey.report.layout_claims import least_cell
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
