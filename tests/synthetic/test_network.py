import numpy as np
import pytest

from innosurvey.synthetic.network import kind_of_link

INDUSTRY = ["source_industry_suppliers", "source_industry_clients", "source_industry_competitors"]
RESEARCH = ["source_research_universities", "source_research_public_institutes"]


def missed_less_attained(world, columns):
    """Return mean importance among active firms that missed their goal, less that among those that attained it."""
    active = world.frame[world.frame["active"]]
    means = active.groupby("missed")[columns].mean().mean(axis=1)
    return means[True] - means[False]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("universities", "research"),
        ("industry_clients", "business"),
        ("open_associations", "intermediary"),
        ("open_online", None),
    ],
)
def test_links_are_of_a_kind(name, kind):
    assert kind_of_link(name) == kind


@pytest.mark.parametrize(("scenario", "sign"), [("claimed", 1), ("null", 0), ("reversed", -1)])
def test_failed_firms_lean_to_industry_as_the_scenario_says(world_of, scenario, sign):
    bias = missed_less_attained(world_of(scenario), INDUSTRY) - missed_less_attained(world_of(scenario), RESEARCH)
    assert np.sign(bias) == sign if sign else abs(bias) < 0.15


@pytest.mark.parametrize(("scenario", "sign"), [("claimed", 1), ("null", 0), ("reversed", -1)])
def test_failed_firms_name_what_they_lack_inside_as_the_scenario_says(world_of, scenario, sign):
    world = world_of(scenario)
    internal = missed_less_attained(world, ["barrier_staff", "barrier_capability", "barrier_tech_info"])
    finance = missed_less_attained(world, ["barrier_own_funds", "barrier_external_finance"])
    assert np.sign(internal - finance) == sign if sign else abs(internal - finance) < 0.15


@pytest.mark.parametrize(
    ("scenario", "top"), [("claimed", {"own_funds", "staff"}), ("reversed", {"demand", "competition"})]
)
def test_the_two_top_barriers_are_those_of_the_scenario(world_of, scenario, top):
    frame = world_of(scenario).frame
    barriers = [name for name in frame.columns if name.startswith("barrier_")]
    high = (frame[barriers] == 3).mean().nlargest(2)
    assert {name.removeprefix("barrier_") for name in high.index} == top


def test_who_cooperates_has_a_partner_and_nobody_else_has(world):
    partners = [name for name in world.frame.columns if name.startswith("partner_")]
    some = (world.frame[partners] != "").any(axis=1)
    assert (some == world.frame["cooperation"]).all()


def test_the_best_partner_is_one_of_the_partners(world):
    cooperating = world.frame[world.frame["cooperation"]]
    assert all(row[f"partner_{row['best_partner']}"] != "" for _, row in cooperating.iterrows())


def test_zones_differ_in_their_links_to_research(world):
    active = world.frame[world.frame["active"]]
    by_zone = active.groupby("zone")["source_research_universities"].mean()
    assert by_zone["north_east"] > by_zone["south_east"] + 0.2
