"""Bad input: exit code, one short block, no traceback, nothing half-written, and the next run picks up."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

WAVE = "resources/raw/seoul/innovation_2020.csv"
BOOK = "resources/codebooks/seoul/2020.yaml"
CROSSWALK = "resources/reference/crosswalks/ksic11_ksic10.csv"
PRINTED = "resources/reference/series"
INPUT = ("resources/raw", "resources/codebooks", "resources/reference", "config.yaml", "tiny.yaml")


def in_wave(change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    """Return a spoiler that changes the lines of the 2020 wave."""

    def spoil(folder: Path) -> None:
        path = folder / WAVE
        lines = change(path.read_bytes().decode("cp949").split("\r\n"))
        path.write_bytes("\r\n".join(lines).encode("cp949"))

    return spoil


def cell(column: str, value: str) -> Callable[[Path], None]:
    """Return a spoiler that puts a value into the fifth row (line 6) of a column."""

    def change(lines: list[str]) -> list[str]:
        import csv
        import io

        rows = list(csv.reader(lines[:6]))
        rows[5][rows[0].index(column)] = value
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(rows[5])
        return [*lines[:5], written.getvalue(), *lines[6:]]

    return in_wave(change)


def text_in(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return a spoiler that replaces a text in a file."""

    def spoil(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def to_file(name: str, content: bytes | None) -> Callable[[Path], None]:
    """Return a spoiler that replaces a file's content, or removes it."""

    def spoil(folder: Path) -> None:
        (folder / name).unlink() if content is None else (folder / name).write_bytes(content)

    return spoil


def half_of(name: str) -> Callable[[Path], None]:
    """Return a spoiler that cuts a file in its middle."""

    def spoil(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return spoil


def in_study(declared: str) -> Callable[[Path], None]:
    """Return a spoiler that adds a section to the study file."""

    def spoil(folder: Path) -> None:
        path = folder / "tiny.yaml"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{declared}", encoding="utf-8")

    return spoil


def all_of(*spoilers: Callable[[Path], None]) -> Callable[[Path], None]:
    """Return a spoiler that does what each of these does."""

    def spoil(folder: Path) -> None:
        for each in spoilers:
            each(folder)

    return spoil


def certificate_renewed_before_its_end(folder: Path) -> None:
    """Add a row to the register of certificates that begins on the day before an earlier one ends."""
    path = folder / "resources/raw/seoul/certificates.csv"
    first = path.read_text(encoding="utf-8-sig").splitlines()[1].split(",")
    last_day = date.fromisoformat(first[4])
    renewed = [*first[:3], str(last_day - timedelta(days=1)), str(last_day + timedelta(days=700))]
    path.write_text(path.read_text(encoding="utf-8") + ",".join(renewed) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Case:
    """One way of spoiling the input, and what the user must be told."""

    name: str
    spoil: Callable[[Path], None]
    code: int
    said: tuple[str, ...]


CASES = [
    Case("absent file", to_file(WAVE, None), 3, ("innovation_2020.csv: no such raw file", "--raw")),
    Case("empty file", to_file(WAVE, b""), 3, ("innovation_2020.csv: the file is empty",)),
    Case("truncated csv", half_of(WAVE), 3, ("innovation_2020.csv row", "may have been cut off")),
    Case(
        "truncated xlsx",
        half_of("resources/raw/seoul/innovation_2022.xlsx"),
        3,
        ("innovation_2022.xlsx: not a readable Excel",),
    ),
    Case(
        "truncated sav",
        half_of("resources/raw/seoul/innovation_2018.sav"),
        3,
        ("innovation_2018.sav: not a readable SPSS",),
    ),
    Case(
        "wrong encoding",
        text_in(BOOK, "encoding: cp949", "encoding: utf-8"),
        3,
        ("row 1: not utf-8 text", "reads as cp949"),
    ),
    Case(
        "renamed column",
        in_wave(lambda lines: [lines[0].replace("설립연도", "설립년도"), *lines[1:]]),
        3,
        ("설립연도. Did you mean 설립년도?",),
    ),
    Case(
        "missing column",
        in_wave(lambda lines: [lines[0].replace("설립연도,", "x,"), *lines[1:]]),
        3,
        ("1 columns that the codebook names are not in the file", "설립연도"),
    ),
    Case(
        "duplicated column",
        in_wave(lambda lines: [lines[0] + ",응답상태", *[line + ",1" for line in lines[1:] if line], ""]),
        3,
        ("the column `응답상태` stands 2 times (positions 2, 167)",),
    ),
    Case("unknown code", cell("응답상태", "77"), 3, ("row 6, column 응답상태: the code 77 has no meaning", "Remedy:")),
    Case(
        "duplicate firm",
        in_wave(lambda lines: [*lines[:2], lines[1], *lines[2:]]),
        3,
        ("rows 2, 3", "share their firm id"),
    ),
    Case(
        "text in a number",
        cell("상용근로자수_2020", "약 스무명"),
        3,
        ("row 6, column 상용근로자수_2020: text of the form A AAA", "Remedy:"),
    ),
    Case(
        "impossible date",
        text_in("resources/raw/seoul/patents.csv", "-12-", "-13-"),
        3,
        ("patents.csv row", "column 출원일: a date of the form 9999-99-99 that no calendar has"),
    ),
    Case(
        "absent printed table",
        to_file(f"{PRINTED}/kim_2.csv", None),
        2,
        ("reference: there is no file", "Did you mean"),
    ),
    Case("empty printed table", to_file(f"{PRINTED}/kim_2.csv", b""), 3, ("kim_2.csv: the file is empty",)),
    Case(
        "text in a printed number",
        text_in(f"{PRINTED}/kim_5.csv", "147", "many"),
        3,
        ("kim_5.csv row 2, column 2000: 'many' is not a number",),
    ),
    Case(
        "printed inconsistency that is none",
        text_in(f"{PRINTED}/kim_text.csv", "sme_jobs_created,275", "sme_jobs_created,2756"),
        3,
        ("(kim_text_sme_jobs): declared `adds_up: no`, found yes", "Compare the cells with the source"),
    ),
    Case(
        "misspelt key",
        text_in("config.yaml", "disclosure:", "disclosre:"),
        2,
        ("disclosre: unknown key. Did you mean disclosure?",),
    ),
    Case(
        "repeated key",
        text_in("config.yaml", "study: seoul\n", "study: seoul\nstudy: seoul\n"),
        2,
        ("the key `study` is repeated",),
    ),
    Case(
        "cohort without firms",
        text_in(
            "tiny.yaml", "compare:", "  nobody: {groups: {old: {rule: age > 500}, young: {rule: age <= 500}}}\ncompare:"
        ),
        2,
        ("nobody", "old"),
    ),
    Case(
        "cohort with gaps",
        text_in("tiny.yaml", "compare:", "  gap: {groups: {old: {rule: age > 20}, young: {rule: age < 10}}}\ncompare:"),
        2,
        ("gap",),
    ),
    Case(
        "model with an unknown column",
        text_in("tiny.yaml", "  patents_on_rd: {", "  patents_on_rd: {outcome: ip_patnt_appl, "),
        2,
        ("models.patents_on_rd", "ip_patnt_appl. Did you mean ip_patent_appl?"),
    ),
    Case(
        "misspelt variable in a codebook",
        text_in(BOOK, "  founding_year:", "  foundng_year:"),
        2,
        ("2020.yaml line", "Did you mean founding_year?"),
    ),
    Case(
        "edits that contradict each other",
        in_study(
            "edits: {all_research: {kind: logical, text: {en: More researchers than staff}, "
            "rule: emp_rnd > employees_t + 1}}\n"
        ),
        2,
        ("no record can pass these 2 together", "all_research (More researchers than staff) demands", "Correct one"),
    ),
    Case(
        "calibration that can't be met",
        in_study("studies: {seoul: {weights: {calibrate: {bounds: [0.99, 1.01]}}}}\n"),
        3,
        ("weights.calibrate", "the answers reach", "Widen `bounds:`"),
    ),
    Case(
        "donor class without donors",
        in_study(
            "imputation: {steps: {barriers: {methods: [{method: donor, classes: [[industry_group]], "
            "minimum_donors: 100000}]}}}\n"
        ),
        3,
        ("imputation.steps.barriers", "without the 100000 donors", "firms to impute"),
    ),
    Case(
        "code without a crosswalk entry",
        all_of(
            text_in(BOOK, 'constant: "10", values: {10: "10"}', 'constant: "11", values: {11: "11"}'),
            text_in(CROSSWALK, "\n62,62,", "\n04,62,"),
        ),
        3,
        ("harmonise.classifications.industry", "wave 2020 (innovation_2020.csv): 62", "Add the codes"),
    ),
    Case(
        "given weights of zero",
        in_study("studies: {seoul: {weights: {method: given, weight: n_projects_tried, calibrate: null}}}\n"),
        3,
        ("), row", "the design weight (n_projects_tried) is missing, zero or negative"),
    ),
    Case(
        "register with overlapping validity",
        certificate_renewed_before_its_end,
        3,
        ("certificates", "the validity", "overlaps that of an earlier row of the firm"),
    ),
]


@pytest.fixture(scope="module")
def spoilt(built, tmp_path_factory):
    """One copy of the built study for all cases; `mended` restores its input after each."""
    return built.copy(tmp_path_factory.mktemp("spoilt") / "project")


@pytest.fixture
def mended(spoilt, tmp_path):
    """Keep the study's input before the test, and put it back when asked to, at the latest when the test ends."""
    for name in INPUT:
        copy(spoilt.folder / name, tmp_path / "kept" / name)

    def mend():
        for name in INPUT:
            copy(tmp_path / "kept" / name, spoilt.folder / name)

    yield mend
    mend()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_said_plainly_leaves_nothing_half_written_and_the_next_run_picks_up(spoilt, mended, case):
    published = contents_of(spoilt.folder / "results/seoul/publish")
    case.spoil(spoilt.folder)
    ran = spoilt.report()
    assert ran.code == case.code, ran.out + ran.err
    for words in case.said:
        assert words in ran.err
    assert "Traceback" not in ran.out + ran.err
    blocks = max(ran.err.count(" error in "), 1)  # waves that run side by side may fail side by side
    assert len(ran.err.strip().splitlines()) <= 25 * blocks
    assert not list((spoilt.folder / "results").rglob("*.partial"))
    assert contents_of(spoilt.folder / "results/seoul/publish") == published

    mended()
    again = spoilt.report()
    assert again.code == 0, again.out + again.err
    assert contents_of(spoilt.folder / "results/seoul/publish") == published


def test_no_firms_answer_is_shown_where_text_stands_in_a_number(spoilt, mended):
    cell("상용근로자수_2020", "홍길동상사 12명")(spoilt.folder)
    ran = spoilt.run("check", "--study", "tiny.yaml")
    assert ran.code == 3
    assert "홍길동" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("report", "--study", "colombia"), 2, "no study `colombia`. Did you mean colombia_edits?"),
        (("report", "--study", "absent.yaml"), 2, "absent.yaml: no such study file"),
        (("report", "--raw", "nowhere"), 3, "no such raw file"),
        (("reprot",), 2, "No such command"),
        (("check", "--raw", "nowhere"), 3, "no such raw file"),
    ],
)
def test_wrong_usage_has_its_exit_code_and_words(spoilt, arguments, code, said):
    ran = spoilt.run(*arguments)
    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err


def copy(source: Path, target: Path) -> None:
    """Put a file or folder in place of another."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copy2(source, target)
        return
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


def contents_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
