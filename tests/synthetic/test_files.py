"""The quirks of the files are really there, and the pipeline's own reader sees through them."""

import io

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from innosurvey.ingest import ingest_register, ingest_survey
from innosurvey.synthetic.files import FIRST_DATA_ROW, write_files
from innosurvey.synthetic.nonresponse import ANSWERED

NAMES = {"2018": "innovation_2018.sav", "2020": "innovation_2020.csv", "2022": "innovation_2022.xlsx"}


@pytest.fixture(scope="module")
def folder(files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_the_2018_wave_is_coded_and_labelled_in_korean(folder):
    _, meta = pyreadstat.read_sav(str(folder / NAMES["2018"]), metadataonly=True, user_missing=True)
    assert meta.column_names_to_labels["Q1_1"] == "상용근로자 수(기준연도)"
    assert meta.variable_value_labels["Q3_1"] == {1.0: "예", 2.0: "아니오", 8.0: "모름", 9.0: "응답거절"}


def test_the_2020_wave_has_korean_headers_commas_full_width_digits_and_windows_lines(files):
    text = files[NAMES["2020"]].decode("cp949")
    assert text.startswith("사업자등록번호,")
    assert "\r\n" in text
    assert any(digit in text for digit in "０１２３４５６７８９")
    assert pd.Series(text.splitlines()).str.contains(r'"\d{1,3},\d{3}"').mean() > 0.5


def test_the_2022_wave_has_a_title_notes_and_a_header_of_two_rows(files):
    sheet = openpyxl.load_workbook(io.BytesIO(files[NAMES["2022"]]))["응답자료"]
    rows = list(sheet.iter_rows(min_row=1, max_row=6, max_col=4, values_only=True))
    assert rows[0][1:] == (None, None, None)
    assert rows[4] == ("기업일반", None, None, None)
    assert rows[5][0] == "사업자등록번호"


def test_registration_numbers_are_written_in_four_ways(files):
    written = {
        name: files[name].decode("utf-8-sig").splitlines()[1].split(",")[0]
        for name in ("certificates.csv", "patents.csv")
    }
    workbook = openpyxl.load_workbook(io.BytesIO(files["programmes.xlsx"]))["수혜기업"]
    statements = pd.read_stata(io.BytesIO(files["financials.dta"]))
    assert len(written["certificates.csv"]) == 12
    assert len(written["patents.csv"]) == 10
    assert isinstance(workbook["A2"].value, int)
    assert statements["bizno"].dtype == "float64"


@pytest.mark.parametrize("wave", NAMES)
def test_reading_a_wave_gives_the_answers_back(world, codebooks, dictionary, tmp_path, wave):
    path = tmp_path / NAMES[wave]
    path.write_bytes(write_files(world, codebooks, dictionary)[NAMES[wave]])
    table = ingest_survey(path, codebooks[wave], wave).table
    given = world.waves[wave].given
    assert table["_source_row"].iloc[0] == FIRST_DATA_ROW[wave]
    for name in codebooks[wave].variables:
        if name in given.values and name != "firm_id":
            answered = (given.kinds[name] == ANSWERED).to_numpy()
            assert ((table[f"{name}_flag"] == "observed").to_numpy() == answered).all(), name
            expected, found = given.values.loc[answered, name].tolist(), table.loc[answered, name].tolist()
            if dictionary[name].type in ("int", "float"):
                assert found == pytest.approx([float(value) for value in expected]), name
            else:
                assert found == expected, name


@pytest.mark.parametrize(
    "register", ["certificates.csv", "financials.dta", "programmes.xlsx", "patents.csv", "frame.csv"]
)
def test_every_register_can_be_read_with_its_codebook(folder, codebooks, register):
    table = ingest_register(folder / register, codebooks[register.split(".")[0]]).table
    assert len(table) > 100
