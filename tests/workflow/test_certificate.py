"""A study of published tables alone: planned, built, rerun by content, stopped by a number that is off."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.conftest import ROOT, Project, Ran

pytestmark = pytest.mark.slow

MINE = """
study: mine
studies:
  mine: {title: {en: Tables that I have tried}, synthetic: false, attribution: Textbooks, release: "2026-11-28"}
certificate:
  data:
    food: {package: statsmodels, name: engel}
    firms:
      file: firms.csv
      keys: {firm: firm, wave: year}
      variables: {size: {levels: [small, large]}}
    absent: {package: R, name: nosuchpackage/x}
  cases:
    engel:
      title: Food on income
      source: By hand
      data: food
      model: {estimator: ols, outcome: foodexp, regressors: [income], covariance: classical}
      published: {income: [0.4852, 0.0144]}
      tolerance: {estimate: 0.00006, se: 0.00006}
    means:
      title: A mean by size
      source: By hand
      data: firms
      model: {estimator: ols, outcome: sales, regressors: [C(size)], covariance: {type: cluster, by: [firm_id]}}
      published: {const: 2, "size[large]": 5}
      statistics: {n: 8, n_firms: 4}
      tolerance: {estimate: 0.000001}
    elsewhere:
      title: Not here
      source: By hand
      data: absent
      model: {estimator: ols, outcome: y, regressors: [x]}
      published: {x: 1}
      tolerance: {estimate: 1}
"""
FIRMS = "firm,year,size,sales\n1,2001,small,1\n1,2002,small,2\n2,2001,small,2\n2,2002,small,3\n"
FIRMS += "3,2001,large,6\n3,2002,large,7\n4,2001,large,8\n4,2002,large,7\n"


class Tables(Project):
    """The project with a study of published tables."""

    def build(self, command: str = "report") -> Ran:
        """Run a command on the study."""
        history = self.folder / "results/mine/logs/steps.jsonl"
        before = history.stat().st_size if history.exists() else 0
        done = subprocess.run(
            [sys.executable, "-m", "innosurvey.cli", command, "--study", "mine.yaml"],
            cwd=self.folder, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])},
        )  # fmt: skip
        return Ran(code=done.returncode, out=done.stdout, err=done.stderr, steps=tuple(self._steps(history, before)))


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("tables") / "project"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    for name in (name for name in filter(None, listed.decode().split("\0")) if (ROOT / name).is_file()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    project = Tables(folder)
    (folder / "mine.yaml").write_text(MINE, encoding="utf-8")
    (folder / "firms.csv").write_text(FIRMS, encoding="utf-8")
    ran = project.build()
    assert ran.code == 0, ran.out + ran.err
    return project


def page(project: Project, part: str = "publish") -> str:
    return (project.folder / "results/mine" / part / "report.en.html").read_text(encoding="utf-8")


def test_the_study_plans_its_certificate_and_report_and_nothing_of_a_survey(tables: Tables):
    history = (tables.folder / "results/mine/logs/steps.jsonl").read_text(encoding="utf-8")
    assert "ingest_survey" not in history
    assert "gather_estimates" not in history
    pages = sorted(path.name for path in (tables.folder / "results/mine/publish").glob("*.html"))
    assert pages == ["index.html", "report.en.html"]


def test_what_was_built_is_up_to_date(tables: Tables):
    ran = tables.build()
    assert (ran.code, ran.steps) == (0, ())
    assert "Certificate: 2 of 3 published tables agree, 1 were not run." in ran.out


def test_the_page_says_what_was_not_run_and_why(tables: Tables):
    assert "the R package nosuchpackage is not installed" in page(tables) or "R is not installed" in page(tables)


def test_the_check_reads_the_data_and_fits_nothing(tables: Tables):
    ran = tables.build("check")
    assert ran.code == 0, ran.out + ran.err
    assert "certificate: data set food" in ran.out
    assert "note: not run: " in ran.out


def test_a_changed_tolerance_fits_nothing_anew(tables: Tables, tmp_path: Path):
    project = Tables(tables.copy(tmp_path / "project").folder)
    project.edit("mine.yaml", "estimate: 0.00006", "estimate: 0.00007")
    ran = project.build()
    assert ran.code == 0, ran.out + ran.err
    assert "fit_models" not in ran.rules
    assert "compare_published" in ran.rules


def test_a_changed_file_fits_the_models_of_that_file_alone(tables: Tables, tmp_path: Path):
    project = Tables(tables.copy(tmp_path / "project").folder)
    project.edit("firms.csv", "1,2001,small,1\n1,2002,small,2", "1,2001,small,2\n1,2002,small,1")
    ran = project.build()
    assert ran.code == 0, ran.out + ran.err
    assert [step for step in ran.steps if step.startswith("fit_models")] == ["fit_models:firms.certificate"]


def test_a_number_that_is_off_ends_with_its_exit_code_and_its_page_is_not_published(tables: Tables, tmp_path: Path):
    project = Tables(tables.copy(tmp_path / "project").folder)
    project.edit("mine.yaml", "income: [0.4852, 0.0144]", "income: [0.5852, 0.0144]")
    ran = project.build()
    assert ran.code == 5
    assert "engel, estimate of income: published 0.5852, computed 0.48517" in ran.err
    assert "What did not pass stands in results/mine/rendered" in ran.err
    assert "deviates" in page(project, "rendered")
    assert page(project) == page(tables)


def test_a_code_without_a_level_is_an_error_of_the_data(tables: Tables, tmp_path: Path):
    project = Tables(tables.copy(tmp_path / "project").folder)
    project.edit("mine.yaml", "levels: [small, large]", "levels: [small, big]")
    ran = project.build()
    assert ran.code == 3
    assert "certificate.data.firms.variables.size.levels: codes that have no level" in ran.err


def test_a_misspelt_entry_is_refused_before_anything_runs(tables: Tables, tmp_path: Path):
    project = Tables(tables.copy(tmp_path / "project").folder)
    project.edit("mine.yaml", "estimator: ols, outcome: foodexp", "estimater: ols, outcome: foodexp")
    ran = project.build()
    assert (ran.code, ran.steps) == (2, ())
    assert "certificate.cases.engel.model" in ran.err
