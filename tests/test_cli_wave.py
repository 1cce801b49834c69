"""The command that adds a wave: what it writes, and what it refuses without writing anything."""

import pytest
from click.testing import CliRunner

from innosurvey import checks, cli, cli_wave, files, study

STUDY = """\
# The study of these tests.
study: mine

studies:
  mine:
    title: {{en: Mine}}
    country: FI
    currency: EUR
    synthetic: false
    attribution: "Source: nobody"
    release: "2031-01-01"
    raw: {raw}
    waves:   # two of them
      "2018": {{file: firms_2018.csv, codebook: {books}/2018.yaml}}
      "2020": {{file: firms_2020.csv, codebook: {books}/2020.yaml}}   # the last
    weights: {{method: none}}

imputation: null
cohorts:
  size_cis: {{may_be_empty: true}}
  size_kis: {{may_be_empty: true}}
  stage_age: {{may_be_empty: true}}
  activity_oslo4: {{universe: null}}
  activity_seoul: {{universe: null}}
  outcome_oslo: {{universe: innovator or inna_abandoned}}
"""
BOOK = """\
title: Firms in {year}
period: [{first}-01-01, {year}-12-31]
missing: {{"": missing}}
variables:
  firm_id: {{column: id}}   # as the register has it
  employees_t: {{column: staff_{year}}}
  inna_ongoing: {{column: ongoing, values: {{1: true, 2: false}}}}
  legal_size: {{column: size, values: {{s: small, m: medium}}}}
"""


def table(year, ongoing=(1, 2), name="size", size=("s", "m"), firms=60, encoding="utf-8"):
    lines = [
        f"{100 + place},{(place % 4 + 1) ** 4},{ongoing[place % len(ongoing)]},{size[place % len(size)]}"
        for place in range(firms)
    ]
    return "\n".join([f"id,staff_{year},ongoing,{name}", *lines, ""]).encode(encoding)


