"""After each kind of change: which steps ran, and no other."""

import os
import shutil

import pytest

from innosurvey.fingerprint import file_fingerprint
from tests.workflow.parts_of_the_flow import DATA, JUDGED, LAST, NAMED, PAGES, REPORT

pytestmark = pytest.mark.slow


def test_nothing_runs_when_nothing_changed(project):
    ran = project.report()
    assert (ran.code, ran.steps) == (0, ())
    assert "Nothing to do" in ran.out


def test_nothing_runs_when_every_file_is_touched(project):
    for path in project.folder.rglob("*"):
        if path.is_file() and "results" not in path.parts and ".snakemake" not in path.parts:
            path.touch()
    assert project.report().steps == ()


def test_nothing_runs_in_a_restored_clone(project, tmp_path):
    restored = tmp_path / "elsewhere"
    shutil.copytree(project.folder, restored, copy_function=shutil.copy)  # new time stamps throughout, in any order
    moved = type(project)(restored)
    assert moved.report().steps == ()


def test_nothing_runs_after_an_edit_of_a_docstring_or_a_comment(project):
    project.edit("innosurvey/clean/__init__.py", '"""', '"""Reworded. ')
    assert project.report().steps == ()


def test_a_neutral_edit_of_the_cleaning_reruns_the_data_and_no_estimate(project):
    module = project.folder / "innosurvey/clean/survey.py"
    module.write_text(module.read_text() + "\n\nUNUSED = 1\n")
    ran = project.report()
    assert ran.rules == {"clean_survey", *DATA, *NAMED}


def test_a_value_in_a_column_that_no_estimate_uses_stops_at_the_slices(project):
    change_cell(project, column="작성소요시간")
    ran = project.report()
    renewed = {"write_tables", "list_outputs", *LAST}  # the raw files' checksums are named
    assert ran.rules == {
        "ingest_survey",
        "link_registers",
        "clean_survey",
        *DATA,
        *renewed,
    }
    assert "ingest_survey:2020" in ran.steps
    assert "ingest_survey:2018" not in ran.steps


def test_one_firms_value_reruns_the_estimates_of_its_cohorts_only(project):
    change_cell(project, column="특허출원건수", certified=False)
    ran = project.report()
    assert "describe_cohort:all" in ran.steps
    assert "describe_cohort:certification" not in ran.steps
    assert "describe_cohort:activity_oslo4" not in ran.steps
    assert "fit_models:certified.knowledge" in ran.steps
    assert "fit_models:all.productivity" not in ran.steps
    assert ran.rules >= {"gather_estimates", *REPORT}


def test_a_firm_in_another_district_reruns_the_estimates_of_districts_only(project):
    change_cell(project, column="자치구", to="서초구")
    ran = project.report()
    estimated = {step for step in ran.steps if step.startswith(("describe", "compare", "fit", "ask", "smooth", "map"))}
    assert estimated == {"describe_cohort:gu", "map_regions:"}


def test_what_is_taken_over_from_the_run_before_is_what_a_build_from_scratch_makes(project):
    change_cell(project, column="상용근로자수_2020")
    project.report()
    results = project.folder / "results/seoul"
    updated = contents_of(results / "estimates")
    shutil.rmtree(results)
    shutil.rmtree(project.folder / ".snakemake")
    project.report()
    assert contents_of(results / "estimates") == updated


def contents_of(folder):
    """Return the checksum of each file below a folder by its name."""
    return {str(path.relative_to(folder)): file_fingerprint(path) for path in folder.rglob("*") if path.is_file()}


def test_a_pair_of_neighbours_reruns_the_regions_only(project):
    listed = project.folder / "resources/regions/seoul_gu_neighbours.csv"
    pair = ("Jongno-gu,Eunpyeong-gu", "Eunpyeong-gu,Jongno-gu")
    rows = [row for row in listed.read_text(encoding="utf-8").splitlines() if not row.startswith(pair)]
    listed.write_text("\n".join([*rows, ""]), encoding="utf-8")
    assert project.report().rules == {"map_regions", "gather_estimates", *REPORT} - JUDGED - {"frame_policy"}


def test_a_tile_of_the_map_reruns_the_figures_and_the_pages_only(project):
    project.edit("resources/regions/seoul_gu_tiles.csv", "Gwanak-gu,3,6", "Gwanak-gu,4,6")
    assert project.report().rules == {"draw_figures", *PAGES}


