import re

import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.lookup import Lookup
from innosurvey.report.sections import render_section
from innosurvey.report.typed_digits import typed_digits
from innosurvey.report.wording import verdict

from .made_up import MINIMUM_N, made_up_context, made_up_tables

NAME = "10_x.en.md.j2"


def render(template: str, direction: int = 1) -> str:
    context = ReportContext.from_mapping(made_up_context())
    draft = Draft(
        lookup=Lookup(made_up_tables(direction), context.sources, MINIMUM_N), context=context, language="en", figures={}
    )
    return render_section(NAME, {NAME: template}, draft)


def test_a_formatted_number_becomes_a_traced_link():
    text = render('{{ value("describe", "n", cohort="all", wave="2018", item="innovator") | count }}')
    assert text == "[4,000](trace:t1)"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("# T\n\n{{ nothing }}", "line 3: 'nothing' is undefined"),
        ("# T\n{% if %}", "line 2"),
        ('# T\n\n\n{{ value("describe", "n", cohort="al") | count }}', "line 4: value"),
        (
            '{{ value("describe", "n", cohort="all", wave="all", item="innovator") }}',
            "line 1: describe.n .* without a format",
        ),
        ("a\n{{ none }}", "line 2: A template prints None"),
        ("a\n{{ rows('describe')[0]['estimat'] }}", "line 2: .*Did you mean estimate"),
        ("a\n{{ 'twelve' | share }}", "line 2: .*not str"),
    ],
)
def test_an_error_in_a_template_names_file_and_line(template: str, message: str):
    with pytest.raises(StudyError, match=rf"10_x\.en\.md\.j2, {message}"):
        render(template)


def test_a_suppressed_number_is_printed_as_its_mark():
    text = render('{{ value("cohorts", "n", cohort="size_cis", group="large", wave="all") | count }}')
    assert text == r"[\[c\]](trace:t1)"


def test_a_suppressed_number_is_not_available():
    assert (
        render(
            '{{ "yes" if value("cohorts", "n", cohort="size_cis", group="large", wave="all") is available else "no" }}'
        )
        == "no"
    )


def test_digits_typed_into_prose_are_found_with_file_and_line():
    assert typed_digits({NAME: "# Title\n\nSome 12 % of firms."}) == [f"{NAME}, line 3: Some 12 % of firms."]


def test_digits_in_a_printed_constant_are_found():
    assert typed_digits({NAME: '{{ "12 %" }}'}) != []


def test_digits_in_names_are_no_typed_digits():
    assert typed_digits({NAME: '{{ rows("compare", cohort="activity_oslo4") }}'}) == []


def test_the_report_s_own_templates_hold_no_typed_digits(templates: dict[str, str]):
    assert typed_digits(templates) == []


def test_a_verdict_follows_sign_and_p():
    row = Lookup(made_up_tables(), {}, MINIMUM_N).rows(
        "compare", cohort="activity_seoul", item="innovator", wave="all"
    )[0]
    reverse = Lookup(made_up_tables(-1), {}, MINIMUM_N).rows(
        "compare", cohort="activity_seoul", item="innovator", wave="all"
    )[0]
    assert (verdict(row, 0.05), verdict(reverse, 0.05)) == ("higher", "lower")
    assert verdict(row, 0.0) == "unclear"


def test_a_verdict_on_a_suppressed_comparison_is_unavailable():
    tables = made_up_tables()
    tables["compare"]["n_group"] = 3
    row = Lookup(tables, {}, MINIMUM_N).rows("compare", cohort="activity_seoul", item="innovator", wave="all")[0]
    assert verdict(row, 0.05) == "unavailable"


def test_only_definitions_of_the_same_two_groups_are_set_against_each_other(templates: dict[str, str]):
    template = (
        '{% from "_macros.en.md.j2" import robustness %}'
        '{{ robustness(rows("compare", cohort="outcome_goal", wave="all"), '
        'rows("compare", cohort="COHORT", wave="all")) }}'
    )

    def told(cohort: str) -> str:
        context = ReportContext.from_mapping(made_up_context())
        lookup = Lookup(made_up_tables(), context.sources, MINIMUM_N)
        draft = Draft(lookup=lookup, context=context, language="en", figures={})
        return render_section(NAME, {**templates, NAME: template.replace("COHORT", cohort)}, draft).strip()

    assert told("size_cis") == told("certified") == ""
    assert told("outcome_goal").startswith("Of the clear differences under the first definition, all stay clear")


def render_macro(call: str, templates: dict[str, str], **changes: pd.DataFrame) -> str:
    """Return what a macro says of the made-up tables, some of them changed, without the marks of traces."""
    context = ReportContext.from_mapping(made_up_context())
    tables = {**made_up_tables(), **changes}
    draft = Draft(lookup=Lookup(tables, context.sources, MINIMUM_N), context=context, language="en", figures={})
    name = call.split("(")[0]
    template = f'{{% from "_macros.en.md.j2" import {name} %}}{{{{ {call} }}}}'
    return re.sub(r"\[([^\]]*)\]\(trace:\w+\)", r"\1", render_section(NAME, {**templates, NAME: template}, draft))


@pytest.mark.parametrize(
    ("clear", "kept", "words"),
    [
        (True, 3, "Too close to be told from it"),
        (False, 3, "none stands out: all lie too close"),
        (False, 2, "the two cannot be told apart"),
        (True, 1, "All others stand clearly below"),
    ],
)
def test_a_ranking_has_a_highest_item_only_where_one_stands_out(templates, clear, kept, words):
    ranks = made_up_tables()["ranks"]
    if kept == 2:
        ranks = ranks[~ranks[["item", "other"]].eq("high_partners").any(axis=1)]
    p = {True: ranks["p_adjusted"] if kept == 3 else 0.0001, False: 0.6}[clear]
    text = render_macro('ranking_message(ranking("barriers", "all"))', templates, ranks=ranks.assign(p_adjusted=p))
    assert words in text
    assert ("the highest is" in text) == clear


def test_a_single_clear_difference_is_no_pattern(templates):
    compare = made_up_tables()["compare"].query("cohort == 'outcome_goal' and wave == 'all'")
    one = compare.assign(p_adjusted=[0.01, *[0.5] * (len(compare) - 1)])
    call = 'headline(rows("compare", cohort="outcome_goal", wave="all"))'
    assert "differ clearly in one respect only" in render_macro(call, templates, compare=one)
    assert "one respect only" not in render_macro(call, templates, compare=compare.assign(p_adjusted=0.01))
