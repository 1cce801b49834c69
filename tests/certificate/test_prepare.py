"""From a raw data set to a slice, and the contract that a mislabelled one breaks."""

import numpy as np
import pandas as pd
import pytest

from innosurvey import tables
from innosurvey.errors import DataError, StudyError
from tests.certificate.make import prepared, shifted_patents

SIZES = pd.DataFrame({"firm": [2, 1, 2, 1], "year": [1976, 1976, 1977, 1977], "size": ["L", "S", "L", "S"]})


def test_a_slice_keeps_the_contract_that_the_slices_of_surveys_have():
    firms = prepared(SIZES, keys={"firm": "firm", "wave": "year"}).firms
    tables.fail_if_contract_is_broken("slice", firms, "here")


def test_keys_are_text_as_those_of_surveys_and_rows_are_sorted_by_them():
    firms = prepared(SIZES.astype({"year": float}), keys={"firm": "firm", "wave": "year"}).firms
    assert list(zip(firms["wave"], firms["firm_id"], strict=True)) == [
        ("1976", "1"), ("1976", "2"), ("1977", "1"), ("1977", "2"),
    ]  # fmt: skip


def test_without_keys_every_row_is_a_firm_of_its_own():
    firms = prepared(SIZES).firms
    assert (firms["firm_id"].nunique(), set(firms["wave"])) == (4, {"1"})


def test_rows_of_one_firm_and_wave_are_refused_with_their_number():
    with pytest.raises(
        DataError, match=r"certificate\.data\.mine\.keys: 2 rows repeat firm \(firm\) and wave \(none\)"
    ):
        prepared(SIZES, keys={"firm": "firm"})


def test_rows_of_groups_without_a_year_are_numbered_as_they_stand():
    firms = prepared(SIZES, keys={"firm": "firm", "numbered": True}).firms
    assert list(zip(firms["wave"], firms["firm_id"], strict=True)) == [("1", "1"), ("1", "2"), ("2", "1"), ("2", "2")]


def test_a_year_and_numbered_rows_exclude_each_other():
    with pytest.raises(StudyError, match=r"data\.mine\.keys\.numbered: .*\nName `firm`, and either `wave` or"):
        prepared(SIZES, keys={"firm": "firm", "wave": "year", "numbered": True})


def test_sampling_units_are_counted_and_not_their_rows():
    firms = prepared(SIZES.assign(w=2.0), keys={"firm": "firm", "wave": "year"}, design={"weight": "w"}).firms
    assert set(firms["sample_n_stratum"]) == {2} == set(firms["pooled_stratum_n"])


def test_a_finite_population_of_units_with_several_rows_is_refused():
    with pytest.raises(StudyError, match=r"design\.population: .* is not computed\.\nTake `population` out"):
        prepared(
            SIZES.assign(w=2.0, of=9),
            keys={"firm": "firm", "wave": "year"},
            design={"weight": "w", "population": "of"},
        )


def test_a_dot_in_a_column_s_name_is_answered_with_how_to_name_it_otherwise():
    with pytest.raises(StudyError, match=r"has no parts.*\n.*`variables: \{name: \{column: the\.name\}\}`"):
        prepared(SIZES, derived={"large": 'size.kind == "L"'})


def test_a_key_that_is_no_column_is_answered_with_the_near_one():
    with pytest.raises(DataError, match=r"keys\.wave: yaer\. Did you mean year\?"):
        prepared(SIZES, keys={"firm": "firm", "wave": "yaer"})


def test_levels_have_the_declared_order():
    size = prepared(SIZES, variables={"size": {"levels": {"S": "small", "L": "large"}}}).firms["size"]
    assert list(size.cat.categories) == ["small", "large"]


def test_a_code_without_a_level_is_counted_and_named():
    with pytest.raises(DataError, match=r"variables\.size\.levels: codes that have no level:\n  - L \(2 cells\)"):
        prepared(SIZES, variables={"size": {"levels": ["S", "M"]}})


def test_cells_of_text_become_numbers_where_every_one_is():
    raw = pd.DataFrame({"x": ["1.5", " 2", "NA", ""], "y": ["1", "2", "3", "x"], "z": ["1", "2", "3", "4"]})
    firms = prepared(raw).firms
    assert firms["x"].tolist()[:2] == [1.5, 2.0]
    assert int(firms["x"].isna().sum()) == 2
    assert pd.api.types.is_string_dtype(firms["y"])
    assert pd.api.types.is_integer_dtype(firms["z"])


