import pytest


def test_about_three_in_five_certified_firms_are_active(world):
    certified = world.frame[world.frame["certified"]]
    assert certified["active"].mean() == pytest.approx(0.61, abs=0.04)


def test_goals_are_attained_as_often_as_published(world):
    active = world.frame[world.frame["active"]]
    assert 1 - active["missed"].mean() == pytest.approx(0.745, abs=0.02)


def test_dormant_firms_have_no_goal_and_no_success(world):
    dormant = world.frame[~world.frame["active"]]
    assert dormant["goal"].isna().all()
    assert (dormant["success"] == 0).all()


def test_a_tenth_of_active_firms_abandons_and_some_of_them_without_innovation(world):
    active = world.frame[world.frame["active"]]
    assert active["abandoned"].mean() == pytest.approx(0.10, abs=0.015)
    assert (active["abandoned"] & ~active["innovator"]).mean() == pytest.approx(0.03, abs=0.015)


def test_projects_are_tried_by_performers_and_never_outnumbered_by_successes(world):
    frame = world.frame
    assert ((frame["projects_tried"] > 0) == frame["performs"]).all()
    assert (frame["projects_tried"] >= frame["projects_succeeded"]).all()
    assert (frame["projects_succeeded"] >= frame["projects_commercialised"]).all()


def test_projects_succeed_at_the_published_rates(world):
    performers = world.frame[world.frame["performs"]]
    tried = performers["projects_tried"].sum()
    assert performers["projects_succeeded"].sum() / tried == pytest.approx(0.571, abs=0.02)
    assert performers["projects_commercialised"].sum() / tried == pytest.approx(0.377, abs=0.02)


@pytest.mark.parametrize(("scenario", "sign"), [("claimed", 1), ("reversed", -1)])
def test_cooperation_helps_early_firms_as_the_scenario_says(world_of, scenario, sign):
    frame = world_of(scenario).frame
    active = frame[frame["active"]]
    attained = 1 - active.groupby(["early", "cooperation"])["missed"].mean()
    interaction = (attained[True, True] - attained[True, False]) - (attained[False, True] - attained[False, False])
    assert sign * interaction > 0.05
