from pathlib import Path

import pytest

from innosurvey import known, study
from innosurvey.derive import parse_derived
from innosurvey.errors import StudyError
from innosurvey.screen.spec import columns_needed, fail_if_screen_unknown, parse_score, parse_screen

SOFT = {"kind": "soft", "variables": ["sales_t"], "rule": "sales_t > 0"}
RATIO = {"kind": "previous_ratio", "variables": ["sales_t"]}
OUTLIER = {"kind": "outlier", "variables": ["sales_t"]}


def parse(entry):
    return parse_screen({"check": entry})["check"]


def test_what_is_left_out_has_its_default():
    spec = parse(RATIO)
    assert (spec.U, spec.A, spec.C, spec.minimum, spec.treatment) == (0.4, 0.05, 20, 30, "none")


def test_variables_are_compared_with_themselves_or_under_the_two_names():
    assert parse({"kind": "previous_ratio", "variables": ["a", "b"]}).pairs == (("a", "a"), ("b", "b"))
    spec = parse({"kind": "previous_ratio", "current": "sales_t2", "previous": "sales_t"})
    assert (spec.pairs, spec.variables) == ((("sales_t2", "sales_t"),), ("sales_t2",))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({**RATIO, "U": 1.5}, r"screen\.check\.U: expected a number from 0 to 1, not `1\.5`"),
        ({**RATIO, "C": 0}, r"screen\.check\.C: expected a number above 0, not `0`"),
        ({**RATIO, "A": -1}, r"screen\.check\.A: expected a number from 0, not `-1`"),
        ({**RATIO, "C": True}, "expected a number above 0, not `True`"),
        ({**RATIO, "minimum": 1}, "minimum: expected a number of firms from 2, not `1`"),
        ({**RATIO, "current": "x"}, "say which answers are compared"),
        ({"kind": "previous_ratio", "previous": "x"}, "say which answers are compared"),
        ({**RATIO, "cut": 3}, "unknown key `cut`"),
        ({**OUTLIER, "cut": 0}, "cut: expected a number above 0"),
        ({**OUTLIER, "side": "left"}, "side: `left` is not one of both, upper, lower"),
        ({**OUTLIER, "by": "size_class"}, "by: expected a list of variables"),
        ({"kind": "soft", "variables": ["sales_t"]}, "`rule` is missing"),
        ({**SOFT, "rule": "sales_t >"}, r"screen\.check\.rule: this does not read as an expression"),
        ({**SOFT, "treatment": "imput"}, r"treatment: `imput` is not one of none, impute\. Did you mean impute\?"),
        ({**SOFT, "kind": "sfot"}, r"kind: `sfot` is not one of .* Did you mean soft\?"),
        ({**SOFT, "rul": "x"}, r"unknown key `rul`\. Did you mean rule\?"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(entry, message):
    with pytest.raises(StudyError, match=message):
        parse(entry)


def test_a_check_cannot_have_the_name_of_a_hard_edit():
    with pytest.raises(StudyError, match="exports: the name is taken by a hard edit"):
        parse_screen({"exports": SOFT}, ["exports"])
    with pytest.raises(StudyError, match="range: the name is taken by the ledger"):
        parse_screen({"range": SOFT})


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({**SOFT, "rule": "sale_t > 0"}, r"screen\.check\.rule: there is no variable sale_t.*Did you mean sales_t\?"),
        ({**SOFT, "expected": "before_sales"}, r"check\.expected: there is no variable before_sales"),
        ({**SOFT, "variables": ["sales"]}, r"screen\.check: there is no variable sales\. Did you mean sales_t\?"),
        ({**RATIO, "by": ["industri"]}, r"there is no variable industri\. Did you mean industry\?"),
    ],
)
def test_a_variable_that_nothing_declares_is_refused_with_the_near_name(entry, message):
    import re

    with pytest.raises(StudyError, match=re.compile(message, re.DOTALL)):
        fail_if_screen_unknown(parse_screen({"check": entry}), {"sales_t", "industry"})


def test_only_the_columns_that_a_check_uses_are_asked_for():
    derived = parse_derived({"size": "employees_t > 9", "per_head": "ratio(sales_t, employees_t)"})
    entry = {**OUTLIER, "measure": "per_head", "by": ["size"], "expected": "before_sales_t1"}
    needed = columns_needed(parse_screen({"check": entry}), derived)
    assert set(needed) - set(derived) == {
        "_source_row", "wave", "firm_id", "sales_t", "sales_t_flag", "sales_t1", "employees_t",
    }  # fmt: skip


def test_the_score_has_defaults_and_refuses_what_is_no_cut():
    assert (parse_score(None).cut, parse_score(None).combine) == (0.001, "max")
    with pytest.raises(StudyError, match=r"score\.cut: expected a number above 0"):
        parse_score({"cut": 0})
    with pytest.raises(StudyError, match="combine: `mean` is not one of max, sum"):
        parse_score({"combine": "mean"})


def test_the_checks_of_the_project_can_be_read_and_name_only_declared_variables():

    for file in (None, study.STUDIES / "colombia_edits.yaml"):
        read = study.read(*study.BASE, *([file] if file else []))
        specs = parse_screen(read.programme["screen"], read.programme["edits"])
        fail_if_screen_unknown(specs, known.known_names(read, Path(study.ROOT)) | read.register_names)
        assert all(set(spec.text) == {"en", "ko"} for spec in specs.values())