def test_truth_values_as_programs_write_them_are_0_and_1():
    assert prepared(pd.DataFrame({"x": ["TRUE", "FALSE", "NA"]})).firms["x"].tolist()[:2] == [1, 0]


def test_numbers_are_read_with_the_declared_signs():
    raw = pd.DataFrame({"x": ["1.234,5", "-0,5"]})
    assert prepared(raw, reading={"decimal": ",", "thousands": "."}).firms["x"].tolist() == [1234.5, -0.5]


def test_numbers_with_a_decimal_comma_that_nothing_declares_are_refused_with_what_to_do():
    with pytest.raises(DataError, match=r"mine\.csv has numbers with a decimal comma: x\.\n.*decimal"):
        prepared(pd.DataFrame({"x": ["1,5", "2"], "y": ["a", "b"]}))


def test_a_further_code_for_no_answer_is_missing_in_numbers_and_text():
    raw = pd.DataFrame({"x": [1.0, -9.0, 3.0], "y": ["1", "-9", "3"]})
    firms = prepared(raw, missing=[-9]).firms
    assert firms[["x", "y"]].isna().sum().tolist() == [1, 1]


def test_letters_among_numbers_are_the_missing_kinds_of_stata():
    raw = pd.DataFrame({"x": pd.Series([1.0, "a", 3.0], dtype=object)})
    assert prepared(raw).firms["x"].isna().sum() == 1


def test_a_number_that_is_declared_as_one_and_is_not_is_refused():
    with pytest.raises(DataError, match=r"variables\.size: 4 cells of the column size are no numbers"):
        prepared(SIZES, variables={"size": {"as": "number"}})


def test_numbers_can_be_declared_as_a_category():
    raw = pd.DataFrame({"industry": np.arange(25)})
    assert isinstance(
        prepared(raw, variables={"industry": {"as": "category"}}).firms["industry"].dtype, pd.CategoricalDtype
    )


def test_derived_variables_build_on_columns_and_on_one_another():
    derived = {"fourth": "squared * squared", "squared": "year * year"}
    firms = prepared(SIZES, {"here": ("squared", "fourth")}, derived=derived).firms
    assert firms["fourth"].iloc[0] == 1976.0**4


def test_a_derived_variable_of_an_unknown_column_names_the_near_one():
    with pytest.raises(StudyError, match=r"certificate\.data\.mine\.derived\.squared(.|\n)*Did you mean year"):
        prepared(SIZES, derived={"squared": "yeer * yeer"})


def test_a_model_that_names_a_variable_the_data_lack_says_which_case_and_what_there_is():
    with pytest.raises(StudyError) as caught:
        prepared(SIZES, {"certificate.cases.w-t1": ("siez",)})
    assert "certificate.cases.w-t1.model: siez. Did you mean size?" in str(caught.value)
    assert "It has: firm, year, size." in str(caught.value)


def test_a_column_whose_name_means_something_else_in_a_slice_is_left_out():
    firms = prepared(SIZES.assign(group="a"), {"here": ("size",)}).firms
    assert set(firms["group"]) == {"all"}


def test_a_model_that_names_such_a_column_is_told_to_rename_it():
    with pytest.raises(StudyError, match=r"group\. Every slice has .* as in `variables: \{my_group: group\}`"):
        prepared(SIZES.assign(group="a"), {"certificate.cases.t1": ("group",)})


def test_a_key_may_have_the_name_that_slices_give_it():
    firms = prepared(SIZES.rename(columns={"year": "wave"}), {"here": ("size",)}, keys={"firm": "firm", "wave": "wave"})
    assert set(firms.firms["wave"]) == {"1976", "1977"}


def test_a_slice_holds_what_models_need_and_no_more():
    firms = prepared(SIZES, {"here": ("size",)}).firms
    assert "size" in firms.columns
    assert "year" not in firms.columns


def test_columns_of_a_wide_data_set_become_rows_by_wave():
    raw = pd.DataFrame({"s87": [1.0, 2.0], "s88": [3.0, 4.0], "size": ["S", "L"]})
    firms = prepared(
        raw, {"here": ("scrap", "size")}, long={"scrap": {1987: "s87", 1988: "s88"}}, keys={"wave": "year"}
    ).firms
    assert firms[["firm_id", "wave", "scrap"]].to_numpy().tolist() == [
        ["1", "1987", 1.0], ["2", "1987", 2.0], ["1", "1988", 3.0], ["2", "1988", 4.0],
    ]  # fmt: skip
    assert firms["size"].tolist() == ["S", "L", "S", "L"]


