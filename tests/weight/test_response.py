"""Response: who stands for the firms that did not answer."""

import pytest

from innosurvey.errors import DataError, StudyError
from innosurvey.weight import parse_weights
from tests.weight.make import make_frame, weigh_frame

# One stratum of 20, 10 drawn (design weight 2): in the north 2 of 4 answered, in the south 4 of 6.
ROWS = [("s", True, "complete" if number < 2 else "refusal", "north", "old") for number in range(4)]
ROWS += [("s", True, "complete" if number < 4 else "refusal", "south", "old") for number in range(6)]
ROWS += [("s", False, None, "south", "new")] * 10
FRAME = make_frame(ROWS, ["gu", "age"])


def test_firms_of_a_class_stand_for_each_other():
    result = weigh_frame(FRAME, {"response": {"method": "classes", "by": ["gu"]}})
    assert result.design["factor_response"].to_list() == pytest.approx([2, 2, 1.5, 1.5, 1.5, 1.5])
    assert result.design["weight_final"].sum() == pytest.approx(20)


def test_a_class_with_few_answers_is_named():
    with pytest.raises(DataError, match=r"north: 2 firms answered[\s\S]*small: collapse"):
        weigh_frame(FRAME, {"response": {"method": "classes", "by": ["gu"], "minimum": 3}})


def test_a_small_class_is_one_group_with_all_others_of_its_coarser_class():
    # 2 answers of the old in the north are too few: all the old are one group, of whom 6 of 10 answered
    entry = {"method": "classes", "by": ["age", "gu"], "minimum": 3, "small": "collapse"}
    result = weigh_frame(FRAME, {"response": entry})
    assert result.weighting.loc[1, "note"] == "6 firms in coarser groups"
    assert result.design["factor_response"].to_list() == pytest.approx([10 / 6] * 6)


def test_a_class_in_which_nobody_answered_is_stood_for_by_its_coarser_class():
    # of 10 drawn in the west 4 answered, all of the old; nobody of the 3 young did; the east stays as it is
    rows = [("s", True, "complete" if number < 4 else "refusal", "west", "old") for number in range(7)]
    rows += [("s", True, "refusal", "west", "young")] * 3
    rows += [("s", True, "complete" if number < 5 else "refusal", "east", "old") for number in range(10)]
    entry = {"method": "classes", "by": ["gu", "age"], "minimum": 2, "small": "collapse"}
    design = weigh_frame(make_frame(rows, ["gu", "age"]), {"response": entry}).design
    assert design["factor_response"].to_list() == pytest.approx([10 / 4] * 4 + [10 / 5] * 5)


def test_gaps_in_a_column_of_the_classes_are_counted():
    frame = FRAME.assign(gu=[None, *FRAME["gu"].iloc[1:]])
    with pytest.raises(DataError, match="1 firms drawn have no gu in the frame"):
        weigh_frame(frame, {"response": {"method": "classes", "by": ["gu"]}})


def test_direct_propensities_of_one_dummy_are_the_classes_rates():
    entry = {"method": "propensity", "by": ["gu"], "direct": True}
    factors = weigh_frame(FRAME, {"response": entry}).design["factor_response"]
    assert factors.to_list() == pytest.approx([2, 2, 1.5, 1.5, 1.5, 1.5], rel=1e-5)  # the logit's own tolerance


def test_propensity_groups_keep_the_population():
    result = weigh_frame(FRAME, {"response": {"method": "propensity", "by": ["gu"], "groups": 2}})
    assert result.design["factor_response"].to_list() == pytest.approx([2, 2, 1.5, 1.5, 1.5, 1.5])


def test_a_level_in_which_nobody_answered_has_no_propensity():
    frame = FRAME.assign(gu=["north"] * 4 + ["south"] * 4 + ["west"] * 2 + ["south"] * 10)
    with pytest.raises(DataError, match="no firm with gu west answered"):
        weigh_frame(frame, {"response": {"method": "propensity", "by": ["gu"]}})


def test_without_adjustment_only_the_design_counts():
    result = weigh_frame(FRAME, {"response": {"method": "none"}})
    assert result.design["weight_final"].to_list() == [2.0] * 6


def test_firms_of_unknown_scope_count_by_the_share_of_their_stratum():
    # 10 drawn of 20: 3 answered, 1 closed, 4 not reached. Of those known 3 of 4 are in scope, so 3 + 4 · 3/4 = 6 are.
    rows = [("s", True, "complete")] * 3 + [("s", True, "closed")] + [("s", True, "noncontact")] * 4
    frame = make_frame(rows + [("s", False, None)] * 8)
    result = weigh_frame(frame, {"unknown_scope": ["noncontact"]})
    assert result.design["weight_final"].sum() == pytest.approx(16 * 6 / 8)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"method": "clases", "by": ["gu"]}, "Did you mean classes?"),
        ({"method": "classes"}, "needs `by:`"),
        ({"method": "stratum", "by": ["gu"]}, "takes no columns"),
        ({"method": "classes", "by": ["gu"], "minimum": 0}, "minimum is 0"),
    ],
)
def test_a_mistake_in_the_declaration_is_named(entry, words):
    with pytest.raises(StudyError) as caught:
        parse_weights({"method": "frame", "response": entry})
    assert words in str(caught.value)


def test_a_column_that_the_frame_lacks_is_named():
    with pytest.raises(StudyError, match="no column guu"):
        weigh_frame(FRAME, {"response": {"method": "classes", "by": ["guu"]}})