def test_one_models_specification_reruns_its_family_only(project):
    project.edit(
        "tiny.yaml",
        "  product_on_rd: {foreach: [all, certified]}",
        "  product_on_rd: {foreach: [all, certified], covariance: {small_sample: none}}",
    )
    ran = project.report()
    assert {step for step in ran.steps if step.startswith("fit_models")} == {
        "fit_models:all.knowledge",
        "fit_models:certified.knowledge",
    }
    assert ran.rules == {"fit_models", "gather_estimates", *REPORT}


def test_a_number_of_a_printed_table_reruns_its_stage_and_the_report(project):
    project.edit("resources/reference/series/kim_5.csv", "firms,147,145", "firms,147,146")
    assert project.report().rules == {"check_reference", "draw_figures", *PAGES}


def test_a_threshold_of_the_policy_frame_fills_it_again_and_estimates_nothing(project):
    project.edit("config.yaml", "  need: 15 ", "  need: 16 ")
    assert project.report().rules == {"frame_policy", "draw_figures", *PAGES}


def test_a_template_rewrites_the_pages_only(project):
    project.edit("workflow/report/sections/00_summary.en.md.j2", "The report rests on", "This report rests on")
    assert project.report().rules == PAGES


def test_a_raw_file_replaced_by_an_older_one_is_seen(project):
    change_cell(project, column="상용근로자수_2020")
    os.utime(project.raw / "innovation_2020.csv", (0, 0))
    assert "ingest_survey:2020" in project.report().steps


@pytest.mark.parametrize(
    ("source", "step"),
    [
        ("resources/codebooks/seoul/2020.yaml", "ingest_survey"),
        ("resources/dictionary/variables.csv", "ingest_survey"),
        ("resources/reference/prices/seoul_synthetic.csv", "harmonise_waves"),
        ("resources/reference/series/kim_3.csv", "check_reference"),
        ("resources/codelists/ksic10_technology_class.csv", "screen_answers"),
        ("workflow/report/style.css", "render_html"),
    ],
)
def test_a_source_put_back_as_an_older_copy_is_seen(project, source, step):
    path = project.folder / source
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    os.utime(path, (0, 0))
    planned = project.run("plan", "--study", "tiny.yaml").out.splitlines()
    assert [line for line in planned if step in line and f"changed: {source}" in line]


def test_a_deleted_slice_is_cut_again_and_nothing_else_runs(project):
    (project.folder / "results/seoul/microdata/slices/all.parquet").unlink()
    assert project.report().rules == {"cut_slices"}


def test_a_deleted_table_of_estimates_is_gathered_again_without_any_estimation(project):
    (project.folder / "results/seoul/estimates/describe.csv").unlink()
    ran = project.report()
    assert ran.rules == {"gather_estimates", *REPORT} - JUDGED
    assert [step for step in ran.steps if step.startswith("gather_estimates")] == ["gather_estimates:describe"]


def test_a_changed_lock_file_fits_the_models_again(project):
    (project.folder / "requirements.lock").write_text("# another environment\n")
    assert project.report().rules >= {"fit_models", "draw_figures", "render_pdf"}


def test_plain_snakemake_finds_nothing_to_do_after_our_command(project):
    import subprocess
    import sys

    said = subprocess.run(
        [sys.executable, "-m", "snakemake", "--configfile", "tiny.yaml", "--dry-run"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(project.folder)},
    )
    assert "Nothing to be done" in said.stdout + said.stderr


def change_cell(project, column, certified=None, to=None):
    """Add one to a number of one firm of the 2020 wave, a certified one or not; or write another word there."""
    import csv
    import io

    path = project.raw / "innovation_2020.csv"
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("cp949"), newline="")))
    place = rows[0].index(column)
    for row in rows[1:]:
        plain = row[place].replace(",", "")
        fits = row[place] != to if to else plain.isascii() and plain.isdigit()
        if fits and (certified is None or is_certified(project, row) == certified):
            row[place] = to or str(int(plain) + 1)
            break
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode("cp949"))


def is_certified(project, row):
    """Whether the firm of a raw row has ever held a certificate."""
    certificates = (project.raw / "certificates.csv").read_text(encoding="utf-8-sig").replace("-", "")
    return any(cell.replace("-", "") in certificates for cell in row[:3] if len(cell.replace("-", "")) == 10)
