"""Weights: what one answer stands for."""

import pandas as pd
import pytest

from innosurvey.errors import DataError, StudyError
from innosurvey.weight import parse_weights, weight_sample

FRAME = parse_weights({"method": "frame"})


def make_frame(strata: dict[str, tuple[int, int, int]], wave: str = "2018") -> pd.DataFrame:
    """Strata by name: firms, of them drawn, of the drawn out of scope."""
    rows = []
    for stratum, (population, drawn, out) in strata.items():
        for number in range(population):
            status = "closed" if number < out else "complete"
            rows.append((f"{stratum}{number}", stratum, number < drawn, status if number < drawn else None, wave))
    frame = pd.DataFrame(rows, columns=["firm_id", "stratum_id", "sampled", "response_status", "wave"])
    return frame.assign(_source_row=range(2, len(frame) + 2))


def make_firms(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({"_source_row": range(2, len(ids) + 2), "wave": "2018", "firm_id": list(ids)})


def weights_of(result) -> dict[str, float]:
    return dict(zip(result.design["firm_id"], result.design["weight_final"], strict=True))


def test_a_hand_computed_stratum():
    # 10 firms, 5 drawn, none out of scope, 2 answered: design 10/5 = 2, final 2 * 5/2 = 5.
    result = weight_sample(make_firms("a0", "a1"), make_frame({"a": (10, 5, 0)}), FRAME)
    row = result.design.iloc[0]
    assert (row["pop_n_stratum"], row["sample_n_stratum"], row["weight_design"], row["weight_final"]) == (
        10,
        2,
        2.0,
        5.0,
    )


def test_firms_out_of_scope_shrink_the_population():
    # Of 5 drawn 2 are closed, so 10 * 3/5 = 6 firms are in scope, and 2 answers stand for them: 3 each.
    result = weight_sample(make_firms("a3", "a4"), make_frame({"a": (10, 5, 2)}), FRAME)
    assert weights_of(result) == {"a3": pytest.approx(3), "a4": pytest.approx(3)}


def test_the_weights_add_up_to_the_frame():
    result = weight_sample(make_firms("a0", "a1", "b0"), make_frame({"a": (10, 5, 0), "b": (3, 3, 0)}), FRAME)
    assert result.design["weight_final"].sum() == pytest.approx(13)


def test_a_stratum_in_which_all_answered_is_certain():
    result = weight_sample(make_firms("a0", "b0", "b1"), make_frame({"a": (10, 5, 0), "b": (2, 2, 0)}), FRAME)
    assert result.design["certainty"].to_list() == [False, True, True]


def test_a_silent_stratum_is_refused_with_its_neighbours():
    with pytest.raises(DataError, match=r"b: 4 firms, 2 drawn[\s\S]*collapse: \{b: <stratum>\}[\s\S]*with answers: a"):
        weight_sample(make_firms("a0"), make_frame({"a": (10, 5, 0), "b": (4, 2, 0)}), FRAME)


def test_a_silent_stratum_joins_its_declared_neighbour():
    spec = parse_weights({"method": "frame", "collapse": {"b": "a"}})
    result = weight_sample(make_firms("a0"), make_frame({"a": (10, 5, 0), "b": (4, 2, 0)}), spec)
    assert weights_of(result) == {"a0": pytest.approx(14)}


def test_a_stratum_whose_drawn_firms_are_all_out_of_scope_needs_no_answer():
    result = weight_sample(make_firms("a0"), make_frame({"a": (10, 5, 0), "b": (4, 2, 2)}), FRAME)
    assert result.weights["stratum_id"].to_list() == ["a", "all"]


def test_a_firm_that_the_frame_lacks_is_named_by_row():
    with pytest.raises(DataError, match="wave 2018, row 3: the sampling frame does not have the firm"):
        weight_sample(make_firms("a0", "x9"), make_frame({"a": (10, 5, 0)}), FRAME)


def test_the_frame_of_another_wave_does_not_count():
    frame = pd.concat([make_frame({"a": (10, 5, 0)}), make_frame({"a": (99, 5, 0)}, "2020")])
    assert weight_sample(make_firms("a0"), frame, FRAME).design["pop_n_stratum"].to_list() == [10]


def test_the_design_effect_is_that_of_kish():
    # Weights 10 and 2: 2 * (100 + 4) / 144.
    result = weight_sample(make_firms("a0", "b0"), make_frame({"a": (10, 10, 0), "b": (2, 2, 0)}), FRAME)
    assert result.weights["deff"].iloc[-1] == pytest.approx(2 * 104 / 144)


def test_without_a_frame_each_firm_stands_for_itself():
    result = weight_sample(make_firms("a0", "a1"), None, parse_weights({"method": "none"}))
    assert weights_of(result) == {"a0": 1.0, "a1": 1.0}
    assert result.design["pop_n_stratum"].isna().all()


def test_the_design_holds_no_answers_and_its_factors_multiply_to_the_final_weight():
    firms = make_firms("a0", "a1").assign(sales_t=5.0, weight_final=7.0)
    design = weight_sample(firms, make_frame({"a": (10, 5, 1)}), FRAME).design
    assert "sales_t" not in design
    factors = ["weight_design", "factor_response", "factor_calibration", "factor_trimming"]
    assert design[factors].prod(axis=1).to_list() == design["weight_final"].to_list()


def test_formats_of_the_firm_id_may_differ():
    frame = make_frame({"a": (1, 1, 0)}).assign(firm_id="123-45-67891")
    assert len(weight_sample(make_firms("1234567891"), frame, FRAME, "krw_brn").design) == 1


def test_a_firm_that_stands_twice_in_the_frame_is_refused():
    frame = make_frame({"a": (2, 2, 0)}).assign(firm_id="a0")
    with pytest.raises(DataError, match="rows 2, 3: a firm stands twice"):
        weight_sample(make_firms("a0"), frame, FRAME)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"method": "fram"}, "Did you mean frame?"),
        ({"method": "frame", "strata": "x"}, "Did you mean stratum?"),
        ({"method": "frame", "collapse": {"a": "b", "b": "c"}}, "collapsed itself"),
    ],
)
def test_a_mistake_in_the_declaration_is_named(entry, words):
    with pytest.raises(StudyError) as caught:
        parse_weights(entry)
    assert words in str(caught.value)
