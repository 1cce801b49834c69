"""Effects of treatment against other programs: R's Matching (Sekhon), and diff-diff for staggered adoption.

Skipped where they are absent (`apt-get install r-cran-matching`; `pip install diff-diff`).
"""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey.models.kernels import staggered
from innosurvey.models.kernels.matching import Search, Units, mahalanobis_points, matching_effect
from tests.independent.r import has_packages, run
from tests.models.treatment_cases import Made

SCRIPT = Path(__file__).with_name("matching.R")
EIGHT_DIGITS = 1e-8
# diff-diff stops its logit where steps are about 1e-4 of a coefficient.
FOUR_DIGITS = 2e-4
pytestmark = pytest.mark.independent


def cells_of(n):
    return (np.random.default_rng(11).random(n) < 0.5).astype(int)


@pytest.fixture(scope="module")
def by_matching(tmp_path_factory):
    """Return what R's Matching finds of the made units, by name of the case."""
    if not has_packages("Matching"):
        pytest.skip("R with its package Matching is not installed")
    folder = tmp_path_factory.mktemp("matching")
    made = Made(n=400)
    frame = pd.DataFrame(made.columns[:, 1:], columns=["a", "b", "c"])
    frame = frame.assign(outcome=made.outcome, treated=made.treated.astype(int), cell=cells_of(made.n))
    frame.to_csv(folder / "units.csv", index=False, float_format="%.17g")
    run(SCRIPT, folder / "units.csv", folder / "effects.csv")
    return pd.read_csv(folder / "effects.csv").set_index("name")


def units_of(made):
    return Units(outcome=made.outcome, treated=made.treated, weights=made.weights, columns=made.columns)


def assert_same(found, other):
    np.testing.assert_allclose([found.effect, np.sqrt(found.variance)], other[["estimate", "se"]], rtol=EIGHT_DIGITS)


@pytest.mark.parametrize("adjusted", [False, True])
@pytest.mark.parametrize("neighbours", [1, 3])
@pytest.mark.parametrize("effect", ["att", "ate"])
def test_matches_and_their_errors_are_those_of_matching(by_matching, effect, neighbours, adjusted):
    made = Made(n=400)
    search = Search(
        points=mahalanobis_points(made.columns[:, 1:]), cells=np.zeros(made.n, dtype=int), neighbours=neighbours
    )
    found = matching_effect(units_of(made), search, effect, adjusted)
    assert_same(found, by_matching.loc[f"{effect} {neighbours} {str(adjusted).upper()}"])


def test_exact_matches_are_those_of_matching(by_matching):
    """Matching measures distance by the exact variable too, which is the same for all within a cell."""
    made = Made(n=400)
    cells = cells_of(made.n)
    points = mahalanobis_points(np.column_stack([made.columns[:, 1:], cells]))
    found = matching_effect(units_of(made), Search(points=points, cells=cells), "att", False)
    assert_same(found, by_matching.loc["exact"])


@pytest.fixture(scope="module")
def adopters():
    """Return 400 units in five periods, their covariate and their first period of treatment (5: never)."""
    random = np.random.default_rng(3)
    covariate = random.normal(size=400)
    first = random.choice([1, 2, 3, 4, 5], p=[0.1, 0.15, 0.15, 0.15, 0.45], size=400)
    time = np.arange(5)
    gain = np.where(time >= first[:, None], 1 + 0.5 * (time - first[:, None]), 0)
    trend = time * (0.2 + 0.3 * covariate[:, None])
    return covariate, first, random.normal(size=(400, 1)) + trend + gain + random.normal(size=(400, 5))


@pytest.mark.parametrize("with_covariate", [False, True])
@pytest.mark.parametrize(("compare_with", "called"), [("never", "never_treated"), ("not_yet", "not_yet_treated")])
def test_staggered_adoption_is_that_of_diff_diff(adopters, compare_with, called, with_covariate):
    diff_diff = pytest.importorskip("diff_diff")
    covariate, first, outcome = adopters
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(400), 5),
            "time": np.tile(np.arange(1, 6), 400),
            "y": outcome.ravel(),
            "x": np.repeat(covariate, 5),
            "first": np.repeat(np.where(first < 5, first + 1, 0), 5),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = diff_diff.CallawaySantAnna(control_group=called, estimation_method="dr").fit(
            frame, outcome="y", unit="unit", time="time", first_treat="first",
            covariates=["x"] if with_covariate else None, aggregate="all",
        )  # fmt: skip
    columns = np.ones((400, 5, 1 + with_covariate))
    if with_covariate:
        columns[:, :, 1] = covariate[:, None]
    panel = staggered.Panel(outcome=outcome, covariates=columns, weights=np.ones(400), first=first)
    cells, missing = staggered.group_time_effects(panel, compare_with)
    tolerance = {"rtol": FOUR_DIGITS, "atol": FOUR_DIGITS} if with_covariate else {"rtol": 1e-9, "atol": 1e-12}
    assert missing == []
    for cell in cells:
        expected = other.group_time_effects[cell.first + 1, cell.period + 1]
        np.testing.assert_allclose(described(cell.effect), [expected["effect"], expected["se"]], **tolerance)
    for since, effect in staggered.average_by_time_since(cells, panel).items():
        expected = other.event_study_effects[since]
        np.testing.assert_allclose(described(effect), [expected["effect"], expected["se"]], **tolerance)


def described(effect):
    return [effect.size, np.sqrt(effect.influence @ effect.influence)]
