"""The table of estimates: its rows, its numbers on hand-made samples, and its reasons where there is no number."""

import numpy as np
import pandas as pd
import pytest

from innosurvey import tables
from innosurvey.describe import COLUMNS, describe_all
from innosurvey.design import Design
from innosurvey.distributions import t_quantile
from innosurvey.kept import Kept
from innosurvey.linearise import linearise_mean, share_interval, standard_error
from tests.made_slices import MadeCohort, make_item, make_slice, make_two_strata

Row = pd.Series


def described(firms: pd.DataFrame, group: str = "g", wave: str = "2020", **item: object) -> Row:
    """Return the row of one item in one group and wave."""
    groups = sorted(set(firms["group"]))
    table = describe_all([make_item(**item)], firms, MadeCohort(groups=groups))
    return table[(table["group"] == group) & (table["wave"] == wave)].iloc[0]


@pytest.fixture
def two_strata() -> pd.DataFrame:
    return make_two_strata(
        x=[1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0],
        yes=pd.array([True, False, True, False, True, True, False], dtype="boolean"),
    )


@pytest.fixture
def two_waves() -> pd.DataFrame:
    """Three firms in 2018, two of them again in 2020; groups change with the firm."""
    return make_slice(
        firm_id=["a", "b", "c", "a", "b"],
        wave=["2018"] * 3 + ["2020"] * 2,
        group=["g", "g", "h", "g", "g"],
        y=[1.0, 2.0, 7.0, 3.0, 5.0],
    )


def test_the_columns_are_those_of_the_contract(two_waves):
    table = describe_all([make_item()], two_waves, MadeCohort(groups=["g", "h"]))
    assert tuple(table.columns) == COLUMNS
    tables.fail_if_contract_is_broken("describe", table, "describe.csv")


def test_a_partition_has_a_row_per_group_and_everyone_and_wave_and_all_waves(two_waves):
    table = describe_all([make_item()], two_waves, MadeCohort(groups=["h", "g"]))
    rows = list(zip(table["group"], table["wave"], strict=True))
    assert rows == [(group, wave) for group in ("h", "g", "all") for wave in ("2018", "2020", "all")]


def test_an_overlapping_cohort_has_no_row_for_everyone(two_waves):
    table = describe_all([make_item()], two_waves, MadeCohort(kind="overlapping", groups=["g", "h"]))
    assert set(table["group"]) == {"g", "h"}


def test_a_cohort_whose_only_group_is_everyone_is_not_listed_twice(two_waves):
    table = describe_all([make_item()], two_waves.assign(group="all"), MadeCohort(groups=["all"]))
    assert len(table) == 3


def test_a_stratified_mean_has_its_textbook_error_and_interval(two_strata):
    # 700 / 50 = 14; V = (1600/3 + 27000) / 2500 = 11.0133 (see test_design); t(5) = 2.570582
    row = described(two_strata)
    se = np.sqrt((1600 / 3 + 27000) / 2500)
    assert (row["estimate"], row["se"], row["n"]) == (pytest.approx(14), pytest.approx(se), 7)
    assert (row["lower"], row["upper"]) == (pytest.approx(14 - 2.570582 * se), pytest.approx(14 + 2.570582 * se))
    assert row["cv"] == pytest.approx(100 * se / 14)


def test_a_total_is_weighted_to_the_population(two_strata):
    row = described(two_strata, statistic="total")
    assert (row["estimate"], row["se"]) == (pytest.approx(700), pytest.approx(np.sqrt(1600 / 3 + 27000)))


def test_a_ratio_is_that_of_the_totals_and_not_the_mean_of_ratios(two_strata):
    # 700 / (5 * 10 + 10 * 6) = 6.3636, in percent 636.36
    row = described(two_strata, statistic="ratio", numerator="y", denominator="x", unit="percent")
    assert row["estimate"] == pytest.approx(70000 / 110)


def test_a_share_is_in_percent(two_strata):
    # yes: 5 + 5 + 10 + 10 = 30 of 50
    assert described(two_strata, statistic="share", variable="yes")["estimate"] == pytest.approx(60)


def test_a_median_lies_inside_its_interval():
    row = described(make_slice(y=np.arange(1.0, 101.0)), statistic="median")
    assert (row["lower"], row["estimate"], row["upper"]) == (41, 50.5, 60)


@pytest.mark.parametrize("yes", [0, 1, 2, 19, 20])
def test_the_interval_of_a_share_stays_inside_0_and_100(yes):
    row = described(make_slice(y=pd.array([True] * yes + [False] * (20 - yes), dtype="boolean")), statistic="share")
    assert 0 <= row["lower"] <= row["estimate"] <= row["upper"] <= 100
    assert row["upper"] - row["lower"] > 1  # not certain even where all firms answer alike


def test_a_missing_answer_is_left_out_and_not_a_zero():
    row = described(make_slice(y=[2.0, 4.0, np.nan]))
    assert (row["n"], row["estimate"]) == (2, 3)


def test_nonresponse_to_an_item_is_a_domain_with_the_strata_of_the_sample():
    # z = (1, -1)/2 and one zero for the silent firm: 3/2 * 0.5 = 0.75; a sample of two would give 2/1 * 0.5 = 1
    assert described(make_slice(y=[2.0, 4.0, np.nan]))["se"] == pytest.approx(np.sqrt(0.75))


def test_a_constant_has_an_error_of_zero_and_no_design_effect():
    row = described(make_slice(weight_final=[0.1, 0.7, 0.3], y=[0.1] * 3))
    assert (row["se"], row["status"]) == (0, "ok")
    assert np.isnan(row["deff"])


