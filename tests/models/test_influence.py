"""Slopes without each cluster, against fitting again."""

import numpy as np
import pytest

from innosurvey.models import influence
from innosurvey.models.absorb import absorb
from innosurvey.models.estimates import NotEstimated
from innosurvey.models.influence import influence_on, slopes_without_each_cluster

# The same least-squares problem by another algebra.
EXACT = {"rtol": 1e-9, "atol": 1e-11}


def panel(seed=6):
    random = np.random.default_rng(seed)
    firm = random.permutation(np.repeat(np.arange(50), random.integers(2, 6, 50)))
    wave = random.integers(0, 4, len(firm))
    industry = firm % 7
    design = random.normal(size=(len(firm), 2)) + random.normal(size=50)[firm, None]
    design *= [1.0, 1e4]
    outcome = design @ [1.0, 1e-4] + 0.2 * wave + random.normal(size=len(firm))
    return outcome, design, (firm, wave, industry), random.uniform(0.5, 2, len(firm))


def fitted_again(outcome, design, cluster, effects, weights):
    found = []
    for left_out in np.unique(cluster):
        kept = cluster != left_out
        shares = None if weights is None else weights[kept]
        codes = [np.unique(effect[kept], return_inverse=True)[1] for effect in effects]
        within = absorb(np.column_stack([design[kept], outcome[kept]]), codes, shares)
        root = np.ones((kept.sum(), 1)) if weights is None else np.sqrt(shares)[:, None]
        found.append(np.linalg.lstsq(within[:, :-1] * root, within[:, -1] * root[:, 0], rcond=None)[0])
    return np.array(found)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("clusters", ["firm", "industry"])
@pytest.mark.parametrize("effects", [(), ("firm",), ("firm", "wave")])
def test_slopes_without_a_cluster_are_those_of_a_fit_without_it(weighted, clusters, effects, monkeypatch):
    outcome, design, (firm, wave, industry), weights = panel()
    named = {"firm": firm, "wave": wave, "industry": industry}
    given = [named[name] for name in effects], weights if weighted else None
    monkeypatch.setattr(influence, "_NUMBERS", 300)  # several runs of clusters
    found = slopes_without_each_cluster(outcome, design, named[clusters], *given)
    np.testing.assert_allclose(found, fitted_again(outcome, design, named[clusters], *given), **EXACT)


def test_an_effect_that_reaches_over_clusters_is_refused():
    outcome, design, (firm, wave, _), _ = panel()
    with pytest.raises(NotEstimated, match="reaches over several clusters"):
        slopes_without_each_cluster(outcome, design, wave, [firm])


def test_a_mean_without_each_of_three_rows_by_hand():
    # Outcomes 1, 2 and 6 on a constant: means without each are 4, 3.5 and 1.5; the mean is 3.
    without = slopes_without_each_cluster(np.array([1.0, 2.0, 6.0]), np.ones((3, 1)), np.arange(3))
    np.testing.assert_allclose(without[:, 0], [4.0, 3.5, 1.5])
    told = influence_on(3.0, 1.0, without[:, 0])
    assert (told.smallest, told.largest, told.clusters) == pytest.approx((1.5, 4.0, 3))
    # Changes of 1, 0.5 and 1.5 standard errors; 2 / √3 is 1.15.
    assert told.largest_change == pytest.approx(1.5)
    assert told.notable == 1
