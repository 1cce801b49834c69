"""Which rows a model uses, and which columns can be told apart."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample


def build(model, firms):
    return build_sample(model, select_rows(model, firms))


def refusal(model, firms):
    with pytest.raises(NotEstimated) as caught:
        build(model, firms)
    return caught.value.reason


def test_each_step_of_the_waterfall_says_how_many_are_left(make_model, make_firms):
    firms = make_firms(n=100, waves=["2014"])
    firms.loc[0:9, "output"] = np.nan
    firms.loc[5:24, "rd"] = np.nan
    firms["age"] = np.arange(100.0)
    firms.loc[99, "age"] = np.nan
    selection = select_rows(make_model(sample="age < 90"), firms)
    assert [(step.reason, step.rows) for step in selection.waterfall] == [
        ("rows of the group", 100),
        ("not in the sample: age < 90", 90),
        ("no value: output", 80),
        ("no value: rd", 65),
    ]


def test_a_logarithm_that_does_not_exist_is_its_own_step(make_model, make_firms):
    firms = make_firms(n=100, waves=["2014"]).assign(sales=np.where(np.arange(100) < 20, 0.0, 5.0 + np.arange(100)))
    steps = select_rows(make_model(regressors=["log(sales)"]), firms).waterfall
    assert [(step.reason, step.rows) for step in steps[-2:]] == [
        ("no value: sales", 100),
        ("no logarithm: log(sales)", 80),
    ]


def test_firms_seen_once_leave_a_model_with_firm_effects_until_none_is_left(make_model, make_firms):
    firms = make_firms(n=40).query("firm_id != 'F0007' or wave == '2014'")
    selection = select_rows(make_model(estimator="fe", fixed_effects=["firm_id"]), firms)
    assert selection.waterfall[-1].reason == "alone in its firm_id"
    assert (selection.waterfall[-1].rows, selection.waterfall[-1].firms) == (39 * 3, 39)


def test_absent_columns_are_named(make_model, make_firms):
    model = make_model(controls=["age", "C(gu)"], sample="founded > 2000")
    assert refusal(model, make_firms()) == "the survey lacks age, gu, founded"


def test_a_sample_can_do_without_a_variable_that_its_any_can_do_without(make_model, make_firms):
    model = make_model(sample="any(cooperation, joint_venture)")
    assert 0 < len(select_rows(model, make_firms()).firms) < len(make_firms())


def test_a_sample_that_compares_a_number_with_a_word_is_the_researchers_to_mend(make_model, make_firms):
    with pytest.raises(StudyError, match=r"models\.model\.sample"):
        select_rows(make_model(sample="rd == 'high'"), make_firms())


def test_a_variable_without_any_value_is_named(make_model, make_firms):
    firms = make_firms().assign(rd=np.nan)
    assert refusal(make_model(), firms) == "no firm has a value of rd"


def test_a_firm_that_stands_twice_in_a_wave_is_found(make_model, make_firms):
    firms = pd.concat([make_firms(), make_firms().head(1)], ignore_index=True)
    assert refusal(make_model(), firms) == "a firm stands more than once in a wave"


def test_firms_are_counted_not_rows(make_model, make_firms):
    assert refusal(make_model(), make_firms(n=29)) == "fewer than 30 complete firms"


def test_a_constant_outcome_is_found(make_model, make_firms):
    assert refusal(make_model(), make_firms().assign(output=3.0)) == "constant outcome: output"


def test_an_outcome_that_does_not_vary_within_firms_is_found(make_model, make_firms):
    firms = make_firms()
    firms["output"] = firms.groupby("firm_id")["output"].transform("first")
    model = make_model(estimator="fe", fixed_effects=["firm_id"])
    assert refusal(model, firms) == "constant outcome: output does not vary within firm_id"


def test_collinear_regressors_are_named_with_what_explains_them(make_model, make_firms):
    firms = make_firms().assign(twice=lambda rows: 2 * rows["rd"])
    assert refusal(make_model(regressors=["rd", "twice"]), firms) == "collinear: twice (explained by rd)"


def test_a_regressor_that_fixed_effects_explain_is_named(make_model, make_firms):
    firms = make_firms().assign(foreign=lambda rows: rows["firm_id"] < "F0100")
    model = make_model(regressors=["rd", "foreign"], estimator="fe", fixed_effects=["firm_id"])
    assert refusal(model, firms) == "collinear: foreign (does not vary within firm_id)"


def test_a_fixed_effect_that_another_holds_is_dropped_and_said(make_model, make_firms):
    firms = make_firms().assign(zone=lambda rows: rows["firm_id"].str[3])
    sample = build(make_model(estimator="fe", fixed_effects=["zone", "firm_id"]), firms)
    assert sample.effects == ("firm_id",)
    assert sample.notes == ("dropped fixed effect zone (does not vary within firm_id)",)


def test_a_control_that_can_not_be_told_apart_is_dropped_and_said(make_model, make_firms):
    firms = make_firms().assign(age=4.0)
    sample = build(make_model(controls=["age", "C(size_class)"]), firms)
    assert sample.exogenous.names == ("const", "rd", "size_class[small]", "size_class[large]")
    assert sample.notes == ("dropped control age (does not vary)",)


def test_an_instrument_that_adds_nothing_leaves_too_few(make_model, make_firms):
    firms = make_firms().assign(copy=lambda rows: 2.0 * rows["cooperation"].astype(float))
    model = make_model(estimator="iv2sls", regressors=["cooperation"], endogenous=["rd"], instruments=["copy"])
    assert refusal(model, firms) == "too few instruments: copy (explained by cooperation)"


def test_a_level_with_few_firms_is_said(make_model, make_firms):
    firms = make_firms().assign(pioneer=lambda rows: rows["firm_id"] < "F0009")
    assert build(make_model(regressors=["rd", "pioneer"]), firms).notes == ("fewer than 10 firms behind pioneer",)


def test_rows_without_a_positive_weight_leave(make_model, make_firms):
    firms = make_firms()
    firms.loc[:4, "weight_final"] = 0.0
    sample = build(make_model(weights="final"), firms)
    assert len(sample.outcome) == len(firms) - 5
    assert sample.weights.mean() == pytest.approx(1.0)


def test_the_slice_itself_is_left_as_it_was(make_model, make_firms):
    firms = make_firms()
    before = firms.copy(deep=True)
    build(make_model(sample="cooperation", controls=["C(size_class)"]), firms)
    pd.testing.assert_frame_equal(firms, before)


def test_a_frequency_weight_stands_for_so_many_equal_rows(run, make_model, make_firms):
    firms = make_firms(waves=["2018"]).assign(count=lambda rows: np.arange(len(rows)) % 3)
    copied = firms.loc[firms.index.repeat(firms["count"])].reset_index(drop=True)
    copied["firm_id"] = [f"C{number:04d}" for number in range(len(copied))]
    weighted = run(make_model(weights={"column": "count", "type": "frequency"}, covariance="classical"), firms)
    plain = run(make_model(covariance="classical"), copied)
    assert weighted.fits["n"].item() == len(copied)
    pd.testing.assert_frame_equal(weighted.coefficients, plain.coefficients)


def test_a_frequency_that_is_no_whole_number_is_refused(make_model, make_firms):
    firms = make_firms().assign(count=1.5)
    model = make_model(weights={"column": "count", "type": "frequency"})
    assert refusal(model, firms) == "count weighs by frequency, but is no whole number"


def test_a_lag_stands_in_the_waterfall_and_the_sample(run, make_model, make_firms):
    results = run(make_model(regressors=["lag(rd)"]), make_firms(n=50))
    assert results.fits["n"].item() == 100
    assert results.waterfall["reason"].iloc[-1] == "no value: rd.lag1"
    assert results.coefficients["term"].tolist() == ["const", "lag(rd)"]


def test_a_lag_beyond_the_panel_has_no_value(run, make_model, make_firms):
    status = run(make_model(regressors=["lag(rd, 3)"]), make_firms()).fits["status"].item()
    assert status == "not estimated: no firm has a value of rd.lag3"


def test_tails_are_cut_at_their_quantiles(make_model, make_firms):
    firms = make_firms()
    found = build(make_model(regressors=["winsor(rd, 0.1)"]), firms).exogenous.columns[:, 1]
    assert found.max() == pytest.approx(firms["rd"].quantile(0.9))
    assert found.min() == pytest.approx(firms["rd"].quantile(0.1))
