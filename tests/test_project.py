import pytest

from innosurvey import project

FILES = (
    "Snakefile", "innosurvey/a.py", "innosurvey/__pycache__/a.pyc", "resources/codebooks/b.yaml",
    "resources/raw/mine/firms.csv", "resources/baseline/mine/describe.csv", "results/mine/microdata/a.csv",
    ".snakemake/log", ".venv/bin/python", "notes of mine.txt",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_the_projects_files_are_its_code_and_configuration_without_raw_files_caches_and_strangers(folder):
    assert project.project_files(folder) == ["Snakefile", "innosurvey/a.py", "resources/codebooks/b.yaml"]


def test_raw_files_are_listed_where_they_are_asked_for(folder):
    assert project.files_below(folder, "resources/raw/mine") == ["resources/raw/mine/firms.csv"]


def test_a_copy_of_the_project_has_its_raw_files_and_nothing_that_was_made(folder, tmp_path_factory):
    copy = tmp_path_factory.mktemp("copy") / "project"
    project.copy_project(folder, copy)
    found = {path.relative_to(copy).parts[0] for path in copy.rglob("*") if path.is_file()}
    assert (copy / "resources/raw/mine/firms.csv").exists()
    assert found & {"results", ".snakemake", ".venv"} == set()
