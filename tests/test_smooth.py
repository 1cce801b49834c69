import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey import smooth
from innosurvey.errors import StudyError
from innosurvey.items import DescribeItem

RNG = np.random.default_rng(7)
N = 300
X = RNG.normal(0, 1, N)
Y = (RNG.random(N) < 1 / (1 + np.exp(-X))).astype(float)
WEIGHT = RNG.uniform(0.5, 4, N)
SHARE = DescribeItem(id="innovator", title={"en": "x"}, statistic="share", unit="percent", variable="innovator")


def kernel_at(point, width=0.5):
    return np.exp(-0.5 * ((X - point) / width) ** 2)


def test_with_equal_weights_the_curve_is_that_of_statsmodels():
    from statsmodels.nonparametric.kernel_regression import KernelReg

    points = np.array([-1.0, 0.0, 0.7])
    theirs, _ = KernelReg(Y, X, "c", reg_type="ll", bw=[0.5]).fit(points)
    ours = [smooth.local_linear(X - point, Y, np.ones(N), kernel_at(point)).estimate for point in points]
    assert ours == pytest.approx(theirs, abs=1e-10)


def test_the_height_is_the_intercept_of_a_weighted_regression():
    import statsmodels.api as sm

    theirs = sm.WLS(Y, sm.add_constant(X - 0.3), weights=WEIGHT * kernel_at(0.3)).fit().params[0]
    assert smooth.local_linear(X - 0.3, Y, WEIGHT, kernel_at(0.3)).estimate == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("firm", [0, 17, 250])
def test_a_linearised_value_is_how_much_the_height_moves_with_the_firms_weight(firm):
    fit = smooth.local_linear(X - 0.3, Y, WEIGHT, kernel_at(0.3))
    more = WEIGHT + 1e-6 * (np.arange(N) == firm)
    moved = smooth.local_linear(X - 0.3, Y, more, kernel_at(0.3))
    assert (moved.estimate - fit.estimate) / 1e-6 == pytest.approx(fit.influence[firm], abs=1e-7)


@given(st.floats(-3, 3), st.floats(-2, 2), st.floats(0.2, 2))
def test_a_straight_line_is_found_whatever_the_bandwidth(intercept, slope, width):
    fit = smooth.local_linear(X - 0.2, intercept + slope * X, WEIGHT, kernel_at(0.2, width))
    assert fit.estimate == pytest.approx(intercept + slope * 0.2, abs=1e-8)


def test_no_line_is_drawn_where_all_firms_stand_in_one_place():
    assert smooth.local_linear(np.zeros(N), Y, WEIGHT, np.ones(N)) is None


def test_the_rule_of_thumb_is_silvermans():
    assert smooth.rule_of_thumb(np.array([0.0, 2.0]), np.ones(2), 32) == pytest.approx(1.06 * 1 * 0.5)


@pytest.fixture
def firms():
    stratum = np.where(np.arange(N) % 2, "a", "b")
    return pd.DataFrame(
        {
            "firm_id": [f"f{number}" for number in range(N)],
            "wave": "2020",
            "group": "all",
            "stratum_id": stratum,
            "sample_n_stratum": N // 2,
            "pop_n_stratum": pd.NA,
            "pooled_stratum": stratum,
            "pooled_stratum_n": N // 2,
            "weight_final": WEIGHT,
            "innovator": pd.array(Y == 1, dtype="boolean"),
            "employees_t": np.exp(X),
        }
    )


def curve_of(firms, **changes):
    entry = {
        "title": {"en": "x"},
        "cohort": "all",
        "item": "innovator",
        "by": "employees_t",
        "scale": "log",
        "at": [0.5, 1, 2],
    }
    specs = smooth.parse_curves({"size": entry | changes})
    return smooth.smooth_all(specs, [SHARE], {"all": firms}, {"all": ["all"]})


def test_each_point_has_its_estimate_between_its_limits_in_percent(firms):
    table = curve_of(firms)
    assert table["at"].tolist() == [0.5, 1, 2]
    assert (table["lower"] < table["estimate"]).all()
    assert (table["estimate"] < table["upper"]).all()
    assert table["estimate"].is_monotonic_increasing
    assert table["upper"].max() <= 100


def test_the_effective_number_of_firms_falls_away_from_the_middle(firms):
    n = curve_of(firms, at=[0.05, 1, 20])["n"]
    assert n[1] > n[0]
    assert n[1] > n[2]


def test_firms_without_the_variable_are_left_out(firms):
    firms.loc[firms.index[:50], "employees_t"] = np.nan
    assert (curve_of(firms)["status"] == "ok").all()


def test_a_group_without_firms_has_rows_with_the_reason(firms):
    specs = smooth.parse_curves(
        {"s": {"title": {"en": "x"}, "cohort": "c", "item": "innovator", "by": "employees_t", "at": [1, 2]}}
    )
    table = smooth.smooth_all(specs, [SHARE], {"c": firms}, {"c": ["nobody"]})
    assert set(table["status"]) == {"not estimated: no firm with a value"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"at": [1]}, "in rising order"),
        ({"at": [2, 1]}, "in rising order"),
        ({"at": [0, 1]}, "has no logarithm"),
        ({"bandwidth": -1}, "no width"),
        ({"scale": "cubic"}, "cubic"),
        ({"by": "wave"}, "no number of the firms"),
    ],
)
def test_a_curve_that_cannot_be_drawn_is_refused_with_its_place(firms, changes, said):
    with pytest.raises(StudyError, match=said) as error:
        curve_of(firms, **changes)
    assert "curves.size" in str(error.value)
