import numpy as np
import pandas as pd
import pytest

from innosurvey import tables
from innosurvey.errors import StudyError
from innosurvey.screen.answers import screen_answers
from innosurvey.screen.spec import parse_screen
from innosurvey.screen.wave import Wave
from tests.screen.make import DERIVED, make_firms, screened

CHECKS = parse_screen(
    {
        "soft": {"kind": "soft", "variables": ["exp_rnd_in"], "rule": "exp_rnd_in <= sales_t"},
        "change": {"kind": "previous_ratio", "variables": ["sales_t"], "by": ["size_class"], "minimum": 5},
        "far": {"kind": "outlier", "variables": ["sales_t"], "cut": 3, "minimum": 5, "treatment": "impute"},
    }
)


def make_many(dictionary, wave="2020", seed=1, count=300):
    rng = np.random.default_rng(seed)
    sales = np.round(np.exp(rng.normal(5, 1, count)), 1)
    return make_firms(
        dictionary, wave, sales_t=sales.tolist(), exp_rnd_in=np.round(sales * rng.uniform(0, 1.2, count), 1).tolist(),
        employees_t=rng.integers(1, 30, count).tolist(),
    )  # fmt: skip


def run(dictionary, firms, previous=None):
    return screen_answers(Wave(firms=firms, previous=previous, dictionary=dictionary, derived=DERIVED), CHECKS)


def test_the_tables_keep_their_contracts_with_and_without_suspects(dictionary, tmp_path):
    for number, firms in enumerate([make_many(dictionary), make_many(dictionary).head(0)]):
        found = run(dictionary, firms, make_many(dictionary, "2018"))
        tables.write("suspects", found.suspects, tmp_path / f"{number}.parquet")
        tables.write("screen", found.summary, tmp_path / f"{number}.csv")
        assert len(tables.read("suspects", tmp_path / f"{number}.parquet")) == len(found.suspects)


def test_no_reported_value_is_stored(dictionary):
    suspects = run(dictionary, make_many(dictionary)).suspects
    assert list(suspects) == [
        "wave", "_source_row", "firm_id", "rule", "kind", "variable", "value_expected", "treatment"
    ]  # fmt: skip


def test_the_answers_stay_as_they_are(dictionary):
    firms = make_many(dictionary)
    before = firms.copy()
    run(dictionary, firms, make_many(dictionary, "2018"))
    pd.testing.assert_frame_equal(firms, before)


def test_the_order_of_the_rows_does_not_matter(dictionary):
    firms, previous = make_many(dictionary), make_many(dictionary, "2018", seed=2)
    shuffled = firms.sample(frac=1, random_state=3)
    found = run(dictionary, firms, previous)
    again = run(dictionary, shuffled, previous.sample(frac=1, random_state=4))
    pd.testing.assert_frame_equal(found.suspects, again.suspects)
    pd.testing.assert_frame_equal(found.summary, again.summary)
    assert len(found.suspects) > 10


def test_counts_are_those_of_the_suspects(dictionary):
    found = run(dictionary, make_many(dictionary), make_many(dictionary, "2018", seed=2))
    counted = found.suspects.groupby(["rule", "variable"]).size()
    flagged = found.summary.set_index(["rule", "variable"])["flagged"]
    assert counted.to_dict() == flagged[flagged > 0].to_dict()
    assert (found.summary["flagged"] <= found.summary["checked"]).all()


def test_a_check_whose_variables_the_wave_lacks_is_listed_as_not_checked(dictionary):
    found = run(dictionary, make_firms(dictionary, sales_t=[1.0]))
    reasons = found.summary.set_index("rule")["reason"]
    assert reasons["soft"] == "needs exp_rnd_in"
    assert reasons["far"] == ""


def test_an_expected_value_that_the_wave_lacks_leaves_the_check_s_own(dictionary):
    entry = {"kind": "outlier", "variables": ["sales_t"], "minimum": 2, "expected": "register_sales"}
    found = screened(dictionary, entry, make_firms(dictionary, sales_t=[8.0, 16.0, 32.0, 64.0, 128.0, 2.0**40]))
    assert found.suspects["value_expected"].notna().all()


def test_a_variable_without_any_answer_is_checked_for_nobody(dictionary):
    empty = make_firms(dictionary, sales_t=[None] * 5)
    for kind in ({"kind": "outlier"}, {"kind": "previous_ratio"}, {"kind": "soft", "rule": "sales_t > 0"}):
        found = screened(dictionary, {**kind, "variables": ["sales_t"]}, empty, empty)
        assert found.summary[["checked", "flagged"]].to_numpy().tolist() == [[0, 0]]


def test_doubt_cannot_be_cast_on_a_derived_variable(dictionary):
    entry = {"kind": "outlier", "variables": ["sales_per_head"]}
    with pytest.raises(StudyError, match=r"sales_per_head is derived.*\n.*\(sales_t, employees_t\)"):
        screened(dictionary, entry, make_firms(dictionary, sales_t=[1.0]))


def test_doubt_cannot_be_cast_on_what_a_register_says(dictionary):
    firms = make_firms(dictionary, sales_t=[1.0]).assign(register_sales=2.0)
    with pytest.raises(StudyError, match="register_sales is no answer to the survey"):
        screened(dictionary, {"kind": "outlier", "variables": ["register_sales"]}, firms)


def test_an_unknown_variable_is_refused_with_the_near_name(dictionary):
    entry = {"kind": "soft", "variables": ["sale_t"], "rule": "sales_t > 0"}
    with pytest.raises(StudyError, match=r"there is no variable sale_t\. Did you mean sales_t\?"):
        screened(dictionary, entry, make_firms(dictionary, sales_t=[1.0]))
