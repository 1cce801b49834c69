"""A fourth wave, from one command over the decisions to the report: which steps it reruns."""

import re

import pytest

from tests.new_wave.make import fourth_wave

pytestmark = pytest.mark.slow
OF_A_WAVE = {
    "ingest_survey", "link_registers", "clean_survey", "screen_answers", "rank_suspects", "impute_answers",
    "weight_sample",
}  # fmt: skip


@pytest.fixture
def survey(project, tmp_path):
    """The small study, built with a frame that reaches to 2024, and the file of the new wave beside it."""
    frame = project.raw / "frame.csv"
    lines = frame.read_text(encoding="utf-8-sig").splitlines()
    year = lines[0].split(",").index("조사연도")
    listed = [line.split(",") for line in lines[1:]]
    later = [",".join([*row[:year], "2024", *row[year + 1 :]]) for row in listed if row[year] == "2022"]
    frame.write_text("\n".join([*lines, *later, ""]), encoding="utf-8-sig")
    assert project.report().code == 0
    project.fourth = fourth_wave(project.raw / "innovation_2022.xlsx", tmp_path / "innovation_2024.xlsx")
    return project


def decide(project):
    """Say what the new code means, and take all points for decided."""
    path = project.folder / "resources/codebooks/seoul/2024.yaml"
    text = path.read_text(encoding="utf-8").replace("재도약기: MEANING", "재도약기: mature")
    path.write_text(re.sub(r"^decide:\n(  .*\n)+", "", text, flags=re.MULTILINE), encoding="utf-8")


def test_a_new_wave_waits_for_its_decisions_and_then_reruns_no_step_of_another_wave(survey):
    added = survey.run("wave", "add", str(survey.fourth), "--year", "2024", "--study", "tiny.yaml")
    assert added.code == 0, added.out + added.err
    waiting = survey.report()
    assert waiting.code == 2
    assert "points to be decided" in waiting.err
    assert waiting.steps == ()
    decide(survey)
    ran = survey.report()
    assert ran.code == 0, ran.out + ran.err
    assert {step for step in ran.steps if step.split(":")[0] in OF_A_WAVE} == {f"{rule}:2024" for rule in OF_A_WAVE}
    assert ran.rules >= {"assign_cohorts", "describe_cohort", "fit_models", "write_document"}
    assert "ingest_register" not in ran.rules
