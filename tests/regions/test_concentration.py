"""Herfindahl and Gini: by hand, within their bounds, with errors that a resample confirms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.regions.concentration import gini, herfindahl, levelled, normalised, ranks
from innosurvey.regions.plan import map_regions
from tests.regions.make import firms, request

SHARES = (
    st.lists(st.integers(0, 100), min_size=2, max_size=30)
    .filter(any)
    .map(lambda counts: np.array(counts) / sum(counts))
)


def test_indices_by_hand():
    """Shares 0.1, 0.2, 0.3, 0.4: H = 0.30, and the Gini (-3 · 0.1 - 0.2 + 0.3 + 3 · 0.4) / 4 = 0.25."""
    shares = np.array([0.4, 0.1, 0.3, 0.2])
    assert herfindahl(shares) == pytest.approx(0.30)
    assert normalised(0.30, 4) == pytest.approx((0.30 - 0.25) / 0.75)
    assert gini(shares) == pytest.approx(0.25)


def test_all_in_one_region_is_the_most():
    alone = np.array([0.0, 0.0, 0.0, 1.0])
    assert (herfindahl(alone), normalised(1.0, 4), gini(alone)) == (1.0, 1.0, pytest.approx(0.75))


def test_equal_shares_have_equal_ranks():
    assert ranks(np.array([0.5, 0.25, 0.25])) == pytest.approx(np.array([2, -1, -1]) / 3)


@settings(max_examples=100, deadline=None)
@given(SHARES)
def test_indices_stay_within_their_bounds(shares):
    count = shares.size
    assert 1 / count - 1e-12 <= herfindahl(shares) <= 1 + 1e-12
    assert -1e-12 <= normalised(herfindahl(shares), count) <= 1 + 1e-12
    assert -1e-12 <= gini(shares) <= 1 - 1 / count + 1e-12


@settings(max_examples=50, deadline=None)
@given(SHARES)
def test_the_gini_is_the_mean_distance_of_two_regions(shares):
    """G = Σ|s_i - s_j| / (2 n² mean), another form of the same."""
    distances = np.abs(shares[:, None] - shares[None, :]).sum()
    assert gini(shares) == pytest.approx(distances / (2 * shares.size), abs=1e-12)


def test_hidden_regions_count_with_their_mean():
    shares = np.array([0.5, 0.4, 0.07, 0.03])
    hidden = np.array([False, False, True, True])
    assert levelled(shares, hidden) == pytest.approx([0.5, 0.4, 0.05, 0.05])
    swapped = np.array([0.5, 0.4, 0.01, 0.09])
    assert herfindahl(levelled(shares, hidden)) == pytest.approx(herfindahl(levelled(swapped, hidden)))


def test_the_standard_errors_are_those_of_resampling_the_firms():
    """One stratum, no frame: 400 bootstrap samples; their standard deviation is known to about 3.5 percent."""
    made = firms().assign(stratum_id="s", pooled_stratum="s", weight_final=1.0)
    made["sample_n_stratum"] = made["pooled_stratum_n"] = len(made)
    table = map_regions(request(types=None), made)["concentration"]
    ours = table[(table["measure"] == "certified") & (table["wave"] == "2020")].set_index("statistic")["se"]
    chance, group = np.random.default_rng(5), made["group"].to_numpy()
    yes = made["certified"].to_numpy(dtype=bool)
    drawn = []
    for _ in range(400):
        rows = chance.integers(0, len(made), len(made))
        counts = np.unique(group[rows][yes[rows]], return_counts=True)[1]
        shares = counts / counts.sum()
        drawn.append((herfindahl(shares), gini(shares)))
    spread = np.std(drawn, axis=0)
    assert ours["herfindahl"] == pytest.approx(spread[0], rel=0.15)
    assert ours["gini"] == pytest.approx(spread[1], rel=0.15)
