import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.report.build import build_document
from innosurvey.report.document import BulletList, Document, Paragraph, as_json, from_json, plain_text
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.published import write_tables

from .made_up import made_up_context, made_up_tables
from .made_up_robustness import robustness_tables


def words_of(document: Document) -> str:
    return as_json(document)


def small_study() -> tuple[dict[str, pd.DataFrame], dict]:
    """Return a study without certificates, districts, registers, weights, models or context, as a survey may be."""
    tables = made_up_tables()
    kept = ["all", "size_cis"]
    for name in ("describe", "compare", "adjusted", "omnibus", "cohorts"):
        tables[name] = tables[name][tables[name]["cohort"].isin(kept)]
    placed = ("regions", "concentration", "region_profiles", "region_types")
    for name in (
        "link",
        "weights",
        "fits",
        "coefficients",
        "decompositions",
        "curves",
        "series",
        "arithmetic",
        "ratios",
        "policy",
        "recommendations",
        "claims",
        "hypotheses",
        *placed,
        *robustness_tables(),
    ):
        tables[name] = tables[name].iloc[:0]
    context = made_up_context(synthetic=False, regions={})
    context["comparisons"] = {"size_innovation": context["comparisons"]["size_innovation"]}
    context["cohorts"] = {name: context["cohorts"][name] for name in kept}
    return tables, context


def test_the_document_goes_to_json_and_back(document: Document):
    assert from_json(as_json(document)) == document


def test_json_of_another_kind_is_refused():
    with pytest.raises(StudyError, match="not a report document"):
        from_json('{"is": "Text", "text": "x"}')


def test_the_first_chapter_begins_with_the_question_of_the_study(document: Document):
    first = next(block for block in document.sections[1].blocks if isinstance(block, Paragraph))
    assert plain_text(first.inlines) == made_up_context()["question"]["en"]


def test_chapters_are_numbered_in_order(document: Document):
    assert [section.number for section in document.sections] == [
        "",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "10",
        "A",
        "B",
    ]


def test_tables_and_figures_are_numbered_in_the_order_of_the_text(document: Document):
    assert [table.number for table in document.tables()] == [str(n + 1) for n in range(len(document.tables()))]
    assert [figure.number for figure in document.figures()] == [str(n + 1) for n in range(len(document.figures()))]


def test_sentences_turn_round_with_the_data(templates: dict[str, str], document: Document):
    turned = build_document(made_up_tables(-1), {}, made_up_context(), templates)
    lists = [
        next(block for block in made.sections[0].blocks if isinstance(block, BulletList)) for made in (document, turned)
    ]
    first, other = (plain_text(block.items[0]) for block in lists)
    assert first.startswith("Firms of the group “Active” exceed firms of the group “Dormant” in ")
    assert other.startswith("Firms of the group “Active” stay below firms of the group “Dormant” in ")


def test_comparisons_without_a_clear_difference_are_said_to_have_none(templates: dict[str, str]):
    tables = made_up_tables()
    tables["compare"]["p_adjusted"] = 0.5
    text = words_of(build_document(tables, {}, made_up_context(), templates))
    assert "The data show no clear difference between" in text
    assert " exceed " not in text
    assert " stay below " not in text


def test_a_study_without_certificates_districts_and_models_has_no_words_about_them(templates: dict[str, str]):
    tables, context = small_study()
    document = build_document(tables, draw_figures(tables, context), context, templates)
    text = words_of(document).lower()
    assert not [
        word
        for word in ("certified", "venture", "district", "seoul_gu", "coefficient")
        if word in text.replace("seoul's", "")
    ]
    assert {figure.id for figure in document.figures()} == {"sample_flow", "size_curve", "innovation_types"}


def test_empty_tables_make_a_document(templates: dict[str, str]):
    empty = {name: table.iloc[:0] for name, table in made_up_tables().items()}
    document = build_document(empty, draw_figures(empty, made_up_context()), made_up_context(), templates)
    assert [table.id for table in document.tables()] == ["citation"]
    assert document.figures() == []


def test_a_digit_in_prose_without_a_table_behind_it_is_refused(templates: dict[str, str]):
    sneaky = {**templates, "60_more.en.md.j2": '# More\n\n{% set words = "42" %}There are {{ words }} firms.'}
    with pytest.raises(StudyError, match="section more: There are 42 firms"):
        build_document(made_up_tables(), {}, made_up_context(), sneaky)


def test_a_reference_to_a_figure_that_was_not_drawn_is_refused(templates: dict[str, str]):
    wrong = {**templates, "60_more.en.md.j2": '# More\n\nSee {{ see("figure", "nothing") }}.'}
    with pytest.raises(StudyError, match=r"figure\.nothing, which is not in the report"):
        build_document(made_up_tables(), {}, made_up_context(), wrong)


def test_an_unknown_key_of_the_context_names_the_near_one(templates: dict[str, str]):
    with pytest.raises(StudyError, match="Did you mean currency"):
        build_document(made_up_tables(), {}, made_up_context(curency="KRW"), templates)


def test_what_the_data_lack_stands_in_the_annex(document: Document):
    assert "the survey has no variable new to world" in str(
        next(section for section in document.sections if section.id == "annex").blocks
    )


def test_a_model_that_was_not_estimated_stands_in_the_annex_alone(document: Document):
    reason = "not estimated: fewer than 30 complete firms"
    assert [section.id for section in document.sections if reason in str(section.blocks)] == ["annex"]


def test_every_table_is_published_as_csv_with_the_rows_of_the_page(document: Document):
    files = write_tables(document)
    table = document.tables()[0]
    lines = files[f"{table.id}.csv"].decode().splitlines()
    assert len(lines) == 1 + sum(row.kind != "group" for row in table.rows)
    assert len(files["trace.csv"].decode().splitlines()) == 1 + len(document.trace)


def test_prose_keeps_its_words(document: Document):
    paragraphs = [plain_text(block.inlines) for block in document.blocks() if isinstance(block, Paragraph)]
    assert all(paragraph.strip() and "{{" not in paragraph and "](" not in paragraph for paragraph in paragraphs)


def test_a_survey_without_weights_is_not_called_weighted(templates: dict[str, str]):
    tables, context = small_study()
    text = words_of(build_document(tables, {}, context, templates)).lower()
    assert "each answer counts as one" in text
    assert "weighted" not in text
