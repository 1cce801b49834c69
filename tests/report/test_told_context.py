"""What sentences tell of printed tables, in either language."""

import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.told_context import move, off, over_all_periods, places, worked_out

from .made_up import made_up_context
from .made_up_reference import printed_tables


def draft_of(**changed: pd.DataFrame) -> Draft:
    """Return a draft with the printed tables."""
    tables = {**printed_tables(), **changed}
    return Draft(lookup=Lookup(tables, {}, 10), context=ReportContext.from_mapping(made_up_context()), language="en",
                 figures={})  # fmt: skip


def test_places_stand_in_their_order():
    found = places(draft_of(), "kim_2", "sme_businesses")
    assert found == sorted(found)


@pytest.mark.parametrize(("series", "way"), [("sme_employees", "rose"), ("large_employees", "fell")])
def test_a_move_tells_both_ends_and_the_way(series: str, way: str):
    draft = draft_of()
    ends = places(draft, "kim_2", series)
    told = move(draft, "kim_2", series, ends[0], ends[-1])
    assert (told.way, told.first < told.last) == (way, way == "rose")


def test_a_series_that_is_where_it_was_stayed():
    assert move(draft_of(), "kim_2", "sme_employees", "1998", "1998").way == "stayed"


def test_a_number_that_is_not_printed_is_refused():
    with pytest.raises(StudyError, match="exactly one row"):
        move(draft_of(), "kim_2", "sme_employees", "1998", "1850")


def test_only_a_check_that_nothing_explains_is_off():
    checks = printed_tables()["arithmetic"]
    explained = checks[checks["adds_up"] == "rounding"]["check"].iloc[0]
    assert off(draft_of(), "kim_text_sme_jobs")
    assert not off(draft_of(), explained)


def test_ratios_over_all_periods_leave_single_years_out():
    assert all(".." in row["at"] for row in over_all_periods(draft_of(), table="kim_4").values())


def test_a_table_without_a_wrong_row_has_nothing_worked_out():
    draft = draft_of()
    assert worked_out(draft, "spru_1", "innovations")
    assert not worked_out(draft, "kim_2", "sme_employees")
