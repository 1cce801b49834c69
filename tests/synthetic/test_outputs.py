import numpy as np
import pytest


@pytest.mark.parametrize(("scenario", "sign"), [("claimed", 1), ("null", 0), ("reversed", -1)])
@pytest.mark.parametrize(("output", "noise"), [("patents", 0.25), ("log_productivity", 0.06)])
def test_active_firms_do_better_as_the_scenario_says(world_of, scenario, sign, output, noise):
    certified = world_of(scenario).frame.query("certified")
    means = certified.groupby("active")[output].mean()
    gap = means[True] - means[False]
    # `noise` is about three standard errors of the difference among 2,000 firms
    assert np.sign(gap) == sign if sign else abs(gap) < noise


@pytest.mark.parametrize(("scenario", "sign"), [("claimed", 1), ("reversed", -1)])
def test_a_grant_moves_research_as_the_scenario_says(world_of, scenario, sign):
    certified = world_of(scenario).frame.query("certified")
    shares = certified.groupby("support")["performs"].mean()
    assert sign * (shares[True] - shares[False]) > 0.05


def test_shares_of_sales_stay_between_nothing_and_all(world):
    assert world.frame[["new_share", "export_share"]].stack().between(0, 1).all()


def test_grants_have_an_amount_and_nothing_else_has(world):
    frame = world.frame
    assert ((frame["support_amount"] > 0) == (frame["support_rnd_grant"] != "none")).all()
