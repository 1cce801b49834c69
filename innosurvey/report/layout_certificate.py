"""The model certificate: published numbers beside the computed ones, case by case, and the data sets behind them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from innosurvey.report.disclosure import FEW_BEHIND
from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_models import named
from innosurvey.report.layout_tables import ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import MISSING_MARK
from innosurvey.report.said import in_language
from innosurvey.report.wording import upper_first

ARTICLE = re.compile(r"^(an?|the) ")
"""What stands before an estimator where a message calls it by name."""
MORE_DIGITS = 2
"""How many digits more than the print has a computed number is shown with."""
VERDICTS = ("not run", "not estimated", "deviates", "agrees", "not judged")
"""From what weighs most."""
NOT_HAD = ("not run", "not estimated")
COUNTS = ("n", "n_firms", "n_clusters", "test_df", "test_df2")
BESIDE = ("estimate", "se")
"""Quantities that share a line of the table; each other has a line of its own."""


def certificate_table(draft: Draft) -> Table | None:
    """Return all cases with estimator, size, how many numbers agree, the largest deviation, and the verdict."""
    found = draft.lookup.rows("certificate_cases")
    if not found:
        return None
    words = draft.words
    heads = ("observations", "numbers_agree", "largest_deviation")
    return Table(
        id="certificate-cases",
        title=words["title_certificate_cases"],
        columns=(
            *(Column(title=words[head], align="left") for head in ("case", "certified_verdict", "estimator")),
            *(Column(title=words[head]) for head in heads),
        ),
        rows=tuple(TableRow(cells=overview_cells(draft, row)) for row in found),
        notes=(words["note_certificate_cases"],),
        source=draft.source(("certificate_cases",)),
    )


def overview_cells(draft: Draft, row: Row) -> tuple[Cell, ...]:
    """Return one model of a case: title, verdict with its reason below, how it was estimated, how far off it is."""
    about = case_of(draft, row["case"])
    column = f": {column_title(draft, row)}" if row["column"] else ""
    ran = row["verdict"] not in NOT_HAD
    agree = (draft.run(row["agree"], "count"), Run(text=draft.words["agree_of"]), draft.run(row["numbers"], "count"))
    verdict = (Run(text=draft.words[f"verdict_{row['verdict']}"]),)
    return (
        text_cell(f"{about['title']}{column}"),
        Cell(runs=(*verdict, *((Run(text=reason_of(draft, row), line=1),) if row["reason"] else ()))),
        text_cell(estimator_title(draft, row["estimator"])),
        draft.cell(row["observations"], "count") if ran else text_cell(MISSING_MARK),
        Cell(runs=agree) if ran else text_cell(MISSING_MARK),
        draft.cell(row["largest"], "estimate", MORE_DIGITS) if ran else text_cell(MISSING_MARK),
    )


def case_table(draft: Draft, case: str) -> Table | None:
    """Return the published numbers of a case beside the computed ones, a part for each of its models."""
    found = draft.lookup.rows("certificate", case=case)
    if not found:
        return None
    words = draft.words
    rows: list[TableRow] = []
    for column in ordered(row["column"] for row in found):
        ours = [row for row in found if row["column"] == column]
        rows += [subtitle(column_title(draft, ours[0]))] if column else []
        rows += [TableRow(cells=line_cells(draft, line)) for line in lines_of(ours)]
    return Table(
        id=f"certificate-{case.replace('.', '-').replace('_', '-')}",
        title=case_of(draft, case)["title"],
        columns=(
            Column(title=words["term"], align="left"),
            *(Column(title=words[head]) for head in ("published", "computed", "difference", "tolerance")),
            Column(title=words["certified_verdict"], align="left"),
        ),
        rows=tuple(rows),
        notes=case_notes(draft, case, found),
        source=draft.source(("certificate",)),
    )


def lines_of(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows by line: estimate and standard error of a term on one, everything else on its own."""
    lines: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        shared = row["term"] and row["quantity"] in BESIDE
        lines.setdefault((row["term"], "" if shared else row["quantity"]), []).append(row)
    return list(lines.values())


def line_cells(draft: Draft, line: Sequence[Row]) -> tuple[Cell, ...]:
    """Return a line of a case: what it is, printed, computed, their difference, the tolerance, the verdict."""
    first = line[0]
    quantity = (
        "" if first["quantity"] in BESIDE else draft.words.get(f"quantity_{first['quantity']}", first["quantity"])
    )
    title = ", ".join(filter(None, (first["term"], quantity)))
    worst = min((row["verdict"] for row in line), key=VERDICTS.index)
    ran = worst not in NOT_HAD
    return (
        text_cell(title),
        pair_cell(draft, line, "published"),
        pair_cell(draft, line, "computed") if ran else text_cell(MISSING_MARK),
        pair_cell(draft, line, "difference") if ran else text_cell(MISSING_MARK),
        pair_cell(draft, line, "tolerance"),
        text_cell(draft.words[f"verdict_{worst}"]),
    )


def pair_cell(draft: Draft, line: Sequence[Row], column: str) -> Cell:
    """Return a number, and in parentheses below it that of the standard error; a wrong print is marked."""
    runs: list[Run] = []
    for place, row in enumerate(line):
        kind = "signed" if column == "difference" else "estimate"
        number = draft.run(row[column], kind, decimals_of(row, column), line=place)
        beside = row["quantity"] == "se"
        runs += [Run(text="(", line=place), number, Run(text=")", line=place)] if beside else [number]
        if column == "published" and row["erratum"]:
            mark = "erratum_mark" if row["right"].available else "not_judged_mark"
            runs.append(Run(text=f" {draft.words[mark]}", line=place))
    first = line[0][column]
    return Cell(runs=tuple(runs), order=f"{float(first):.10g}" if first.available else "")


