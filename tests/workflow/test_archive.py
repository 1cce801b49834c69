"""A study is built again from its raw files, in the project's copy and from its package, and gives the same bytes."""

import json
import zipfile

import pytest

from tests.workflow.conftest import Project, contents

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def package(built, tmp_path_factory):
    """The package of the small study, and what the command said."""
    file = tmp_path_factory.mktemp("package") / "tiny.zip"
    ran = built.run("archive", "--study", "tiny.yaml", "--to", str(file))
    assert ran.code == 0, ran.out + ran.err
    return file


def test_a_package_builds_in_an_empty_folder_and_gives_the_published_bytes(built, package, tmp_path):
    with zipfile.ZipFile(package) as packed:
        packed.extractall(tmp_path)
    alone = Project(tmp_path)
    ran = alone.run("report", "--study", "tiny.yaml", "--cores", "1")
    assert ran.code == 0, ran.out + ran.err
    assert contents(alone, "publish") == contents(built, "publish")
    published = {path.name: path.read_bytes() for path in (tmp_path / "published").iterdir() if path.is_file()}
    assert published["manifest.json"] == contents(alone, "publish")["manifest.json"]


def test_nothing_that_stays_in_the_house_is_in_a_package(package):
    names = zipfile.ZipFile(package).namelist()
    assert [name for name in names if name.startswith("results/") or name.endswith(".parquet")] == []
    assert not [name for name in names if set(name.split("/")[:-1]) & {".snakemake", ".git", ".venv", "__pycache__"}]


def test_the_same_package_is_written_once_and_another_file_is_kept(built, package, tmp_path):
    before = package.read_bytes()
    again = built.run("archive", "--study", "tiny.yaml", "--to", str(package))
    assert (again.code, package.read_bytes()) == (0, before)
    other = tmp_path / "other.zip"
    other.write_bytes(b"mine")
    refused = built.run("archive", "--study", "tiny.yaml", "--to", str(other))
    assert (refused.code, other.read_bytes()) == (2, b"mine")
    assert "is kept" in refused.err


def test_a_second_build_gives_the_same_bytes_and_leaves_a_stamp_outside_of_what_is_published(project):
    published = contents(project, "publish")
    ran = project.run("verify", "--study", "tiny.yaml")
    assert ran.code == 0, ran.out + ran.err
    stamp = json.loads((project.folder / "results/seoul/verified.json").read_text())
    assert stamp["python"] in ran.out
    assert "numpy" in stamp["libraries"]
    assert contents(project, "publish") == published


def test_a_published_file_that_was_altered_is_named(project):
    table = project.folder / "results/seoul/publish/tables/trace.csv"
    table.write_bytes(table.read_bytes() + b"1248100998\n")
    ran = project.run("validate", "--study", "tiny.yaml")
    assert "tables/trace.csv: altered" in ran.err
    assert "1248100998" not in ran.err + ran.out


def test_what_is_not_up_to_date_is_neither_verified_nor_packed(project):
    project.edit("config.yaml", "  need: 15 ", "  need: 16 ")
    for command in ("verify", "archive", "validate"):
        ran = project.run(command, "--study", "tiny.yaml")
        assert ran.code == 2
        assert "not up to date" in ran.err
