import pytest

from innosurvey import yamlfile
from innosurvey.synthetic.account import errors, implied, population_values


@pytest.fixture(scope="module")
def truth(files):
    return yamlfile.parse(files["truth.yaml"].decode(), "truth.yaml").data


def test_the_account_names_seed_scenario_and_parameters(truth):
    assert (truth["seed"], truth["scenario"]) == (7, "claimed")
    assert truth["parameters"]["equations"]["product"]["effects"]["research"] == 0.22


def test_every_injected_error_is_listed_by_row_of_the_raw_file(world):
    listed = errors(world)
    for wave, first in (("2018", 1), ("2020", 2), ("2022", 7)):
        rows = sorted(cell["row"] for kind in listed[wave].values() for cell in kind["cells"])
        assert rows == sorted(error.row + first for error in world.waves[wave].injected)


def test_counts_are_the_lengths_of_the_lists(truth):
    for wave in ("2018", "2020", "2022"):
        assert all(kind["count"] == len(kind["cells"]) for kind in truth["errors"][wave].values())


def test_population_values_are_those_of_the_frame(world):
    certified = world.frame.query("year == 2020 and certified")
    values = population_values(world.frame)["2020"]["certified"]
    assert values["firms"] == len(certified)
    assert values["share_product"] == pytest.approx(certified["product"].mean())


def test_the_implied_slope_is_smaller_than_the_coefficient_by_the_spread_of_the_latent_error(world):
    # 0.22 / sqrt(1 + 0.22² · 0.9² + 2 · 0.22 · 0.9 · 0.145)
    assert implied(world)["probit_on_fitted_log_rnd_per_employee"]["product"] == pytest.approx(0.21008, abs=1e-5)


@pytest.mark.parametrize(("scenario", "sign"), [("claimed", 1), ("null", 0), ("reversed", -1)])
def test_implied_effects_have_the_sign_of_the_scenario(world_of, scenario, sign):
    found = implied(world_of(scenario))
    for effect in (
        found["average_marginal_effect_of_log_rnd_per_employee"]["product"],
        found["average_effect_of_an_rnd_grant"]["performs_rnd"],
        found["productivity_on_fitted_probabilities"]["product_alone"]["product"],
    ):
        assert sign * effect > 0.02 if sign else abs(effect) < 1e-6
