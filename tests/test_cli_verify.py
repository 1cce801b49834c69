"""A second build that comes out otherwise, without building: what is said of it, and what is left."""

import pytest

from innosurvey import cli_verify, project, runner
from innosurvey.errors import BaselineError

FIRST = {"estimates/describe.csv": b"n\n12\n", "publish/manifest.json": b"{}", "publish/tables/trace.csv": b"n\n1\n"}


def build(root, content):
    for name, text in content.items():
        path = root / "results/seoul" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A built study, verified before."""
    root = tmp_path / "project"
    build(root, FIRST)
    (root / "results/seoul/verified.json").write_text("{}")
    monkeypatch.setattr(cli_verify, "results_of", lambda run: run.root / "results" / run.study)
    monkeypatch.setattr(project, "copy_project", lambda root, copy: copy.mkdir())
    return runner.Run(root=root, study="seoul")


def test_a_file_that_comes_out_otherwise_is_named_without_its_content_and_no_stamp_stays(run, monkeypatch):
    second = FIRST | {"publish/tables/trace.csv": b"n\n1\n1248100998\n"}
    monkeypatch.setattr(cli_verify, "_rebuild", lambda run, folder: build(folder, second))
    with pytest.raises(BaselineError, match=r"1 of 3 files(.|\n)*publish/tables/trace\.csv: of another size") as said:
        cli_verify.verify_study(run)
    assert "1248100998" not in str(said.value)
    assert not (run.root / "results/seoul/verified.json").exists()
