"""Edits that cannot work are refused before there are data."""

import pytest

from innosurvey import files
from innosurvey.clean import fail_if_edits_do_not_fit, parse_edits
from innosurvey.errors import StudyError
from innosurvey.study import ROOT

DICTIONARY = files.read_dictionary(ROOT / "resources/dictionary/variables.csv")


def logical(rule, **more):
    return {"kind": "logical", "rule": rule, **more}


def balance(*variables):
    return {"kind": "balance", "variables": list(variables), "total": 100}


def in_unit(variable, reference):
    return {"kind": "unit", "variable": variable, "reference": reference, "factors": [1000], "band": 3}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (logical("employees_t > 'ten'"), "a number is compared with text"),
        (logical("rnd_inhouse == 'nonne'"), r"no level 'nonne'(.|\n)*Did you mean none\?"),
        (logical("employees_t + 1"), "a rule says yes or no, and `employees_t . 1` does not"),
        (logical("employees_t > 0", correct={"employees_t": "'many'"}), "`'many'` is no value that employees_t can"),
        (logical("employees_t > 0", correct={"rnd_inhouse": "1"}), "`1` is no value that rnd_inhouse can have"),
        (balance("fin_own", "rnd_inhouse"), "a balance edit is about numbers, and rnd_inhouse is enum"),
        ({"kind": "range", "variable": "rnd_inhouse", "minimum": 0}, "a range edit is about numbers"),
        (in_unit("sales_t", "rnd_inhouse"), "a reference is a number, and `rnd_inhouse` does not"),
        (logical("reported(sales_t)", blank=["sales_t"]), "a firm that answered nothing fails it"),
    ],
)
def test_what_does_not_fit_the_dictionary_is_refused(entry, words):
    with pytest.raises(StudyError, match=f"edits.e(.|\n)*{words}"):
        fail_if_edits_do_not_fit(parse_edits({"e": entry}), DICTIONARY)


@pytest.mark.parametrize(
    "entry",
    [
        logical("employees_t > 0", correct={"employees_t": "employees_t1"}),
        logical("not reported(exp_rnd_in) or rnd_inhouse != 'none'"),
        {"kind": "drop", "rule": "not reported(sales_t)"},
        in_unit("sales_t", "register_sales"),
    ],
)
def test_what_fits_or_depends_on_a_register_is_left(entry):
    fail_if_edits_do_not_fit(parse_edits({"e": entry}), DICTIONARY)
