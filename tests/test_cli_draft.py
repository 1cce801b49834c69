"""The commands that draft configuration, from a folder of raw files to a study that passes `check`."""

import pytest
from click.testing import CliRunner

from innosurvey import checks, cli, study


@pytest.fixture
def run():
    return lambda *words: CliRunner().invoke(cli.main, [str(word) for word in words])


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    for year in (2018, 2020):
        lines = "".join(f"{100 + place},{(place % 4 + 1) ** 4},{place % 2}\n" for place in range(60))
        (folder / f"wave_{year}.csv").write_text(f"id,EMP{year},INNA_ONGO\n{lines}", encoding="utf-8")
    (folder / "aid.csv").write_text("id,programme\n100,a\n101,b\n", encoding="utf-8")
    return folder


def test_a_draft_goes_to_the_screen_and_its_summary_beside_it(run, raw):
    done = run("codebook", "draft", raw / "wave_2020.csv", "--period", "2018-2020")
    assert done.exit_code == 0
    assert "employees_t: {column: EMP2020}" in done.stdout
    assert "wave_2020.csv: 3 columns, 3 variables filled in, 0 lines to be decided." in done.stderr


def test_a_file_that_is_there_is_never_overwritten(run, raw, tmp_path):
    out = tmp_path / "mine.yaml"
    out.write_text("kept", encoding="utf-8")
    done = run("codebook", "draft", raw / "wave_2020.csv", "--out", out)
    assert done.exit_code == 2
    assert "there is a file already, and it is kept" in done.stderr
    assert out.read_text(encoding="utf-8") == "kept"


def test_a_file_that_cannot_be_read_ends_with_the_exit_code_of_data(run, tmp_path):
    done = run("codebook", "draft", tmp_path / "absent.csv")
    assert done.exit_code == 3
    assert "no such file" in done.stderr


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--period", "2020", "such as 2018-2020"),
        ("--header-rows", "x", "row numbers from 1"),
        ("--language", "fi", "en"),
    ],
)
def test_an_option_that_says_nothing_is_refused_with_its_form(run, raw, option, value, said):
    done = run("codebook", "draft", raw / "wave_2020.csv", option, value)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_drafted_study_passes_the_check_at_once(run, raw, tmp_path, root):
    file = tmp_path / "mine.yaml"
    done = run("study", "draft", raw, "--name", "mine", "--register", "aid.csv", "--out", file, "--codebooks", tmp_path)
    assert done.exit_code == 0, done.output
    loaded = study.read(*study.BASE, file)
    assert list(loaded.waves) == ["2018", "2020"]
    assert list(loaded.registers) == ["aid"]
    assert [finding.what for finding in checks.check_study(loaded, root) if finding.error] == []


def test_a_study_keeps_the_codebooks_that_are_there(run, raw, tmp_path):
    book = tmp_path / "wave_2020.yaml"
    book.write_text("period: [2018-01-01, 2020-12-31]\nvariables: {firm_id: {column: id}}\n", encoding="utf-8")
    done = run("study", "draft", raw, "--name", "mine", "--out", tmp_path / "mine.yaml", "--codebooks", tmp_path)
    assert "wave_2018.csv:" in done.output
    assert "wave_2020.csv:" not in done.output
    assert book.read_text(encoding="utf-8").startswith("period")


def test_a_folder_without_data_files_says_which_are_read(run, tmp_path):
    done = run("study", "draft", tmp_path, "--name", "mine", "--out", tmp_path / "mine.yaml")
    assert done.exit_code == 2
    assert ".sav" in done.stderr


FRENCH = {
    "IDENT": "Identifiant de l'entreprise",
    "STRATE": "Strate de tirage",
    "POIDS": "Poids de sondage",
    "EFF": "Effectif moyen",
    "CA": "Chiffre d'affaires (milliers d'euros)",
    "ENCOURS": "Activités d'innovation en cours en fin de période",
}


def french_firm(place):
    size = (place % 4 + 1) ** 4
    return (
        f"{100 + place};S{place % 2};0,{place % 3 + 7};{size};{size * 90},5;{(place % 3 + 1) if place % 3 < 2 else 9}\n"
    )


def test_a_survey_in_french_with_weights_of_its_own_is_drafted_and_passes_the_check(run, tmp_path, root):
    folder, labels, file = tmp_path / "raw", tmp_path / "labels.csv", tmp_path / "mine.yaml"
    folder.mkdir()
    labels.write_text("name,label\n" + "".join(f'{name},"{label}"\n' for name, label in FRENCH.items()), "utf-8")
    for year in (2020, 2022):
        text = ";".join(FRENCH) + "\n" + "".join(french_firm(place) for place in range(90))
        (folder / f"enquete_{year}.csv").write_text(text, "cp1252")
    done = run(
        "study", "draft", folder, "--name", "mine", "--labels", labels, "--out", file, "--codebooks", tmp_path / "books"
    )
    assert done.exit_code == 0, done.output
    drafted = (tmp_path / "books/enquete_2022.yaml").read_text("utf-8")
    assert "  weight_design: {column: POIDS}" in drafted
    assert "  stratum_id: {column: STRATE}" in drafted
    assert "  sales_t: {column: CA, unit: thousand}" in drafted
    loaded = study.read(*study.BASE, file)
    assert loaded.weights == {"method": "given"}
    # weights below one are weights
    assert [str(finding.error) for finding in checks.check_study(loaded, root) if finding.error] == []


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(run, tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["id", "staff"])
    book.active.append([1, 2])
    book.save(tmp_path / "wave.xlsx")
    done = run("codebook", "draft", tmp_path / "wave.xlsx", "--sheet", "firms")
    assert done.exit_code == 3
    assert "no sheet `firms`" in done.stderr


def test_waves_in_one_file_are_drafted_by_the_column_that_tells_them_apart(run, tmp_path, root):
    folder = tmp_path / "raw"
    folder.mkdir()
    lines = [f"{100 + firm},{year},{(firm % 4 + 1) ** 4},{firm % 2}\n" for year in (2018, 2020) for firm in range(60)]
    (folder / "panel.csv").write_text("id,year,employees,ongoing\n" + "".join(lines), encoding="utf-8")
    out = tmp_path / "mine.yaml"
    done = run(
        "study", "draft", folder, "--name", "mine", "--out", out, "--codebooks", tmp_path, "--wave-column", "year"
    )
    assert done.exit_code == 0, done.stderr
    drafted = study.read(*study.BASE, out)
    assert [wave.rows for wave in drafted.waves.values()] == [
        {"column": "year", "is": 2018},
        {"column": "year", "is": 2020},
    ]
    assert drafted.waves["2018"].period == ["2016-01-01", "2018-12-31"]


def test_a_column_that_holds_no_waves_is_refused(run, raw, tmp_path):
    done = run("study", "draft", raw, "--name", "mine", "--out", tmp_path / "x.yaml", "--codebooks", tmp_path,
               "--register", "aid.csv", "--wave-column", "id")  # fmt: skip
    assert done.exit_code == 3
    assert "it holds 60 different codes, which can't be waves" in done.stderr
