import pandas as pd
import pytest

from innosurvey.keys import is_valid
from innosurvey.synthetic.population import registration_numbers
from innosurvey.synthetic.truth import Streams


def test_registration_numbers_are_valid_and_different():
    numbers = registration_numbers(500, Streams(seed=1)("numbers"))
    assert all(map(is_valid, numbers))
    assert len(set(numbers)) == 500


def test_registration_numbers_belong_to_no_tax_office():
    assert {number[0] for number in registration_numbers(100, Streams(seed=1)("numbers"))} == {"0"}


def test_every_wave_has_the_same_number_of_firms(world):
    assert len(set(world.frame["window"].value_counts())) == 1


def test_no_firm_trades_before_it_is_founded(world):
    assert (world.population.panel["age"] >= 0).all()


def test_every_trading_firm_has_an_employee(world):
    assert (world.population.panel["employees"] >= 1).all()


def test_life_cycle_stages_have_the_declared_shares(world):
    shares = world.population.panel["lifecycle"].value_counts(normalize=True)
    declared = pd.Series(world.truth["population"]["lifecycle"])
    # decline is drawn at random among the late firms: about 8,000 rows, so two points of tolerance
    assert (shares - declared / declared.sum()).abs().max() < 0.02


def test_reported_stages_follow_age(world):
    ages = world.population.panel.groupby("lifecycle")["age"].mean()
    assert ages["startup"] < ages["early_growth"] < ages["high_growth"] < ages["mature"]


def test_firms_crowd_in_the_districts_on_record(world):
    shares = world.frame["gu"].value_counts(normalize=True)
    weights = pd.DataFrame(world.truth["districts"]).T.set_index("code")["weight"].astype(float)
    # about 2,500 firms: a share of 20 % has a standard error of 0.8 points
    assert (shares - weights / weights.sum()).abs().max() < 0.03


@pytest.mark.parametrize("certificate", ["venture", "innobiz", "mainbiz"])
def test_certificate_shares_are_near_the_published_ones(world, certificate):
    holders = world.frame[world.frame[["venture", "innobiz", "mainbiz"]].any(axis=1)]
    published = {"venture": 0.806, "innobiz": 0.35, "mainbiz": 0.25}
    # lapses and the three-year rule shift a share by a point or two, the small population by as much again
    assert holders[certificate].mean() == pytest.approx(published[certificate], abs=0.04)
