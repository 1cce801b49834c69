"""Bad input: exit code, one short block, no traceback, nothing half-written, and the next run picks up."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from innosurvey.study import merge

pytestmark = pytest.mark.slow

WAVE = "resources/raw/seoul/innovation_2020.csv"
BOOK = "resources/codebooks/seoul/2020.yaml"
REFERENCE = "resources/reference"
INPUT = ("resources/raw", "resources/codebooks", REFERENCE, "config.yaml", "tiny.yaml")


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


def added(lines: str) -> Callable[[Path], None]:
    """Return a spoiler that lays YAML over the study file."""

    def spoil(folder: Path) -> None:
        study = folder / "tiny.yaml"
        laid_over = merge(yaml.safe_load(study.read_text(encoding="utf-8")), yaml.safe_load(lines))
        study.write_text(json.dumps(laid_over), encoding="utf-8")

    return spoil


def all_of(*spoilers: Callable[[Path], None]) -> Callable[[Path], None]:
    """Return a spoiler that does what several do."""

    def spoil(folder: Path) -> None:
        for one in spoilers:
            one(folder)

    return spoil


def given_weights(wrong: dict[int, str]) -> Callable[[Path], None]:
    """Return a spoiler that gives the 2020 wave, alone, weights of its own, some of them wrong (line → weight)."""
    alone = "waves: {'2018': null, '2022': null}, weights: {method: given, weight: w, calibrate: null}"
    own = "variables: {w: {type: float, unit: firms, label_en: Weight, label_ko: Weight}}"

    def weigh(lines: list[str]) -> list[str]:
        weights = [f"{line},{wrong.get(place, '2.5')}" for place, line in enumerate(lines) if place and line]
        return [f"{lines[0]},weight", *weights, ""]

    return all_of(
        added(f"studies: {{seoul: {{{alone}, {own}}}}}"),
        in_wave(weigh),
        text_in(BOOK, "variables:\n", "variables:\n  w: {column: weight}\n"),
    )


def overlapping(folder: Path) -> None:
    """Let the second certificate of a kind that a firm holds begin before its first ends."""
    path = folder / "resources/raw/seoul/certificates.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    cells = [line.split(",") for line in lines]
    place = next(n for n in range(2, len(cells)) if cells[n][:2] == cells[n - 1][:2])
    lines[place] = ",".join([*cells[place][:3], cells[place - 1][3], *cells[place][4:]])
    path.write_text("\n".join(lines), encoding="utf-8")


def repeated_line(name: str) -> Callable[[Path], None]:
    """Return a spoiler that repeats the first row of a file."""

    def spoil(folder: Path) -> None:
        lines = (folder / name).read_bytes().split(b"\n")
        (folder / name).write_bytes(b"\n".join([*lines[:2], *lines[1:]]))

    return spoil


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
        "contradicting edits",
        added("edits: {few: {kind: logical, rule: employees_t < 5}, many: {kind: logical, rule: employees_t > 10}}"),
        2,
        ("no record can pass these 2 together", "few (few) demands employees_t below 5", "many (many) demands"),
    ),
    Case(
        "edit of an unknown variable",
        added("edits: {few: {kind: logical, rule: employes_t < 5}}"),
        2,
        ("edits.few: there is no variable employes_t.", "Did you mean employees_t?"),
    ),
    Case(
        "class without donors",
        added(
            "imputation: {steps: {sales_t: {methods: [{method: donor, classes: [[size_class]], minimum_donors: 900}]}}}"
        ),
        3,
        ("imputation.steps.sales_t.methods[1], wave 20", "classes of size_class without the 900 donors that sales_t"),
    ),
    Case(
        "method for another type",
        added("imputation: {steps: {sales_t: {methods: [{method: ratio, to: rnd_inhouse}]}}}"),
        2,
        ("imputation.steps.sales_t.methods[1]: `ratio` reckons with amounts, and rnd_inhouse is enum",),
    ),
    Case(
        "calibration out of reach",
        added("studies: {seoul: {weights: {calibrate: {bounds: [0.99, 1.01]}}}}"),
        3,
        (
            "wave 20",
            "with bounds [0.99, 1.01] can't bring the weights to these totals",
            "the answers reach",
            "off",
        ),
    ),
    Case(
        "margin of a column that the frame lacks",
        added("studies: {seoul: {weights: {calibrate: {margins: {x: {by: [size_clas]}}}}}}"),
        2,
        ("weights.calibrate.margins.x: the frame has no column size_clas. Did you mean size_class?",),
    ),
    Case(
        "given weights that are none",
        given_weights({3: "", 4: "0", 5: "-1"}),
        3,
        ("wave 2020, rows 4, 5, 6: the design weight (w) is missing, zero or negative.",),
    ),
    Case(
        "code without a crosswalk entry",
        all_of(
            text_in(BOOK, '{constant: "10", values: {10: "10"}}', '{constant: "9", values: {9: "9"}}'),
            text_in(f"{REFERENCE}/crosswalks/ksic9_ksic10.csv", "\n62,62,", "\n6299,62,"),
        ),
        3,
        ("codes of ksic that the crosswalk", "wave 2020: 62, ", "Add the codes to it"),
    ),
    Case(
        "price series without its years",
        half_of(f"{REFERENCE}/prices/seoul_synthetic.csv"),
        3,
        ("the price series lacks years that the waves ask about",),
    ),
    Case(
        "overlapping validity",
        overlapping,
        3,
        ("register certificates, row ", "the validity of one certificate overlaps that of an earlier row"),
    ),
    Case(
        "frame with a firm twice",
        repeated_line("resources/raw/seoul/frame.csv"),
        3,
        ("register frame, rows 2, 3: a firm stands twice in wave 2018",),
    ),
    Case("truncated frame", half_of("resources/raw/seoul/frame.csv"), 3, ("frame.csv row", "may have been cut off")),
    Case(
        "misspelt variable in a codebook",
        text_in(BOOK, "  founding_year:", "  foundng_year:"),
        2,
        ("2020.yaml line", "Did you mean founding_year?"),
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
    assert len(ran.err.strip().splitlines()) <= 25
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
