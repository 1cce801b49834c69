import pytest

from innosurvey.errors import StudyError
from innosurvey.report.formats import Style
from innosurvey.report.lookup import Lookup

from .made_up import MINIMUM_N, made_up_tables

KEY = {"cohort": "activity_seoul", "group": "active", "item": "innovator"}


@pytest.fixture
def lookup() -> Lookup:
    sources = {"describe": {"file": "estimates/describe.csv", "rule": "describe_cohort"}}
    return Lookup(made_up_tables(), sources, MINIMUM_N)


def test_one_row_is_a_number(lookup: Lookup):
    tables = made_up_tables()
    described = tables["describe"]
    row = described[(described["cohort"] == "activity_seoul") & (described["group"] == "active")]
    row = row[(row["item"] == "innovator") & (row["wave"] == "2018")]
    assert float(lookup.value("describe", "estimate", wave="2018", **KEY)) == row["estimate"].item()


def test_a_wave_may_be_named_by_a_number(lookup: Lookup):
    assert lookup.value("describe", "n", wave=2018, **KEY) == lookup.value("describe", "n", wave="2018", **KEY)


def test_two_rows_raise_and_are_listed(lookup: Lookup):
    with pytest.raises(StudyError, match=r"found 4[\s\S]*wave 2018[\s\S]*Name more of the key"):
        lookup.value("describe", "estimate", **KEY)


def test_no_row_raises_with_what_there_is_and_the_near_name(lookup: Lookup):
    with pytest.raises(StudyError, match=r"found 0[\s\S]*active, dormant[\s\S]*Did you mean active\?"):
        lookup.value("describe", "estimate", wave="all", cohort="activity_seoul", group="activ", item="innovator")


def test_an_unknown_column_raises_with_the_near_name(lookup: Lookup):
    with pytest.raises(StudyError, match="Did you mean estimate"):
        lookup.value("describe", "estimat", wave="all", **KEY)


def test_an_unknown_table_raises_with_the_near_name(lookup: Lookup):
    with pytest.raises(StudyError, match="Did you mean describe"):
        lookup.rows("descibe")


def test_a_number_printed_without_a_format_raises(lookup: Lookup):
    with pytest.raises(StudyError, match="without a format"):
        str(lookup.value("describe", "estimate", wave="all", **KEY))


def test_writing_a_number_leaves_a_trace_row(lookup: Lookup):
    number = lookup.value("describe", "estimate", wave="all", **KEY)
    text, trace = lookup.write(number, "share", Style())
    (row,) = lookup.trace.rows.values()
    assert (row.id, row.text, row.value) == (trace, text, f"{float(number):.10g}")
    assert (row.table, row.column, row.file, row.rule) == (
        "describe",
        "estimate",
        "estimates/describe.csv",
        "describe_cohort",
    )
    assert row.key == "cohort activity_seoul, group active, wave all, item innovator, statistic share"


def test_the_same_cell_in_the_same_words_has_one_trace_row(lookup: Lookup):
    number = lookup.value("describe", "estimate", wave="all", **KEY)
    assert lookup.write(number, "share", Style()) == lookup.write(number, "share", Style())
    assert len(lookup.trace.rows) == 1


def test_numbers_compare_as_floats(lookup: Lookup):
    number = lookup.value("compare", "difference", wave="all", cohort="activity_seoul", item="innovator")
    assert number > 0
    assert not number <= 0


def test_rows_of_a_table_that_a_study_lacks_are_none():
    assert Lookup({}, {}, MINIMUM_N).rows("weights") == []


def test_a_key_may_list_several_values(lookup: Lookup):
    rows = lookup.rows(
        "describe", cohort="activity_seoul", group="active", wave="all", item=["innovator", "cooperation"]
    )
    assert {row["item"] for row in rows} == {"innovator", "cooperation"}
