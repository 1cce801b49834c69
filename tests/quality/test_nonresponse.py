"""Item non-response and imputation rates, on six firms counted by hand."""

import pandas as pd
import pytest

from innosurvey.dictionary import FLAGS
from innosurvey.quality.nonresponse import item_nonresponse, nonresponse_of_waves

FLAG = pd.CategoricalDtype(list(FLAGS))


def made(**flags: list[str]) -> pd.DataFrame:
    columns = {f"{name}_flag": pd.Series(values).astype(FLAG) for name, values in flags.items()}
    return pd.DataFrame({"_source_row": [2, 3, 4, 5, 6, 7], "wave": "2020", **columns})


RAW = made(sales_t=["observed", "missing", "refused", "observed", "observed", "not_asked"])
FINISHED = made(sales_t=["observed", "imputed", "imputed", "corrected", "imputed", "not_asked"])
WEIGHTS = pd.Series([1.0, 2.0, 3.0, 4.0, 10.0, 100.0], index=[2, 3, 4, 5, 6, 7])


def only_row(table: pd.DataFrame) -> dict[str, float]:
    assert len(table) == 1
    return table.iloc[0].to_dict()


def test_an_answer_that_was_not_asked_is_not_due():
    assert only_row(item_nonresponse(RAW, FINISHED, WEIGHTS))["due"] == 5


def test_an_answer_that_an_edit_removed_is_no_item_non_response():
    row = only_row(item_nonresponse(RAW, FINISHED, WEIGHTS))
    assert row["item_nonresponse"] == pytest.approx(100 * 2 / 5)
    assert row["imputation_rate"] == pytest.approx(100 * 3 / 5)


def test_weighted_rates_take_the_final_weights_of_the_answers_due():
    row = only_row(item_nonresponse(RAW, FINISHED, WEIGHTS))
    assert row["item_nonresponse_weighted"] == pytest.approx(100 * 5 / 20)
    assert row["imputation_rate_weighted"] == pytest.approx(100 * 15 / 20)


def test_kinds_of_missing_stay_apart():
    row = only_row(item_nonresponse(RAW, FINISHED, WEIGHTS))
    assert (row["missing"], row["refused"], row["dont_know"]) == (1, 1, 0)


def test_firms_without_a_weight_are_not_counted():
    row = only_row(item_nonresponse(RAW, FINISHED, WEIGHTS.loc[[2, 3]]))
    assert row["due"] == 2


def test_a_question_that_nobody_was_asked_has_no_rate():
    nobody = made(sales_t=["not_asked"] * 6)
    row = only_row(item_nonresponse(nobody, nobody, WEIGHTS))
    assert pd.isna(row["item_nonresponse"])


def test_what_a_register_added_is_not_an_item_of_the_questionnaire():
    linked = FINISHED.assign(register_sales_flag=FINISHED["sales_t_flag"])
    assert list(item_nonresponse(RAW, linked, WEIGHTS)["variable"]) == ["sales_t"]


def test_the_waves_stand_one_below_the_other():
    design = WEIGHTS.rename("weight_final").rename_axis("_source_row").reset_index()
    later = FINISHED.assign(wave="2022")
    table = nonresponse_of_waves([RAW, RAW], [FINISHED, later], [design, design])
    assert list(table["wave"]) == ["2020", "2022"]