def decimals_of(row: Row, column: str) -> int:
    """Return the decimals of a number: those of the print, more for what is computed, its own for the tolerance."""
    if row["quantity"] in COUNTS:
        return 0
    printed = int(float(row["decimals"]))
    if column == "tolerance":
        return max(printed, len(f"{float(row[column]):.10f}".rstrip("0").partition(".")[2]))
    return printed if column == "published" else printed + MORE_DIGITS


def case_notes(draft: Draft, case: str, found: Sequence[Row]) -> tuple[str, ...]:
    """Return what stands below a case: where it is printed, how it was estimated, errata, and why it was not."""
    about, words = case_of(draft, case), draft.words
    models = draft.lookup.rows("certificate_cases", case=case)
    notes = [words["note_case_source"].format(source=about["source"].rstrip("."))]
    notes += [words["note_certificate_se"]] if any(row["quantity"] == "se" for row in found) else []
    notes += [about["note"]] if about.get("note") else []
    for name, row in {row["term"] or row["quantity"]: row for row in found if row["erratum"]}.items():
        kind = "note_case_erratum" if row["right"].available else "note_case_not_judged"
        notes.append(words[kind].format(name=name, reason=row["erratum"]))
    for model in models:
        column = f"{column_title(draft, model)}: " if model["column"] else ""
        notes.append(f"{column}{how_estimated(draft, model)}")
        if model["reason"]:
            notes.append(
                words["note_case_obstacle"].format(column=column, reason=in_language(model["reason"], draft.language))
            )
        elif warnings := "; ".join(part for part in model["warnings"].split("; ") if not FEW_BEHIND.match(part)):
            said = in_language(warnings, draft.language)
            notes.append(words["note_case_warnings"].format(column=column, warnings=said))
    return tuple(notes)


def how_estimated(draft: Draft, model: Row) -> str:
    """Return estimator, standard errors, engine and data set of a model in words."""
    said = [("estimator", estimator_title(draft, model["estimator"]))]
    if model["vcov"]:
        said.append(("covariance", named(draft, model["vcov"])))
        said.append(("small_sample", named(draft, model["small_sample"])))
    parts = [draft.words["note_shared"].format(what=draft.words[word], value=value) for word, value in said if value]
    return " ".join([*parts, draft.words["note_case_data"].format(data=data_title(draft, model["data"]))])


def estimator_title(draft: Draft, estimator: str) -> str:
    """Return what the report calls an estimator; what messages call it where it has no word of its own."""
    title = named(draft, estimator)
    called = str(draft.context.certificate.get("estimators", {}).get(estimator, title))
    return upper_first(ARTICLE.sub("", called)) if title == estimator else title


def certificate_data_table(draft: Draft) -> Table | None:
    """Return the data sets: where each is from, its size, how many of its columns have a contract."""
    found = draft.lookup.rows("certificate_data")
    if not found:
        return None
    words = draft.words
    counts = ("rows", "firms", "waves", "contracts")
    heads = (words["data_rows"], words["firms"], words["waves_of_data"], words["contracts"])
    return Table(
        id="certificate-data",
        title=words["title_certificate_data"],
        columns=(Column(title=words["data_set"], align="left"), *(Column(title=head) for head in heads)),
        rows=tuple(
            TableRow(
                cells=(
                    data_cell(draft, row),
                    *(
                        draft.cell(row[name], "count") if row["status"] == "ok" else text_cell(MISSING_MARK)
                        for name in counts
                    ),
                )
            )
            for row in found
        ),
        notes=(words["note_certificate_contract"], *(note for row in found if (note := data_note(draft, row)))),
        source=draft.source(("certificate_data",)),
    )


def data_cell(draft: Draft, row: Row) -> Cell:
    """Return a data set with its package and version, or its file, below; a file's version is its checksum."""
    package, name = row["source"], row["name"]
    if package == "R":  # of its many packages, the one that is meant
        package, name = name.split("/", 1)[0], f"{name.partition('/')[2]} (R)"
    where = name if row["source"] == "file" else f"{package} {version_of(draft, row)}: {name}"
    return Cell(runs=(Run(text=data_title(draft, row["data"])), Run(text=where, line=1)))


def version_of(draft: Draft, row: Row) -> str:
    """Return the version of a package in words."""
    return f"({draft.words['version_absent']})" if row["version"] == "absent" else row["version"]


def data_note(draft: Draft, row: Row) -> str:
    """Return the note of a data set, with its title."""
    note = draft.context.certificate.get("data", {}).get(row["data"], {}).get("note", "")
    return f"{data_title(draft, row['data'])}: {note}" if note else ""


def data_title(draft: Draft, data: str) -> str:
    """Return what a data set is called."""
    return draft.context.certificate.get("data", {}).get(data, {}).get("title") or data


def case_of(draft: Draft, case: str) -> dict[str, Any]:
    """Return the words of a case."""
    about = draft.context.certificate.get("cases", {}).get(case, {})
    return {"title": case, "source": "", "note": "", "columns": {}, **about}


def column_title(draft: Draft, row: Row) -> str:
    """Return the head of a column of a case."""
    return str(case_of(draft, row["case"])["columns"].get(row["column"], row["column"]))


def reason_of(draft: Draft, row: Row) -> str:
    """Return why a model has no numbers, without the verdict that stands above it."""
    return in_language(row["reason"].partition(": ")[2] or row["reason"], draft.language)


TABLES: Mapping[str, Callable[..., Table | None]] = {
    "certificate_table": certificate_table,
    "certificate_data_table": certificate_data_table,
    "case_table": case_table,
}
"""What templates call, by name."""