class Survey:
    """A study in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "mine.yaml"

    def add(self, content, *words, name="firms_2022.csv", year=2022):
        new = self.folder / "inbox" / name
        new.parent.mkdir(exist_ok=True)
        new.write_bytes(content)
        said = ["wave", "add", new, "--year", year, "--study", self.file, *words]
        return CliRunner().invoke(cli.main, [str(word) for word in said])

    def contents(self):
        return {path: content for path, content in files.read_files(self.folder).items() if "inbox" not in path}

    @property
    def book(self):
        return (self.folder / "books/2022.yaml").read_text("utf-8")


@pytest.fixture
def survey(tmp_path, monkeypatch):
    monkeypatch.setattr(cli_wave, "ROOT", tmp_path)
    raw, books = tmp_path / "raw", tmp_path / "books"
    for year in (2018, 2020):
        files.write_bytes(table(year), raw / f"firms_{year}.csv")
        files.write_text(BOOK.format(year=year, first=year - 2), books / f"{year}.yaml")
    files.write_text(STUDY.format(raw=raw, books=books), tmp_path / "mine.yaml")
    return Survey(tmp_path)


def test_a_wave_like_the_last_is_added_with_its_years_moved_and_passes_the_check_at_once(survey, root):
    done = survey.add(table(2022))
    assert done.exit_code == 0, done.output
    assert "Nothing is left to decide." in done.output
    assert "employees_t: {column: staff_2022}" in survey.book
    assert "period: [2020-01-01, 2022-12-31]" in survey.book
    loaded = study.read(*study.BASE, survey.file)
    assert list(loaded.waves) == ["2018", "2020", "2022"]
    assert [str(finding.error) for finding in checks.check_study(loaded, root) if finding.error] == []


def test_all_that_is_written_is_said_with_the_nearest_codebook_and_the_next_commands(survey):
    done = survey.add(table(2022))
    assert "Codebook of 2020: 4 of its 4 columns are in firms_2022.csv: the nearest" in done.output
    assert sorted(set(survey.contents()) - {"books/2018.yaml", "books/2020.yaml", "mine.yaml"}) == [
        "books/2022.yaml", "raw/firms_2018.csv", "raw/firms_2020.csv", "raw/firms_2022.csv",
        "resources/raw/mine/manifest.yaml",
    ]  # fmt: skip
    assert f"innosurvey check --study {survey.file}" in done.output.replace("mine.yaml", str(survey.file))


def test_the_studys_other_lines_and_their_comments_stay(survey):
    before = survey.file.read_text("utf-8").splitlines()
    survey.add(table(2022))
    after = survey.file.read_text("utf-8").splitlines()
    assert [line for line in after if line in before] == before
    assert len(after) == len(before) + 1


def test_a_new_code_is_drafted_for_a_person_and_named_by_the_check(survey, root):
    done = survey.add(table(2022, size=("s", "m", "x")))
    assert "codes of legal_size: the new codes x have no meaning yet" in done.output
    assert "x: MEANING" in survey.book
    found = [
        str(finding.error)
        for finding in checks.check_study(study.read(*study.BASE, survey.file), root)
        if finding.error
    ]
    assert len(found) == 1
    assert "line 5, codes of legal_size" in found[0]


def test_a_renamed_column_takes_the_place_of_the_old_one_and_is_to_be_decided(survey):
    done = survey.add(table(2022, name="size_"))
    assert "legal_size: {column: size_, values: {s: small, m: medium}}" in survey.book
    assert "column size: it is gone; `size_` took its place" in done.output


def test_a_column_that_is_gone_leaves_its_entry_as_a_comment(survey):
    content = "\n".join(line.rsplit(",", 1)[0] for line in table(2022).decode().splitlines()).encode()
    done = survey.add(content)
    assert "  # legal_size: {column: size, values: {s: small, m: medium}}   # GONE: not in this file" in survey.book
    assert "column size: it is gone" in done.output


def test_notes_above_the_header_are_found(survey):
    done = survey.add(b"A survey of firms\n\n" + table(2022))
    assert done.exit_code == 0, done.output
    assert "header_rows: [3]" in survey.book


def test_like_names_the_wave_whose_codebook_is_taken(survey):
    done = survey.add(table(2022), "--like", "2018")
    assert "Codebook of 2018" in done.output
    assert "asked for with --like" in done.output


def test_a_codebook_that_is_still_to_be_decided_is_not_taken_over(survey):
    survey.add(table(2022, size=("s", "m", "x")))
    done = survey.add(table(2024), name="firms_2024.csv", year=2024)
    assert "Codebook of 2020" in done.output


def test_a_raw_file_that_is_in_its_place_stays_there(survey):
    place = survey.folder / "raw/firms_2022.csv"
    files.write_bytes(table(2022), place)
    done = CliRunner().invoke(cli.main, ["wave", "add", str(place), "--year", "2022", "--study", str(survey.file)])
    assert done.exit_code == 0, done.output
    assert "Wrote raw/firms_2022.csv" not in done.output


REFUSED = {
    "a year that is there": ({"content": table(2021), "year": 2020}, 2, "the wave 2020 is about 2020 already"),
    "a file of another wave": ({"content": table(2020)}, 3, "it is the file of the wave 2020, byte for byte"),
    "an empty file": ({"content": b""}, 3, "the file is empty"),
    "no workbook": ({"content": b"PK nothing", "name": "firms_2022.xlsx"}, 3, "not a readable Excel workbook"),
    "no table of firms": ({"content": b"a,b\nx,y\nx,z\n"}, 3, "it fits no codebook of the study. The best is 2020"),
    "a firm that stands twice": ({"content": table(2022) + b"100,1,1,s\n"}, 3, "2 rows share their firm id"),
    "a name that is taken": ({"content": table(2022), "name": "firms_2020.csv"}, 2, "another file has this name"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_refused_with_its_remedy_and_nothing_is_written(survey, case):
    asked, code, said = REFUSED[case]
    before = survey.contents()
    done = survey.add(**asked)
    assert (done.exit_code, said in done.stderr) == (code, True), done.output
    assert survey.contents() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--like", "2019"], "--like 2019: no such wave."),
        (["--encoding", "utf-16-le"], "firms_2022.csv"),
    ],
)
def test_an_option_that_does_not_hold_is_refused(survey, words, said):
    before = survey.contents()
    done = survey.add(table(2022), *words)
    assert done.exit_code in (2, 3)
    assert said in done.stderr
    assert survey.contents() == before


def test_a_wave_added_twice_is_refused_and_the_first_stays(survey):
    survey.add(table(2022))
    before = survey.contents()
    done = survey.add(table(2022))
    assert done.exit_code == 2
    assert "the wave 2022 is about 2022 already" in done.stderr
    assert survey.contents() == before


def test_a_study_file_that_does_not_parse_is_refused_by_its_line(survey):
    survey.file.write_text(survey.file.read_text("utf-8") + "x: [1,\n", "utf-8")
    done = survey.add(table(2022))
    assert done.exit_code == 2
    assert "not valid YAML" in done.stderr


def test_a_codebook_in_the_way_is_kept(survey):
    files.write_text("kept", survey.folder / "books/2022.yaml")
    done = survey.add(table(2022))
    assert "there is a codebook already, and it is kept" in done.stderr
    assert survey.book == "kept"


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(survey, monkeypatch):
    before = survey.contents()
    write, count = files.write_bytes, []

    def fail_at_the_third(content, path):
        count.append(path)
        if len(count) == 3:
            raise OSError("the disk is full")
        write(content, path)

    monkeypatch.setattr(files, "write_bytes", fail_at_the_third)
    assert survey.add(table(2022)).exit_code == 1
    assert survey.contents() == before


def test_check_names_a_raw_file_that_is_not_the_registered_one(survey, monkeypatch):
    survey.add(table(2022))
    files.write_bytes(table(2022, firms=61), survey.folder / "raw/firms_2022.csv")
    loaded = study.read(*study.BASE, survey.file)
    from innosurvey import manifest

    path = manifest.manifest_path("mine", survey.folder)
    monkeypatch.setattr(manifest, "manifest_path", lambda *_: path)
    with pytest.raises(study.DataError, match="not the file that was registered for the wave 2022"):
        manifest.fail_if_another_file(loaded, loaded.waves["2022"], survey.folder)
