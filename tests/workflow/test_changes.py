"""What changed, and why: updates whose causes are known are split into these causes, and add up."""

import csv
import io
import subprocess
from decimal import Decimal

import pytest

from tests.workflow.conftest import Project

pytestmark = pytest.mark.slow
SURVEY, FRAME = "innovation_2020.csv", "frame.csv"
PATENTS = "특허출원건수"
FIRMS = 15
DEPTH = "      depth: {type: integer, description: A key that the release does not know.}\n"
PATENTS_OF_2020 = "2020 · patent_applications · mean"
NEW_PRODUCTS_OF_2020 = "2020 · new_product_share · mean"


def amend_patents(project):
    """Give firms of 2020 three patents more: a known revision, of one question in one wave."""
    head, *rows = survey_of(project)
    place = head.index(PATENTS)
    for row in [row for row in rows if row[place].isdigit()][: 2 * FIRMS]:
        row[place] = str(int(row[place]) + 3)
    write_survey(project, [head, *rows])


def add_firms(project):
    """Let firms of the frame answer in 2020 that were not in the sample, as others did."""
    listed = list(csv.reader(io.StringIO((project.raw / FRAME).read_text(encoding="utf-8-sig"))))
    firm, year, sampled, response = map(listed[0].index, ("사업자등록번호", "조사연도", "표본여부", "응답상태"))
    head, *rows = survey_of(project)
    answered = [row for row in rows if row[1] == "1"]
    absent = [row for row in listed[1:] if row[year] == "2020" and row[sampled] == "0"][:FIRMS]
    for row, like in zip(absent, answered, strict=False):
        row[sampled], row[response] = "1", "1"
        rows.append([row[firm], *like[1:]])
    write_survey(project, [head, *rows])
    (project.raw / FRAME).write_text(as_csv(listed), encoding="utf-8-sig")


def edit_code(project):
    """Tell shares in other units than percent; nothing but shares."""
    project.edit(
        "innosurvey/items.py", 'return 100.0 if self.statistic == "share"', 'return 90.0 if self.statistic == "share"'
    )


def edit_configuration(project):
    """Define one variable otherwise."""
    project.edit("resources/dictionary/derived.yaml", "turn_new_mkt_pct + turn_new_ent_pct, 0)", "turn_new_mkt_pct, 0)")


UPDATES = {
    "code": edit_code,
    "configuration": edit_configuration,
    "data revision": amend_patents,
    "new units": add_firms,
}


def survey_of(project):
    text = (project.raw / SURVEY).read_bytes().decode("cp949")
    return list(csv.reader(io.StringIO(text, newline="")))


def write_survey(project, rows):
    (project.raw / SURVEY).write_bytes(as_csv(rows).encode("cp949"))


def as_csv(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def commit(project):
    for words in (["add", "-A"], ["commit", "-m", "As it is."]):
        git(project, *words)


def git(project, *words):
    named = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *named, *words], cwd=project.folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def released(built, tmp_path_factory):
    """The small study, committed and blessed."""
    project = built.copy(tmp_path_factory.mktemp("released") / "project")
    git(project, "init")
    commit(project)
    words = ("--study", "tiny.yaml", "--release", "first", "--who", "T", "--why", "First.")
    assert project.run("bless", *words).code == 0
    commit(project)
    return project


@pytest.fixture(scope="module")
def split_of(released, tmp_path_factory):
    """Return a function: the split after updates, as the values of each number by its place, and what was said."""
    known = {}

    def split(*causes):
        if causes not in known:
            folder = tmp_path_factory.mktemp("updated")
            known[causes] = told_after(released.copy(folder / "project"), causes, folder / "split.csv")
        return known[causes]

    return split


def told_after(project: Project, causes, table):
    for cause in causes:
        UPDATES[cause](project)
    built = project.report()
    assert built.code == 0, built.out + built.err
    ran = project.run("changes", "--study", "tiny.yaml", "--table", str(table))
    assert ran.code == 0, ran.out + ran.err
    assert ran.steps == ()
    with open(table, encoding="utf-8", newline="") as lines:
        rows = {row.pop("number"): row for row in csv.DictReader(lines)}
    return rows, ran.out


def numbers(rows):
    """Return before and the values after each cause of each number, as exact decimals."""
    return {
        place: {name: Decimal(value) for name, value in row.items() if name != "table"}
        for place, row in rows.items()
        if row["table"] != "claims"
    }


def parts(values):
    """Return what each cause added."""
    before, *after = values.values()
    return dict(
        zip(list(values)[1:], [now - then for then, now in zip([before, *after], after, strict=False)], strict=True)
    )


@pytest.mark.parametrize("cause", ["code", "data revision"])
def test_an_update_of_one_cause_is_told_as_this_cause_alone(split_of, cause):
    rows, said = split_of(cause)
    assert said.startswith(f"What changed in seoul since release first: caused by {cause}.")
    assert all(list(values) == ["before", cause] for values in numbers(rows).values())
    assert len(numbers(rows)) > 0


