"""What is told of regions."""

import pandas as pd
import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.told_regions import (
    regions_cohort,
    told_concentration,
    told_quotients,
    told_spread,
    told_types,
)

from .made_up import MINIMUM_N, made_up_context
from .made_up_regions import made_up_concentration, made_up_profiles, made_up_regions, made_up_types


def draft_of(about: dict | None = None, **tables: pd.DataFrame) -> Draft:
    context = ReportContext.from_mapping(about or made_up_context())
    return Draft(lookup=Lookup(tables, {}, MINIMUM_N), context=context, language="en", figures={})


def test_regions_and_zones_have_their_cohorts_where_a_study_has_them():
    assert (regions_cohort(draft_of()), regions_cohort(draft_of(), zones=True)) == ("gu", "zone")
    assert regions_cohort(draft_of(made_up_context(regions={}))) == ""


def test_the_three_regions_with_most_firms_are_told_of_measures_of_all_firms():
    ((measure, rows),) = told_spread(draft_of(regions=made_up_regions()))
    shares = [float(row["estimate"]) for row in rows]
    assert (measure, len(rows), shares) == ("firms", 3, sorted(shares, reverse=True))


def test_regions_are_told_where_a_kind_is_clearly_more_or_less_frequent():
    table = made_up_regions()
    quotient = table["statistic"] == "quotient"
    table.loc[quotient & (table["region"] == "Mapo-gu"), ["estimate", "p_adjusted"]] = [0.5, 0.01]
    table.loc[quotient & (table["region"] == "Guro-gu"), ["estimate", "p_adjusted"]] = [0.3, 0.01]
    (told,) = told_quotients(draft_of(regions=table))
    assert told.measure == "certified"
    assert [row["region"] for row in told.above] == ["Jung-gu"]
    assert [row["region"] for row in told.below] == ["Guro-gu", "Mapo-gu"]


@pytest.mark.parametrize(("p", "moran", "kind"), [(0.01, 0.3, "alike"), (0.01, -0.3, "unlike"), (0.4, 0.3, "random")])
def test_neighbours_are_alike_or_unlike_only_beyond_chance(p, moran, kind):
    table = made_up_concentration(alike=p)
    table.loc[table["statistic"] == "moran", "estimate"] = moran
    told = told_concentration(draft_of(concentration=table))
    assert "certified" in [row["measure"] for row in getattr(told, kind)]
    assert [row["measure"] for row in told.gini] == ["firms", "certified"]


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        ("not tested", "untested"),
        ("alike", "alike"),
        ("not separable", "inseparable"),
        ("separable", "types"),
    ],
)
def test_types_are_told_only_where_the_test_separates_them(verdict, says):
    tables = {"region_types": made_up_types(verdict), "region_profiles": made_up_profiles()}
    (told,) = told_types(draft_of(**tables))
    assert (told.says, told.zones) == (says, True)
    assert told.types == ((("university", ("north",)), ("business", ("south",))) if says == "types" else ())


def test_types_without_a_p_value_are_untested():
    tables = {"region_types": made_up_types(p=float("nan")), "region_profiles": made_up_profiles()}
    assert told_types(draft_of(**tables))[0].says == "untested"
