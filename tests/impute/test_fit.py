"""A method that does not suit what it imputes is refused with its place."""

import pytest

from innosurvey.errors import StudyError
from tests.impute.make import impute, make_wave

PARTS = {"variables": ["fin_own", "rnd_inhouse"], "total": 100}


def rule(value, **more):
    return {"methods": [{"method": "rule", "value": value, **more}]}


@pytest.mark.parametrize(
    ("name", "step", "words"),
    [
        (
            "sales_t",
            {"methods": [{"method": "ratio", "to": "rnd_inhouse"}]},
            "`ratio` reckons with amounts, and rnd_in",
        ),
        ("rnd_inhouse", {"methods": ["previous"]}, "`previous` reckons with amounts, and rnd_inhouse is enum"),
        (
            "rnd_inhouse",
            {"methods": [{"method": "previous", "of": "sales_t", "trend": "none"}]},
            "sales_t is no answer that rnd_inhouse can have",
        ),
        ("parts", PARTS | {"methods": ["prorate"]}, "`prorate` reckons with amounts"),
        ("parts", PARTS | {"methods": ["donor"]}, "parts of a total are amounts"),
        ("sales_t", {"methods": ["donor"], "at_most": "rnd_inhouse"}, "`rnd_inhouse` is no number"),
        (
            "sales_t",
            {"methods": [{"method": "donor", "distance": {"rnd_inhouse": "log"}}]},
            "`rnd_inhouse` is no number",
        ),
        ("sales_t", rule("'x'"), "`'x'` is no value that sales_t .float. can have"),
        ("rnd_inhouse", rule("3"), "`3` is no value that rnd_inhouse"),
        ("rnd_inhouse", rule("'nonne'"), r"none of its levels. Did you mean none\?"),
        ("sales_t", rule("1", when="sales_t1"), "`when: sales_t1` says neither yes nor no"),
    ],
)
def test_a_method_for_another_type_is_refused(dictionary, name, step, words):
    firms = make_wave(
        dictionary,
        sales_t=[None, 2.0],
        sales_t1=[1.0, 2.0],
        rnd_inhouse=[None, "none"],
        fin_own=[None, 50.0],
        exports_t=[1.0, 1.0],
    )
    with pytest.raises(StudyError, match=f"imputation.steps.{name}(.|\n)*{words}"):
        impute(firms, dictionary, {name: step}, classes=[[]], before=firms)


def test_an_answer_of_another_type_is_carried_as_it_was(dictionary):
    firms = make_wave(dictionary, rnd_inhouse=[None], sales_t=[1.0])
    before = make_wave(dictionary, rnd_inhouse=["none"], sales_t=[1.0])
    step = {"methods": [{"method": "previous", "trend": "none"}]}
    assert impute(firms, dictionary, {"rnd_inhouse": step}, before=before).firms["rnd_inhouse"].tolist() == ["none"]
