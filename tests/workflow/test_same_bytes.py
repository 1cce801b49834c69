"""The same input and configuration give the same bytes, whatever the folder, zone, locale, hash seed or cores."""

import pytest

pytestmark = pytest.mark.slow


def test_two_builds_in_different_surroundings_publish_the_same_bytes(built, tmp_path):
    other = built.copy(tmp_path / "another place, with spaces")
    assert other.run("clean").code == 0
    surroundings = {"TZ": "Asia/Seoul", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "OMP_NUM_THREADS": "2"}
    ran = other.run("report", "--study", "tiny.yaml", "--cores", "1", **surroundings)
    assert ran.code == 0, ran.out + ran.err
    for part in ("estimates", "publish"):
        assert contents(other, part) == contents(built, part)


def contents(project, part):
    folder = project.folder / "results/seoul" / part
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
