"""After each kind of change, on the real Colombian survey, in two languages: which steps ran, and no other."""

import os
import shutil

import pytest

from tests.workflow.parts_of_the_flow import DATA, NAMED, PAGES, RENDERED, REPORT

pytestmark = pytest.mark.slow

SURVEY, ENCODING = "Estructura_EDIT_SERVICIOS_II_2008_2009.csv", "utf-8-sig"


def change_cell(project, column: str) -> None:
    """Put the value of the second firm into the column of the first, and the other way round."""
    path = project.raw / SURVEY
    head, *rows = path.read_text(encoding=ENCODING).splitlines()
    place = head.split(";").index(column)
    cells = [row.split(";") for row in rows]
    other = next(row for row in range(1, len(cells)) if cells[row][place] != cells[0][place])
    cells[0][place], cells[other][place] = cells[other][place], cells[0][place]
    path.write_text("\n".join([head, *map(";".join, cells), ""]), encoding=ENCODING)


def test_nothing_runs_when_every_file_is_touched(colombia):
    for path in colombia.folder.rglob("*"):
        if path.is_file() and "results" not in path.parts and ".snakemake" not in path.parts:
            path.touch()
    assert colombia.report().steps == ()


def test_nothing_runs_in_a_restored_clone(colombia, tmp_path):
    restored = tmp_path / "elsewhere"
    shutil.copytree(colombia.folder, restored, copy_function=shutil.copy)
    assert type(colombia)(restored, colombia.study).report().steps == ()


def test_a_neutral_edit_of_the_cleaning_reruns_the_data_and_no_estimate(colombia):
    module = colombia.folder / "innosurvey/clean/survey.py"
    module.write_text(module.read_text() + "\n\nUNUSED = 1\n")
    assert colombia.report().rules == {"clean_survey", *DATA, *NAMED}


def test_one_waves_values_rerun_no_other_wave_s_data(colombia):
    change_cell(colombia, column="I1R1C1")
    ran = colombia.report()
    assert ran.code == 0, ran.err
    assert {step for step in ran.steps if step.startswith("ingest_survey")} == {"ingest_survey:2009"}
    assert {step for step in ran.steps if step.startswith("clean_survey")} == {"clean_survey:2009"}
    assert ran.rules >= {"gather_estimates", *REPORT}


def test_a_raw_file_replaced_by_an_older_one_is_seen(colombia):
    change_cell(colombia, column="I1R1C1")
    os.utime(colombia.raw / SURVEY, (0, 0))
    planned = colombia.run("plan", "--study", "tiny.yaml").out.splitlines()
    assert [line for line in planned if "ingest_survey" in line and f"changed: resources/raw/{colombia.study}" in line]


def test_one_models_specification_reruns_its_family_only(colombia):
    colombia.edit("tiny.yaml", "  product_on_rd:\n", "  product_on_rd:\n    covariance: {small_sample: none}\n")
    ran = colombia.report()
    assert ran.code == 0, ran.err
    assert {step.split(".")[-1] for step in ran.steps if step.startswith("fit_models")} == {"knowledge"}
    assert ran.rules == {"fit_models", "gather_estimates", *REPORT}


def test_a_template_of_one_language_rewrites_the_pages_of_that_one_only(colombia):
    template = colombia.folder / "workflow/report/sections/00_summary.ko.md.j2"
    template.write_text(template.read_text(encoding="utf-8") + "\n{# #}\n또 한 문장이다.\n", encoding="utf-8")
    ran = colombia.report()
    assert ran.rules <= PAGES
    assert {"write_document:ko", "render_pdf:ko", "render_html:ko"} <= set(ran.steps)
    assert not [step for step in ran.steps if step.endswith(":en")]


def test_a_translation_rewrites_the_pages_of_its_language_only(colombia):
    colombia.edit("workflow/report/words/ko.yaml", "title_fits: ", "title_fits: 새 ")
    ran = colombia.report()
    pages = {step for step in ran.steps if step.endswith((":ko", ":en"))}
    assert pages == {f"{rule}:ko" for rule in ("draw_figures", "write_document", *RENDERED, "validate_pages")}


def test_a_deleted_slice_is_cut_again_and_nothing_else_runs(colombia):
    (colombia.folder / f"results/{colombia.study}/microdata/slices/all.parquet").unlink()
    assert colombia.report().rules == {"cut_slices"}


def test_a_changed_lock_file_fits_the_models_again(colombia):
    (colombia.folder / "requirements.lock").write_text("# another environment\n")
    planned = colombia.run("plan", "--study", "tiny.yaml").out
    assert all(rule in planned for rule in ("fit_models", "draw_figures", "render_pdf"))
