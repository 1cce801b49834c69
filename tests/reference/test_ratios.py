import pytest

from innosurvey.reference.cells import Cells
from innosurvey.reference.ratios import programme_ratios

from .make import own_context, spec, staff


def test_a_ratio_takes_the_places_at_which_both_numbers_are_printed_and_no_printed_sum():
    found = programme_ratios(spec().ratios, staff(), Cells(staff(), spec().tables))
    assert found["at"].tolist() == ["2001"]
    assert found["value"].tolist() == [10_000]


@pytest.fixture(scope="module")
def own():
    return own_context().ratios.set_index(["ratio", "at"])


def test_output_is_not_set_against_grants_of_years_whose_output_is_not_printed(own):
    row = own.loc[("patents_per_task", "1993-99..2004")]
    tasks = 6286 + 1795 + 2327 + 2611 + 2593 + 2743
    assert (row["output"], row["input"]) == (5026, tasks)
    assert row["value"] == pytest.approx(100 * 5026 / 18355)


@pytest.mark.parametrize(
    ("ratio", "at", "by_hand"),
    [
        ("budget_per_sme", "2005", 142_200 / 1912),
        ("grant_per_task", "1993-99", 49_265 / 6286),
        ("grant_per_task", "1993-99..2006", 301_307 / 23_321),
        ("processes_per_grant", "2004", 2106 / 39.120),
    ],
)
def test_ratios_by_hand(own, ratio, at, by_hand):
    assert own.loc[(ratio, at), "value"] == pytest.approx(by_hand)


def test_a_ratio_beside_a_statement_that_fails_says_so(own):
    row = own.loc[("grant_per_task", "2000")]
    assert (row["stated"], row["stated_doubt"]) == (10, "kim_text_grant_limit")
    assert (own["doubt"] == "").all()  # the cells of both programmes come out


def test_a_ratio_of_a_cell_in_doubt_is_marked():
    series = staff()
    series.loc[(series["series"] == "total") & (series["at"] == "2001"), "doubt"] = "staff_total"
    found = programme_ratios(spec().ratios, series, Cells(series, spec().tables))
    assert found["doubt"].tolist() == ["staff_total"]
