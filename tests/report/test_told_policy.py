"""What sentences tell of the policy frame."""

import pandas as pd

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.told_policy import Lead, frame, recommended, stage_told

from .made_up import MINIMUM_N, made_up_context
from .made_up_policy import STAGES, made_up_frame, made_up_recommendations


def draft_of(cells: pd.DataFrame | None = None, **tables: pd.DataFrame) -> Draft:
    found = {"policy": made_up_frame() if cells is None else cells, **tables}
    context = ReportContext.from_mapping(made_up_context())
    return Draft(lookup=Lookup(found, {}, MINIMUM_N), context=context, language="en", figures={})


def test_a_need_is_clear_at_every_stage_or_at_some():
    told = frame(draft_of(made_up_frame(too_few="")))
    assert told.stages == STAGES
    assert told.everywhere == ("high_own_funds", "high_external_finance")
    assert told.somewhere == {"high_capability": ("startup",)}


def test_a_study_without_a_frame_has_nothing_to_tell():
    assert frame(draft_of(made_up_frame().iloc[:0])) is None


def test_each_clear_need_of_a_stage_is_told_once():
    told = stage_told(draft_of(), "startup")
    assert [row["barrier"] for row in told.needs] == ["high_own_funds", "high_external_finance", "high_capability"]
    assert not told.some_unknown


def test_needs_that_are_not_known_are_told_of_all_or_of_some():
    cells = made_up_frame()
    some = stage_told(draft_of(cells), "decline")
    assert (some.some_unknown, some.all_unknown) == (True, False)
    cells.loc[cells["group"] == "decline", "need_is"] = ""
    assert stage_told(draft_of(cells), "decline").all_unknown


def test_what_comes_first_is_told_with_the_governments_that_it_falls_to():
    told = stage_told(draft_of(), "startup")
    assert told.leads == (Lead(kind="instruments", name="loan", governments=("local",)),)
    assert told.first["barrier"] == "high_own_funds"


def test_a_field_leads_where_no_instrument_is_asked():
    cells = made_up_frame()
    cells = cells[cells["field"] == "incubation"].assign(priority=1)
    assert stage_told(draft_of(cells), "startup").leads == (Lead(kind="fields", name="incubation", governments=()),)


def test_recommendations_stand_by_field_those_across_the_fields_last():
    cells = made_up_frame(too_few="")
    found = made_up_recommendations(cells).assign(chosen="True")
    found = found.sort_values("field", kind="stable")  # those without a field first
    told = recommended(draft_of(cells, recommendations=found))
    assert list(told) == ["financing", ""]


def test_the_cells_of_a_recommendation_are_at_some_stages_or_at_every_one():
    cells = made_up_frame(too_few="")
    (one,) = recommended(draft_of(cells, recommendations=made_up_recommendations(cells)))["financing"]
    assert (one.groups, one.everywhere) == (STAGES, True)
    alone = cells[cells["group"] == "startup"]
    (one,) = recommended(draft_of(alone, recommendations=made_up_recommendations(alone)))["financing"]
    assert (one.groups, one.everywhere) == (("startup",), False)
