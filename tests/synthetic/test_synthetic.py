import io
import zipfile

import pytest

from innosurvey import synthetic, yamlfile


def test_the_same_seed_gives_the_same_bytes(files):
    assert synthetic.generate(firms=300, scenario="claimed", seed=7) == files


def test_another_seed_gives_other_firms(files):
    other = synthetic.generate(firms=300, scenario="claimed", seed=8)
    assert other.keys() == files.keys()
    assert all(other[name] != files[name] for name in files)


def test_the_committed_truth_is_that_of_the_defaults(root):
    truth = yamlfile.read(root / "resources/raw/seoul/truth.yaml").data
    assert truth["seed"] == synthetic.DEFAULT_SEED
    assert truth["firms"] == synthetic.DEFAULT_FIRMS
    assert truth["scenario"] == synthetic.DEFAULT_SCENARIO


def test_the_committed_parameters_are_those_of_the_package(root):
    committed = yamlfile.read(root / "resources/raw/seoul/truth.yaml").data["parameters"]
    assert committed == synthetic.load_truth("claimed").parameters


def contents_of(name: str, content: bytes) -> object:
    """Return what a file holds; of a workbook its members, since zlib may pack them otherwise elsewhere."""
    if not name.endswith(".xlsx"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


@pytest.mark.slow
def test_the_committed_files_are_those_of_the_defaults(root):
    made = synthetic.generate()
    folder = root / "resources/raw/seoul"
    for name in made:
        if not name.endswith(".sav"):  # compressed by zlib as a whole; its answers are read back in test_files.py
            assert contents_of(name, (folder / name).read_bytes()) == contents_of(name, made[name]), name