def test_a_pooled_mean_takes_the_firm_as_the_unit(two_waves):
    # group g: (1 + 2 + 3 + 5) / 4 = 2.75; per firm a: (1 + 3 - 5.5) / 4 = -0.375, b: (2 + 5 - 5.5) / 4 = 0.375, c: 0
    row = described(two_waves, wave="all")
    assert (row["n"], row["estimate"]) == (2, 2.75)
    assert row["se"] == pytest.approx(np.sqrt(3 / 2 * 2 * 0.375**2))


def test_a_pooled_total_is_the_average_over_the_waves_that_asked(two_waves):
    assert described(two_waves, wave="all", group="all", statistic="total")["estimate"] == pytest.approx(18 / 2)
    asked_once = two_waves.assign(y=[1.0, 2.0, 7.0, np.nan, np.nan])
    assert described(asked_once, wave="all", group="all", statistic="total")["estimate"] == pytest.approx(10)


def test_a_group_without_firms_is_a_row_with_a_reason(two_waves):
    row = described(two_waves, group="h", wave="2020")
    assert (row["n"], row["status"]) == (0, "not estimated: no firm with a value")
    assert row[["estimate", "se", "lower", "upper", "cv", "deff"]].isna().all()


def test_one_firm_is_not_an_estimate(two_waves):
    assert described(two_waves, group="h", wave="2018")["status"] == "not estimated: fewer than 2 firms with a value"


def test_a_variable_that_the_survey_lacks_is_named_in_the_status(two_waves):
    assert described(two_waves, variable="exports_t")["status"] == "not estimated: the survey has no exports_t"


def test_strata_of_single_firms_leave_nothing_to_estimate_the_error_from():
    firms = make_slice(stratum_id=["a", "b", "c"], y=[1.0, 2.0, 3.0])
    assert described(firms)["status"] == "not estimated: no degrees of freedom (every stratum has a single firm)"


def test_a_ratio_to_nothing_is_not_estimated():
    firms = make_slice(y=[1.0, 2.0], x=[0.0, 0.0])
    row = described(firms, statistic="ratio", numerator="y", denominator="x")
    assert row["status"] == "not estimated: the denominator is zero"


def test_a_median_of_few_firms_is_not_estimated():
    assert "too few firms" in described(make_slice(y=[1.0, 2.0, 3.0]), statistic="median")["status"]


def test_the_order_of_the_rows_does_not_change_the_table(two_strata):
    turned = two_strata.iloc[::-1].reset_index(drop=True)
    tables = [describe_all([make_item()], firms, MadeCohort()) for firms in (two_strata, turned)]
    pd.testing.assert_frame_equal(*tables, rtol=1e-12)  # sums in another order


def test_95_percent_intervals_cover_the_population_value_about_95_percent_of_the_time():
    """Draw a stratified sample 4,000 times; the domain cuts across the strata."""
    rng = np.random.default_rng(20240501)
    sizes, taken = (600, 300, 90), (60, 60, 45)
    population = [
        (rng.lognormal(mean, 0.8, size), rng.random(size) < 0.6) for mean, size in zip((0, 1, 2), sizes, strict=True)
    ]
    in_domain = [values[member] for values, member in population]
    true_mean, true_share = np.concatenate(in_domain).mean(), (np.concatenate(in_domain) > 2).mean()
    frame = make_slice(
        stratum_id=np.repeat(["a", "b", "c"], taken),
        pop_n_stratum=np.repeat(sizes, taken),
        weight_final=np.repeat(np.divide(sizes, taken), taken),
    )
    design, hits = Design.from_slice(frame, pooled=False), np.zeros(2)
    for _ in range(4000):
        drawn = [rng.choice(size, n, replace=False) for size, n in zip(sizes, taken, strict=True)]
        values, member = (
            np.concatenate([part[k][rows] for part, rows in zip(population, drawn, strict=True)]) for k in (0, 1)
        )
        domain, y = design.take(member), values[member]
        t = t_quantile(0.95, domain.degrees_of_freedom)
        mean, share = linearise_mean(y, domain.weight), linearise_mean((y > 2).astype(float), domain.weight)
        hits[0] += abs(mean.estimate - true_mean) <= t * standard_error(domain, mean)
        lower, upper = share_interval(share.estimate, standard_error(domain, share), t, domain)
        hits[1] += lower <= true_share <= upper
    # 3 standard errors of 4,000 draws are 1.0 point; the mean of a skewed variable covers a little less than 95
    assert (np.abs(hits / 4000 - 0.95) < 0.015).all()


def described_after(two_waves, change):
    """Return the table of changed firms, made with what was kept of the firms as they were, and how many estimates
    (an item in a group) were made anew.
    """
    items = [make_item(id="y"), make_item(id="x", variable="x")]
    firms, cohort, first = two_waves.assign(x=2.0), MadeCohort(groups=["g", "h"]), Kept()
    describe_all(items, firms, cohort, kept=first)
    again = Kept(before=first.now)
    changed = change(firms.copy())
    table = describe_all(items, changed, cohort, kept=again)
    pd.testing.assert_frame_equal(table, describe_all(items, changed, cohort))
    return len(again.now.keys() - first.now.keys())


def test_what_was_described_before_is_not_estimated_again(two_waves):
    assert described_after(two_waves, lambda firms: firms) == 0


def test_one_firms_value_makes_its_item_anew_in_its_groups_alone(two_waves):
    assert described_after(two_waves, lambda firms: firms.assign(y=firms["y"].where(firms["group"] != "h", 8.0))) == 2


def test_a_weight_makes_all_anew(two_waves):
    assert described_after(two_waves, lambda firms: firms.assign(weight_final=firms["weight_final"] + 0.5)) == 6
