"""From a plan to the two tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from innosurvey.kept import Kept
from innosurvey.models.coefficients import coefficient_rows
from innosurvey.models.fit import COEFFICIENT_COLUMNS, FIT_COLUMNS, fit_all, sample_hash
from innosurvey.models.plan import plan_fits


def status(results):
    return results.fits["status"].item()


def test_the_tables_have_the_columns_of_the_contract(run, make_model, make_firms):
    results = run(make_model(), make_firms())
    assert tuple(results.fits.columns) == FIT_COLUMNS
    assert tuple(results.coefficients.columns) == COEFFICIENT_COLUMNS


def test_an_estimated_model_is_ok_and_counts_its_firms(run, make_model, make_firms):
    fit = run(make_model(covariance={"type": "cluster", "by": ["firm_id"]}), make_firms(n=50)).fits.iloc[0]
    assert (fit["status"], fit["n"], fit["n_firms"], fit["n_clusters"]) == ("ok", 150, 50, 50)
    assert (fit["vcov"], fit["small_sample"]) == ("cluster: firm_id", "stata")


def test_intervals_have_the_level_of_the_design(run, make_model, make_firms):
    wide, narrow = (run(make_model().at_level(level), make_firms()).coefficients for level in (0.95, 0.8))
    half = stats.t.ppf(0.9, narrow["df"]) * narrow["se"]
    np.testing.assert_allclose(narrow["upper"], narrow["estimate"] + half, rtol=1e-12)
    np.testing.assert_array_equal(narrow["se"], wide["se"])
    assert (narrow["upper"] < wide["upper"]).all()


def test_a_cohort_too_small_to_estimate_is_reported_not_dropped(run, make_model, make_firms):
    results = run(make_model(), make_firms(n=10))
    assert status(results) == "not estimated: fewer than 30 complete firms"
    assert results.coefficients.empty


def test_a_group_without_firms_is_reported(make_model, make_firms):
    results = fit_all(plan_fits([make_model(foreach="stage")], {"stage": ["young"]}), make_firms())
    assert status(results) == "not estimated: fewer than 30 complete firms"
    assert results.fits["n"].item() == 0


def test_an_absent_column_is_reported(run, make_model, make_firms):
    assert status(run(make_model(controls=["age"]), make_firms())) == "not estimated: the survey lacks age"


def test_separation_is_reported_with_the_column(run, make_model, make_firms):
    firms = make_firms().assign(certified=lambda rows: rows["innovator"] & (rows["rd"] > 0))
    results = run(make_model(estimator="logit", outcome="innovator", regressors=["rd", "certified"]), firms)
    assert status(results) == "not estimated: separation by certified"


def test_separation_of_counts_is_reported_with_the_column(run, make_model, make_firms):
    firms = make_firms().assign(idle=lambda rows: (rows["patents"] == 0) & (rows["rd"] > 0))
    results = run(make_model(estimator="poisson", outcome="patents", regressors=["rd", "idle"]), firms)
    assert status(results) == "not estimated: separation by idle"


def test_a_constant_outcome_is_reported(run, make_model, make_firms):
    assert status(run(make_model(), make_firms().assign(output=1.0))) == "not estimated: constant outcome: output"


def test_collinear_regressors_are_reported(run, make_model, make_firms):
    results = run(make_model(regressors=["rd", "same"]), make_firms().assign(same=lambda rows: rows["rd"]))
    assert status(results) == "not estimated: collinear: same (explained by rd)"


def test_an_outcome_that_is_no_yes_or_no_is_reported(run, make_model, make_firms):
    results = run(make_model(estimator="logit", outcome="patents"), make_firms())
    assert status(results) == "not estimated: the outcome of a logit must be 0 or 1"


def test_a_negative_count_is_reported(run, make_model, make_firms):
    results = run(make_model(estimator="poisson"), make_firms())
    assert status(results) == "not estimated: the outcome of a Poisson model must not be negative"


def test_too_many_regressors_for_the_firms_are_reported(run, make_model, make_firms):
    firms = make_firms(n=35, waves=["2014"])
    random = np.random.default_rng(2)
    names = [f"x{number}" for number in range(28)]
    firms[names] = random.normal(size=(35, 28))
    assert (
        status(run(make_model(regressors=names), firms)) == "not estimated: fewer than 10 residual degrees of freedom"
    )


def test_one_bad_model_leaves_the_others_alone(make_model, make_firms):
    plan = plan_fits([make_model(regressors=["nothing"]), make_model()], {})
    assert list(fit_all(plan, make_firms()).fits["status"]) == ["not estimated: the survey lacks nothing", "ok"]


def test_each_group_is_estimated_on_its_own_rows(make_model, make_firms):
    firms = make_firms()
    firms["group"] = np.where(firms["firm_id"] < "F0060", "young", "old")
    results = fit_all(plan_fits([make_model(foreach="stage")], {"stage": ["young", "old"]}), firms)
    assert list(zip(results.fits["group"], results.fits["n_firms"], strict=True)) == [("young", 60), ("old", 140)]


def test_a_logit_has_its_marginal_effects_as_rows(run, make_model, make_firms):
    results = run(make_model(estimator="logit", outcome="innovator", regressors=["rd"]), make_firms())
    assert list(results.coefficients["term"]) == ["const", "rd", "ame:rd"]


def test_instruments_are_judged_in_the_warnings(run, make_model, make_firms):
    random = np.random.default_rng(4)
    firms = make_firms().assign(
        support=lambda rows: rows["rd"] + random.normal(size=len(rows)), noise=random.normal(size=600)
    )
    strong = make_model(estimator="iv2sls", regressors=[], endogenous=["rd"], instruments=["support"])
    weak = make_model(estimator="iv2sls", regressors=[], endogenous=["rd"], instruments=["noise"])
    assert "weak" not in run(strong, firms).fits["warnings"].item()
    assert "(weak, below 10)" in run(weak, firms).fits["warnings"].item()


def test_the_waterfall_ends_with_the_sample_of_the_fit(run, make_model, make_firms):
    firms = make_firms()
    firms.loc[:6, "rd"] = np.nan
    results = run(make_model(), firms)
    assert results.waterfall["rows"].iloc[-1] == results.fits["n"].item() == len(firms) - 7


def test_the_hash_of_a_sample_does_not_depend_on_the_order_of_rows():
    keys = pd.DataFrame({"firm_id": ["b", "a", "a"], "wave": ["1", "2", "1"]})
    assert sample_hash(keys) == sample_hash(keys.iloc[::-1])


def test_the_hash_of_a_sample_is_pinned():
    # sha256 of "a<TAB>1<LF>b<TAB>1", first twelve digits, by sha256sum.
    assert sample_hash(pd.DataFrame({"firm_id": ["b", "a"], "wave": ["1", "1"]})) == "dc1227b27524"


def test_a_sample_too_small_to_estimate_shows_no_hash_of_its_few_firms(run, make_model, make_firms):
    assert run(make_model(), make_firms(n=3)).fits["sample_hash"].isna().all()


def test_the_same_slice_gives_the_same_tables(run, make_model, make_firms):
    model = make_model(estimator="logit", outcome="innovator", controls=["C(size_class)"])
    first, second = run(model, make_firms()), run(model, make_firms())
    pd.testing.assert_frame_equal(first.coefficients, second.coefficients, check_exact=True)
    pd.testing.assert_frame_equal(first.fits, second.fits, check_exact=True)


def test_a_test_with_two_degrees_of_freedom_is_that_of_the_t_table():
    row = coefficient_rows(("x",), np.array([4.303]), np.array([[1.0]]), 2.0)[0]
    # The t table: 4.303 is the 97.5 % point with two degrees of freedom, to four digits.
    assert row["p"] == pytest.approx(0.05, abs=1e-4)
    assert row["lower"] == pytest.approx(0.0, abs=1e-3)


def test_the_tables_keep_their_contract_when_written(run, make_model, make_firms, tmp_path):
    tables = pytest.importorskip("innosurvey.tables")
    for number, model in enumerate([make_model(), make_model(controls=["age"])]):
        results = run(model, make_firms())
        tables.write("fits", results.fits, tmp_path / f"fits{number}.csv")
        tables.write("coefficients", results.coefficients, tmp_path / f"coefficients{number}.csv")
        assert len(tables.read("fits", tmp_path / f"fits{number}.csv")) == 1


@pytest.mark.parametrize(
    ("column", "group", "anew"),
    [
        ("output", "young", {("a", "young"), ("b", "young")}),
        ("age", "old", {("b", "old")}),
        ("unused", "old", {("a", "old"), ("b", "old")}),
    ],
)
def test_only_the_fits_that_a_value_goes_into_are_made_again(make_model, make_firms, column, group, anew):
    firms = make_firms().assign(age=np.random.default_rng(5).normal(size=600), unused=1.0)
    firms["group"] = np.where(firms["firm_id"] < "F0060", "young", "old")
    bare, fuller = make_model(foreach="stage"), make_model(foreach="stage", controls=["age"])
    models = [replace(bare, id="a"), replace(fuller, id="b")]
    plan, first = plan_fits(models, {"stage": ["young", "old"]}), Kept()
    fit_all(plan, firms, first)
    changed = firms.copy()
    changed.loc[changed["group"].eq(group).idxmax(), column] += 0.5
    again = Kept(before=first.now)
    results = fit_all(plan, changed, again)
    pd.testing.assert_frame_equal(results.coefficients, fit_all(plan, changed).coefficients)
    made = [again.now[key].row for key in again.now.keys() - first.now.keys()]
    assert {(row["model"], row["group"]) for row in made} == anew
