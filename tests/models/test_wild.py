"""The wild cluster bootstrap."""

from itertools import product

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def clustered(make_firms):
    """Firms in eight regions whose shocks they share; R&D differs by region, too."""
    firms = make_firms(n=80, waves=["2018"], seed=3)
    random = np.random.default_rng(5)
    region = np.arange(len(firms)) % 8
    firms["region"] = [f"R{number}" for number in region]
    firms["rd"] = firms["rd"] + random.normal(size=8)[region]
    firms["output"] = 0.3 * firms["rd"] + random.normal(size=8)[region] + random.normal(size=len(firms))
    return firms


def refitted(firms: pd.DataFrame, value: float) -> float:
    """Return the bootstrap p of H0: slope = value by fitting every draw anew, all 2^8 signs."""
    x, y = firms["rd"].to_numpy(), firms["output"].to_numpy()
    design, clusters = np.column_stack([np.ones(len(x)), x]), firms["region"].str[1].astype(int).to_numpy()
    restricted = np.mean(y - value * x)
    residuals = y - restricted - value * x

    def t_of(outcome):
        slopes = np.linalg.lstsq(design, outcome, rcond=None)[0]
        scores = design * (outcome - design @ slopes)[:, None]
        sums = np.array([scores[clusters == cluster].sum(axis=0) for cluster in range(8)])
        bread = np.linalg.inv(design.T @ design)
        return (slopes[1] - value) / np.sqrt((bread @ sums.T @ sums @ bread)[1, 1])

    drawn = [
        t_of(restricted + value * x + residuals * np.array(signs)[clusters]) for signs in product((-1, 1), repeat=8)
    ]
    return float(np.mean(np.abs(drawn) >= abs(t_of(y)) * (1 - 1e-12)))


def wild(run, make_model, firms, **declared):
    results = run(make_model(covariance={"type": "wild", "by": ["region"], **declared}), firms)
    assert results.fits["status"].item() == "ok"
    return results.coefficients.set_index("term").loc["rd"]


def test_p_is_that_of_fitting_every_draw_anew(run, make_model, clustered):
    assert wild(run, make_model, clustered)["p"] == pytest.approx(refitted(clustered, 0.0), abs=1e-12)


def test_the_interval_ends_where_the_test_begins_to_reject(run, make_model, clustered):
    row = wild(run, make_model, clustered)
    for bound, outwards in ((row["lower"], -1e-6), (row["upper"], 1e-6)):
        assert refitted(clustered, bound + outwards) <= 0.05 < refitted(clustered, bound - outwards)


def test_the_interval_has_the_level_of_the_design(run, make_model, clustered):
    model = make_model(covariance={"type": "wild", "by": ["region"]}).at_level(0.8)
    row = run(model, clustered).coefficients.set_index("term").loc["rd"]
    for bound, outwards in ((row["lower"], -1e-6), (row["upper"], 1e-6)):
        assert refitted(clustered, bound + outwards) <= 0.2 < refitted(clustered, bound - outwards)


def test_estimate_and_error_stay_those_of_the_clusters(run, make_model, clustered):
    plain = run(make_model(covariance={"type": "cluster", "by": ["region"]}), clustered).coefficients
    row = wild(run, make_model, clustered)
    assert row["se"] == pytest.approx(plain.set_index("term").loc["rd", "se"], rel=1e-12)


def test_many_clusters_draw_their_signs_from_the_seed(run, make_model, make_firms):
    firms = make_firms(n=100).assign(region=lambda rows: rows["firm_id"].str[3:5])
    one, two, other = (wild(run, make_model, firms, draws=199, seed=seed) for seed in (1, 1, 2))
    assert one["lower"] == two["lower"]
    assert one["lower"] != other["lower"]
