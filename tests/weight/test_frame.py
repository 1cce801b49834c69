"""Who was drawn with which weight: strata that join, and weights that the survey brings."""

import pandas as pd
import pytest

from innosurvey.errors import DataError, StudyError
from innosurvey.weight import frame_columns, parse_weights, survey_columns
from tests.weight.make import make_frame, weigh_frame, weigh_given

ROWS = [("a1", True, "complete")] * 3 + [("a2", True, "complete")] + [("a3", True, "refusal")] * 2
FRAME = make_frame([*ROWS, ("a3", False, None)])


def test_strata_with_few_answers_join_the_next_of_their_chain():
    # a2 has one answer and joins a3, which has none of its own; together they have one, and join a1.
    result = weigh_frame(FRAME, {"collapse_below": 2, "order": [["a1", "a2", "a3"]]})
    assert result.design["stratum_id"].unique().tolist() == ["a1"]
    assert result.design["weight_final"].sum() == pytest.approx(7)


def test_only_silent_strata_join_unless_more_is_said():
    result = weigh_frame(FRAME, {"order": [["a1", "a2", "a3"]]})
    assert result.weights["stratum_id"].to_list() == ["a1", "a2", "all"]
    assert result.weights["population"].to_list() == [3, 4, 7]


def test_given_weights_are_taken_as_they_are():
    firms = pd.DataFrame({"weight_design": [2.0, 3.5], "stratum_id": ["a", "b"], "pop_n_stratum": [1, 7]})
    design = weigh_given(firms, None).design
    assert design["weight_final"].to_list() == [2.0, 3.5]
    assert (design["pop_n_stratum"].to_list(), design["certainty"].to_list()) == ([1, 7], [True, False])


@pytest.mark.parametrize(
    ("population", "words"), [([1, 1, 9], "a: 1 firms, of which 2 answered"), ([5, 6, 9], "a: 5 and 6 firms")]
)
def test_a_given_population_that_cannot_be_right_is_named_by_stratum(population, words):
    firms = pd.DataFrame({"weight_design": 2.0, "stratum_id": ["a", "a", "b"], "pop_n_stratum": population})
    with pytest.raises(DataError, match=f"wave 2018: pop_n_stratum.*\n  - {words}\nCorrect the column"):
        weigh_given(firms, None)


@pytest.mark.parametrize("weight", [None, 0.0, -4567.0, float("inf")])
def test_a_given_weight_that_is_none_is_named_by_row_not_by_value(weight):
    with pytest.raises(DataError) as caught:
        weigh_given(pd.DataFrame({"weight_design": [2.0, weight]}), None)
    assert "wave 2018, row 3: the design weight (weight_design) is missing, zero or negative" in str(caught.value)
    assert "4567" not in str(caught.value)


def test_a_survey_without_its_weights_is_told_so():
    with pytest.raises(StudyError, match="no column weight_design"):
        weigh_given(pd.DataFrame({"weight_desing": [2.0]}), None)


def test_a_stratum_stands_in_one_chain_only():
    with pytest.raises(StudyError, match="a stratum stands in it twice"):
        parse_weights({"method": "frame", "order": [["a", "b"], ["b", "c"]]})


def test_response_classes_need_a_frame():
    with pytest.raises(StudyError, match="needs the firms that did not answer"):
        parse_weights({"method": "given", "response": {"method": "classes", "by": ["gu"]}})


def test_only_the_columns_that_are_needed_are_read():
    spec = parse_weights(
        {"method": "frame", "calibrate": {"method": "raking", "margins": {"x": {"by": ["gu"], "of": "employees"}}}}
    )
    assert survey_columns(spec) == ("_source_row", "firm_id", "wave")
    assert {"gu", "employees", "sampled"} <= set(frame_columns(spec))
    assert "count" not in frame_columns(spec)