def test_weights_strata_and_populations_become_the_design():
    raw = pd.DataFrame({"pw": [2.0, 2.0, 3.0], "school": ["E", "E", "H"], "fpc": [4, 4, 3], "y": [1, 2, 3]})
    design = {"weight": "pw", "stratum": "school", "population": "fpc"}
    firms = prepared(raw, design=design).firms
    assert firms["weight_final"].tolist() == [2.0, 2.0, 3.0]
    assert firms["pop_n_stratum"].tolist() == [4, 4, 3]
    assert firms["sample_n_stratum"].tolist() == [2, 2, 1]


def test_a_data_set_of_another_size_is_refused():
    with pytest.raises(DataError, match=r"expect: mine\.csv has 4 rows, not 5; 2 waves, not 3"):
        prepared(SIZES, keys={"firm": "firm", "wave": "year"}, expect={"rows": 5, "firms": 2, "waves": 3})


def test_mislabelled_patents_break_the_contract_and_the_columns_that_keep_it_are_named():
    declared = {
        "patents": {"column": "pat", "expect": {"whole": True, "least": 0}},
        "log_rd": {"column": "logr", "expect": {"least": -4, "most": 8}},
    }
    with pytest.raises(DataError) as caught:
        prepared(shifted_patents(), keys={"firm": "cusip", "wave": "year"}, variables=declared)
    message = str(caught.value)
    assert "certificate.data.mine: mine.csv is not what `expect:` says of it" in message
    assert "patents (column pat): whole numbers are expected, but 200 of 200 are not" in message
    assert "logr" in message.split("patents (column pat)")[1].split("\n")[0].split("As expected:")[1]
    assert "log_rd (column logr)" in message
    assert "Correct `column:` under variables" in message


def test_the_right_columns_keep_it():
    declared = {
        "patents": {"column": "logr", "expect": {"whole": True, "least": 0}},
        "log_rd": {"column": "pat", "expect": {"least": -4, "most": 8}},
    }
    needs = {"here": ("patents", "log_rd")}
    found = prepared(shifted_patents(), needs, keys={"firm": "cusip", "wave": "year"}, variables=declared)
    assert found.told["contracts"].item() == 2
    assert (found.firms["patents"] == found.firms["patents"].round()).all()


def test_a_column_under_a_new_name_is_no_longer_there_under_its_own():
    with pytest.raises(StudyError, match=r"model: logr\."):
        prepared(shifted_patents(), {"here": ("logr",)}, variables={"patents": "logr"})


def test_a_new_name_that_another_column_has_is_refused():
    with pytest.raises(StudyError, match=r"variables\.pat: mine\.csv has another column of this name"):
        prepared(shifted_patents(), variables={"pat": "logr"})


def test_two_columns_can_exchange_their_names():
    firms = prepared(shifted_patents(), variables={"pat": "logr", "logr": "pat"}).firms
    assert firms["pat"].min() >= 0


@pytest.mark.parametrize(
    ("expected", "breach"),
    [
        ({"mean": 2.7}, "its mean is 2.5, not between 2.65 and 2.75"),
        ({"sd": [2, 3]}, "its sd is 1.291, not between 2 and 3"),
        ({"values": [1, 2]}, "2 cells are none of 1, 2"),
        ({"missing": 1}, "0 cells are missing, not 1"),
        ({"most": 3}, "1 cells are above 3"),
    ],
)
def test_each_rule_of_a_contract_says_how_it_is_broken(expected, breach):
    raw = pd.DataFrame({"x": [1, 2, 3, 4]})
    with pytest.raises(DataError, match=breach.replace("(", r"\(")):
        prepared(raw, variables={"x": {"expect": expected}})


def test_text_where_numbers_are_expected_breaks_the_contract():
    with pytest.raises(DataError, match="numbers are expected, but it holds text"):
        prepared(SIZES, variables={"size": {"expect": {"least": 0}}})


def test_a_data_set_that_is_not_there_gives_an_empty_slice_and_the_reason():
    from innosurvey.certificate.prepare import prepare
    from tests.certificate.make import make_data

    found = prepare("the package x is not installed", make_data(keys={"firm": "cusip"}), "absent", {})
    tables.fail_if_contract_is_broken("slice", found.firms, "here")
    assert (len(found.firms), found.told["status"].item()) == (0, "not run: the package x is not installed")
