"""Specification curves: each point as the models stage fits it, and the tests of all of them together."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.models import curve as curves
from innosurvey.models.curve import fit_curve
from innosurvey.models.curve_spec import (
    ControlSet,
    CurveSpec,
    EstimatorChoice,
    SampleChoice,
    every_subset,
    specifications,
)
from innosurvey.models.drawing import Drawing
from innosurvey.models.fit import fit_one
from innosurvey.models.plan import PlanItem
from innosurvey.models.spec import CovarianceSpec, Weighting
from innosurvey.models.terms import parse_term

# The same least-squares problem by another algebra.
EXACT = {"rtol": 1e-9, "atol": 1e-12}
FEW_DRAWS = Drawing(draws=99, seed=3)


def terms(*texts):
    return tuple(parse_term(text, "test") for text in texts)


def make_curve(**declared):
    return CurveSpec(
        **{
            "id": "rd",
            "outcomes": terms("output"),
            "inputs": terms("rd"),
            "controls": every_subset(terms("cooperation", "C(size_class)", "log1p(patents)")),
            "drawing": Drawing(draws=0),
            **declared,
        }
    )


@pytest.fixture
def firms(make_firms):
    """A panel with gaps in rows and answers."""
    made = make_firms(n=120).drop(index=[5, 17, 100]).reset_index(drop=True)
    made.loc[[3, 40], "output"] = np.nan
    made.loc[[8, 60, 61], "cooperation"] = pd.NA
    return made


def by_itself(made, firms):
    """Return estimate, se, df and p of every point from the models stage, on the rows with all values."""
    complete = firms.dropna(subset=["output", "cooperation"])
    rows = []
    for point in specifications(made):
        fit = fit_one(PlanItem(spec=point.model, cohort="all", group="all"), complete)
        named = {row["term"]: row for row in fit.coefficients}
        rows.append([named[point.asked.text][key] for key in ("estimate", "se", "df", "p")] + [fit.row["n"]])
    return np.array(rows, dtype=float)


COVARIANCES = (
    CovarianceSpec(type="classical"),
    CovarianceSpec(type="robust"),
    CovarianceSpec(type="robust", small_sample="none"),
    CovarianceSpec(type="hc1"),
    CovarianceSpec(type="cluster", by=("firm_id",)),
    CovarianceSpec(type="cluster", by=("size_class",), small_sample="none"),
    CovarianceSpec(type="cluster", by=("firm_id", "size_class")),
    CovarianceSpec(type="wild", by=("size_class",), draws=99),
    CovarianceSpec(type="hc3"),
)


@pytest.mark.parametrize(
    "estimator",
    [
        EstimatorChoice(estimator="ols"),
        EstimatorChoice(estimator="fe", fixed_effects=("firm_id",)),
        EstimatorChoice(estimator="fe", fixed_effects=("firm_id", "wave")),
    ],
    ids=lambda choice: choice.label,
)
def test_every_point_is_what_the_models_stage_makes_of_it(firms, estimator):
    kinds = COVARIANCES[:-1] if estimator.fixed_effects else COVARIANCES
    made = make_curve(estimators=(estimator,), covariances=kinds)
    found = fit_curve(made, firms).specifications
    assert set(found["status"]) == {"ok"}
    table = found[["estimate", "se", "df", "p", "n"]].to_numpy(dtype=float)
    np.testing.assert_allclose(table, by_itself(made, firms), **EXACT)


def test_cells_of_two_categories_are_what_the_models_stage_makes_of_them(firms):
    # by themselves a level for each cell, beside both categories what these do not add up to
    by_itself_only = ControlSet(name="cells", terms=terms("cooperation", "C(size_class):C(wave)"))
    both = terms("cooperation", "C(size_class)", "C(wave)", "C(size_class):C(wave)")
    beside_both = ControlSet(name="both", terms=both)
    for controls in ((by_itself_only,), (beside_both,), (by_itself_only, beside_both)):
        made = make_curve(controls=controls)
        found = fit_curve(made, firms).specifications[["estimate", "se", "df", "p", "n"]].to_numpy(dtype=float)
        np.testing.assert_allclose(found, by_itself(made, firms), **EXACT)


def test_weighted_points_are_what_the_models_stage_makes_of_them(firms):
    made = make_curve(weights=(Weighting(),), covariances=COVARIANCES[1:5])
    found = fit_curve(made, firms).specifications
    table = found[["estimate", "se", "df", "p", "n"]].to_numpy(dtype=float)
    np.testing.assert_allclose(table, by_itself(made, firms), **EXACT)


def test_least_squares_are_not_fitted_one_by_one(firms, monkeypatch):
    monkeypatch.setattr(curves, "ask", None)
    assert set(fit_curve(make_curve(), firms).specifications["status"]) == {"ok"}


def test_rows_of_their_own_are_all_that_a_point_can_use(firms):
    found = fit_curve(make_curve(rows="own"), firms).specifications.set_index("controls")
    assert found.loc["none", "n"] == firms["output"].notna().sum()
    assert found.loc["cooperation", "n"] == firms[["output", "cooperation"]].notna().all(axis=1).sum()


def test_a_sample_leaves_the_others_out(firms):
    samples = (SampleChoice(name="all"), SampleChoice(name="first", expression="wave == '2014'"))
    found = fit_curve(make_curve(samples=samples), firms).specifications.set_index(["sample", "controls"])
    complete = firms.dropna(subset=["output", "cooperation"])
    assert found.loc[("first", "none"), "n"] == (complete["wave"] == "2014").sum()
    assert found.loc[("all", "none"), "n"] == len(complete)


def test_a_point_that_can_not_be_estimated_is_a_row_with_its_reason(firms):
    firms = firms.assign(twice=2 * firms["rd"])
    controls = (ControlSet(name="none"), ControlSet(name="twice", terms=terms("twice")))
    found = fit_curve(make_curve(inputs=terms("twice"), controls=(*controls[:1],)), firms).specifications
    assert found["status"].item() == "ok"
    found = fit_curve(make_curve(outcomes=terms("constant")), firms.assign(constant=1.0)).specifications
    assert set(found["status"]) == {"not estimated: constant outcome: constant"}
    assert found["estimate"].isna().all()


def test_a_collinear_control_is_dropped_as_the_models_stage_drops_it(firms):
    firms = firms.assign(twice=2 * firms["rd"] + 1)
    made = make_curve(controls=(ControlSet(name="twice", terms=terms("twice")), ControlSet(name="none")))
    found = fit_curve(made, firms).specifications.set_index("controls")
    assert found.loc["twice", "warnings"] == "dropped control twice (explained by const, rd)"
    assert found.loc["twice", "estimate"] == pytest.approx(found.loc["none", "estimate"])


def test_a_nonlinear_point_is_its_marginal_effect(firms):
    made = make_curve(
        outcomes=terms("innovator"),
        controls=(ControlSet(name="none"),),
        estimators=(EstimatorChoice(estimator="ols"), EstimatorChoice(estimator="logit")),
        drawing=FEW_DRAWS,
    )
    found = fit_curve(made, firms).specifications.set_index("estimator")["estimate"]
    # A linear probability model's slope is close to a logit's mean derivative: within a tenth here.
    assert found["logit"] == pytest.approx(found["ols"], rel=0.1)


def test_draws_do_not_depend_on_how_a_point_was_fitted(firms, monkeypatch):
    made = make_curve(drawing=FEW_DRAWS, covariances=(CovarianceSpec(type="cluster", by=("firm_id",)),))
    quick = fit_curve(made, firms)
    monkeypatch.setattr(curves, "is_quick", lambda model: False)
    one_by_one = fit_curve(made, firms)
    np.testing.assert_allclose(quick.tests["statistic"], one_by_one.tests["statistic"], **EXACT)
    np.testing.assert_array_equal(quick.tests["p"], one_by_one.tests["p"])


def test_draws_do_not_depend_on_the_order_of_the_rows(firms):
    made = make_curve(drawing=FEW_DRAWS)
    pd.testing.assert_frame_equal(fit_curve(made, firms).tests, fit_curve(made, firms.iloc[::-1]).tests)


def test_an_effect_is_found_by_the_joint_tests_and_none_is_not(firms):
    shuffled = firms.assign(rd=np.random.default_rng(5).permutation(firms["rd"]))
    made = make_curve(drawing=Drawing(draws=199))
    p = fit_curve(made, firms).tests.set_index("name")["p"]
    assert p[["median estimate", "mean t"]].max() <= 0.01
    # All points being significant happens by chance as often as one is, where all ask much the same.
    assert p.drop(["median estimate", "mean t"]).item() <= 0.06
    assert fit_curve(made, shuffled).tests["p"].min() > 0.05


def test_inputs_are_tested_each_and_together(firms):
    made = make_curve(inputs=terms("rd", "log1p(patents)"), controls=(ControlSet(name="none"),), drawing=FEW_DRAWS)
    tests = fit_curve(made, firms).tests
    assert tests.groupby("input", sort=False).size().to_dict() == {"rd": 3, "log1p(patents)": 3, "all": 2}


def test_controls_that_the_effects_hold_are_dropped_without_fitting_one_by_one(firms, monkeypatch):
    made = make_curve(
        estimators=(EstimatorChoice(estimator="fe", fixed_effects=("firm_id", "wave")),),
        controls=(ControlSet(name="waves", terms=terms("C(wave)", "cooperation")),),
        covariances=(CovarianceSpec(type="cluster", by=("firm_id",)),),
    )
    monkeypatch.setattr(curves, "is_quick", lambda model: False)
    one_by_one = fit_curve(made, firms).specifications
    monkeypatch.undo()
    monkeypatch.setattr(curves, "ask", None)
    quick = fit_curve(made, firms).specifications
    np.testing.assert_allclose(quick[["estimate", "se", "df"]], one_by_one[["estimate", "se", "df"]], **EXACT)
    assert quick["warnings"].item() == one_by_one["warnings"].item()
    assert "does not vary within firm_id and wave" in quick["warnings"].item()