def test_a_revision_of_one_wave_moves_no_other(split_of):
    moved = numbers(split_of("data revision")[0])
    assert PATENTS_OF_2020 in moved
    assert not [place for place in moved if place.startswith(("2018", "2022"))]


def test_of_an_update_of_all_causes_each_number_is_split_into_what_moved_it(split_of):
    rows, said = split_of(*UPDATES)
    assert "caused by code + configuration + data revision + new units." in said
    moved = {place: parts(values) for place, values in numbers(rows).items()}
    assert moved[PATENTS_OF_2020]["code"] == moved[PATENTS_OF_2020]["configuration"] == 0
    assert moved[PATENTS_OF_2020]["data revision"] > 0
    assert moved[PATENTS_OF_2020]["new units"] != 0
    assert moved[NEW_PRODUCTS_OF_2020]["configuration"] < 0
    assert moved[NEW_PRODUCTS_OF_2020]["code"] == moved[NEW_PRODUCTS_OF_2020]["data revision"] == 0
    shares = [part for place, part in moved.items() if place.startswith("2018") and place.endswith("share")]
    assert shares
    assert all(part["code"] < 0 == part["data revision"] == part["new units"] for part in shares)


def test_of_an_update_of_all_causes_the_first_part_is_what_its_cause_does_alone(split_of):
    alone, together = numbers(split_of("code")[0]), numbers(split_of(*UPDATES)[0])
    assert {place: values["code"] for place, values in alone.items()} == {
        place: together[place]["code"] for place in alone
    }


def test_units_are_counted_and_no_firm_is_named(split_of, released):
    _, said = split_of(*UPDATES)
    assert f"survey 2020: came {FIRMS}, left 0, amended {2 * FIRMS}" in said
    assert not [row[0] for row in survey_of(released)[1:] if row[0] in said]


def test_a_few_new_firms_are_told_together_with_the_revision(released, tmp_path):
    project = released.copy(tmp_path / "project")
    amend_patents(project)
    write_survey(project, survey_of(project)[:-3])
    project.report()
    said = project.run("changes", "--study", "tiny.yaml").out
    assert "caused by data revision and new units." in said
    assert "left fewer than 10" in said


def test_a_new_wave_is_left_out_of_what_was_before_it_with_its_entry(released, tmp_path):
    project = released.copy(tmp_path / "project")
    tiny = project.folder / "tiny.yaml"
    text = tiny.read_text(encoding="utf-8")
    tiny.write_text(f'{text}\nstudies: {{seoul: {{waves: {{"2022": null}}}}}}\n', encoding="utf-8")
    assert project.report().code == 0
    commit(project)
    words = ("--study", "tiny.yaml", "--release", "second", "--who", "T", "--why", "Without 2022.")
    assert project.run("bless", *words).code == 0
    tiny.write_text(text, encoding="utf-8")
    amend_patents(project)
    rows, said = told_after(project, (), tmp_path / "split.csv")
    assert "caused by data revision + new units." in said
    assert "survey 2022: new" in said
    moved = {place: parts(values) for place, values in numbers(rows).items()}
    assert moved[PATENTS_OF_2020]["data revision"] > 0
    told = [place for place in moved if rows[place]["table"] == "describe" and moved[place]["data revision"]]
    assert all("patent" in place.casefold() for place in told)


def test_where_new_code_cannot_read_the_old_configuration_both_are_told_together(released, tmp_path):
    project = released.copy(tmp_path / "project")
    edit_code(project)
    edit_configuration(project)
    amend_patents(project)
    project.edit("workflow/schemas/config.schema.yaml", "required: [minimum_n]", "required: [minimum_n, depth]")
    project.edit("workflow/schemas/config.schema.yaml", "      minimum_n: {", f"{DEPTH}      minimum_n: {{")
    project.edit("config.yaml", "  minimum_n: 10", "  minimum_n: 10\n  depth: 1")
    assert project.report().code == 0
    ran = project.run("changes", "--study", "tiny.yaml", "--page", str(tmp_path / "page.html"))
    assert "caused by code and configuration + data revision." in ran.out
    assert "Told together: " in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_what_is_recorded_stands_in_the_report_until_its_results_are_others(released, tmp_path):
    project = released.copy(tmp_path / "project")
    edit_code(project)
    assert project.report().code == 0
    assert project.run("changes", "--study", "tiny.yaml", "--record").code == 0
    assert project.report().code == 0
    page = project.folder / "results/seoul/publish/report.en.html"
    assert "This report follows release" in page.read_text(encoding="utf-8")
    amend_patents(project)
    assert project.report().code == 0
    assert "This report follows release" not in page.read_text(encoding="utf-8")
