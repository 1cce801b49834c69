"""What one model's answer hangs on, each against fitting again."""

import numpy as np
import pytest

from innosurvey.models.drawing import Drawing
from innosurvey.models.fit import fit_one
from innosurvey.models.plan import PlanItem
from innosurvey.models.robustness import (
    Asked,
    adjusted_family,
    bounds_by_selection,
    influence_of_clusters,
    without_each_group,
)

# The same least-squares problem by another algebra.
EXACT = {"rel": 1e-9}


def slope(model, firms, term="rd"):
    fit = fit_one(PlanItem(spec=model, cohort="all", group="all"), firms)
    return {row["term"]: row["estimate"] for row in fit.coefficients}[term]


@pytest.fixture
def firms(make_firms):
    """A panel in which each firm belongs to one of six industries."""
    made = make_firms(n=90)
    return made.assign(industry=[f"I{int(name[1:]) % 6}" for name in made["firm_id"]])


def test_each_industry_is_left_out_in_turn(firms, make_model):
    model = make_model(controls=["cooperation"])
    found = without_each_group(Asked(model=model, term="rd"), firms, "industry").set_index("left_out")
    assert list(found.index) == ["none", "I0", "I1", "I2", "I3", "I4", "I5"]
    assert found.loc["none", "estimate"] == slope(model, firms)
    assert found.loc["I3", "estimate"] == slope(model, firms[firms["industry"] != "I3"])
    assert found.loc["I3", "n_firms"] == 75


def test_a_group_without_which_too_few_firms_are_left_is_a_row_with_its_reason(firms, make_model):
    few = firms[firms["industry"].isin(["I0", "I1"])].assign(side=lambda rows: rows["industry"] == "I0")
    found = without_each_group(Asked(model=make_model(), term="rd"), few, "side").set_index("left_out")
    assert found.loc["True", "status"] == "not estimated: fewer than 30 complete firms"


@pytest.mark.parametrize(
    "declared", [{}, {"estimator": "fe", "fixed_effects": ["firm_id", "wave"]}, {"weights": "final"}]
)
def test_the_range_without_any_firm_is_that_of_fits_without_each(firms, make_model, declared):
    firms = firms[firms["industry"].isin(["I0", "I1", "I2"])]
    model = make_model(controls=["cooperation"], covariance={"type": "cluster", "by": ["firm_id"]}, **declared)
    found = influence_of_clusters(model, firms).set_index("term")
    again = [slope(model, firms[firms["firm_id"] != name]) for name in firms["firm_id"].unique()]
    assert list(found.index) == ["rd"]
    assert found.loc["rd", "smallest"] == pytest.approx(min(again), **EXACT)
    assert found.loc["rd", "largest"] == pytest.approx(max(again), **EXACT)
    assert found.loc["rd", "clusters"] == len(again)


def test_no_firm_is_named(firms, make_model):
    table = influence_of_clusters(make_model(), firms).astype(str).to_numpy().ravel()
    assert not set(firms["firm_id"]) & set(table)


def test_bounds_start_from_the_slopes_with_and_without_controls(firms, make_model):
    model = make_model(controls=["cooperation", "log1p(patents)"])
    found = bounds_by_selection(model, firms).set_index("term").loc["rd"]
    assert found["controlled"] == pytest.approx(slope(model, firms), **EXACT)
    assert found["uncontrolled"] == pytest.approx(slope(make_model(), firms), **EXACT)
    assert found["r2_max"] == pytest.approx(min(1, 1.3 * found["r2_controlled"]))


def test_bounds_within_firms_start_from_the_slope_within_firms(firms, make_model):
    model = make_model(estimator="fe", fixed_effects=["firm_id", "wave"], controls=["cooperation"])
    found = bounds_by_selection(model, firms).set_index("term").loc["rd"]
    assert found["controlled"] == pytest.approx(slope(model, firms), **EXACT)


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({"estimator": "logit", "outcome": "innovator"}, "only for least squares, not a logit"),
        ({}, "there are no controls to compare with"),
    ],
)
def test_bounds_that_make_no_sense_are_a_row_with_the_reason(firms, make_model, declared, reason):
    assert bounds_by_selection(make_model(**declared), firms)["status"].item() == f"not estimated: {reason}"


def test_a_family_holds_together_what_each_model_says_alone(firms, make_model):
    random = np.random.default_rng(8)
    outcomes = ["output", "chance_a", "chance_b", "patents"]
    firms = firms.assign(chance_a=random.normal(size=len(firms)), chance_b=random.normal(size=len(firms)))
    asked = [Asked(model=make_model(outcome=name), term="rd") for name in outcomes]
    found = adjusted_family("rd", asked, firms, Drawing(draws=499)).set_index("outcome")
    # A draw's p-value varies around the t test's by about a hundredth with 499 draws.
    assert (found["p_adjusted"] >= found["p"] - 0.03).all()
    assert found.loc["output", "p_adjusted"] == pytest.approx(1 / 500)
    assert found.loc[["chance_a", "chance_b"], "p_adjusted"].min() > 0.05


def test_a_family_with_a_model_that_can_not_be_estimated_tests_the_others(firms, make_model):
    asked = [Asked(model=make_model(outcome=name), term="rd") for name in ("absent", "output")]
    found = adjusted_family("rd", asked, firms, Drawing(draws=99)).set_index("outcome")
    assert found.loc["absent", "status"] == "not estimated: the survey lacks absent"
    assert np.isnan(found.loc["absent", "p_adjusted"])
    assert found.loc["output", "p_adjusted"] == pytest.approx(1 / 100)
