"""Claims as tables: what each hypothesis asks for, beside what was found."""

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.layout_claims import evidence_cell, least_cell
from innosurvey.report.lookup import Lookup
from innosurvey.report.sections import render_section

from .conftest import read_templates
from .made_up import MINIMUM_N, made_up_context
from .made_up_rows import made_up_row
from .test_layout_tables import text
from .test_wording import draft_of

ASKED = {"kind": "coefficient", "claim": "C1", "hypothesis": "h1", "matters": 0.05, "effect": 0.2, "suppressed": False}


@pytest.mark.parametrize(
    ("sign", "expected"),
    [("positive", "≥ +0.050"), ("negative", "≤ −0.050"), ("none", "within ±0.050"), ("differ", "≥ 0.050")],
)
def test_a_hypothesis_says_which_effect_it_asks_for(sign: str, expected: str):
    assert text(least_cell(draft_of(), made_up_row("hypotheses", {**ASKED, "sign": sign}))) == expected


@pytest.mark.parametrize(("verdict", "expected"), [("not estimable", ""), ("supported", "[c]")])
def test_what_the_data_lack_is_not_marked_as_confidential(verdict: str, expected: str):
    row = made_up_row("hypotheses", {**ASKED, "p": None, "verdict": verdict, "suppressed": True})
    assert text(evidence_cell(draft_of(), row, "p")) == expected


SECTION = {name: words for name, words in read_templates().items() if name.startswith("55_claims")}
ONE = {"claim": "C7", "verdict": "supported", "n": 500, "p_adjusted": 1.0, "reason": ""}
COUNTED = {"hypotheses": 1, "supported": 0, "checks": 0, "checks_agree": 0}
TESTED = {"hypothesis": "h1", "check": "main", "wave": "all", "kind": "coefficient", "cohort": "all", "group": "all",
          "reference": "", "item": "", "model": "m", "term": "x", "matters": 0.03, "effect": 0.142, "unit": "logit",
          "lower": 0.13, "upper": 0.15, "effect_size": None, "effect_kind": "", "p": 1.0}  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "verdict", "words"),
    [
        ("none", "reversed", "shown to be larger"),
        ("none", "not supported", "not shown to be smaller"),
        ("none", "supported", "p = 1.000"),
        ("positive", "reversed", "p = 1.000"),
    ],
)
def test_that_a_small_effect_is_not_borne_out_is_told_without_the_p_value_of_its_test(sign, verdict, words):
    row = {**ONE, "verdict": verdict}
    tables = {
        "claims": pd.DataFrame([{**row, **COUNTED}]),
        "hypotheses": pd.DataFrame([{**row, **TESTED, "sign": sign}]),
    }
    context = ReportContext.from_mapping(made_up_context())
    draft = Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={})
    told = render_section(next(iter(SECTION)), SECTION, draft).replace("\N{NO-BREAK SPACE}", " ")
    assert words in told
    assert ("p = 1.000" in told) == (words == "p = 1.000")
