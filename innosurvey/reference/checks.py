"""The arithmetic of printed tables: each check carried out, with a verdict, and held against what is expected.

Verdicts: *yes*, the printed number is the computed one within its own rounding; *rounding*, it is not, but the rounding
of the cells that it is made of can explain it; *no*, nothing can. The declaration (`checks.csv`) says by hand what is
printed, what comes out, and the verdict. A check that comes out otherwise stops the run: a printed inconsistency is
known or it is a slip of whoever typed the table in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from innosurvey.errors import DataError, bullets, did_you_mean
from innosurvey.reference.cells import Cell, Cells, parts_of
from innosurvey.reference.rules import RULES
from innosurvey.reference.spans import NEARLY, Span, total
from innosurvey.reference.spec import DERIVED, TableSpec

Verdict = Literal["yes", "rounding", "no"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
DECLARED = ("check", "rule", "printed", "cells", "printed_value", "computed_value", "adds_up", "doubts")
COLUMNS = (
    "check", "table", "rule", "against", "cell", "cells", "printed", "computed", "lowest", "highest", "difference",
    "unit", "decimals", "adds_up",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One declared check: the addresses of the printed number (several are added up) and of what it is made of, both
    values and the verdict by hand, and the cells in doubt where it fails. `where` is its row in the file.
    """

    id: str
    rule: str
    printed: str
    cells: str
    printed_value: str
    computed_value: str
    adds_up: Verdict
    doubts: str
    where: str

    @property
    def tables(self) -> set[str]:
        """The tables that the check is about."""
        addresses = f"{self.printed} {self.cells} {self.doubts}".split()
        return {parts_of(address, self.where)[0] for address in addresses}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a check; `decimals` are those of what is printed."""

    check: Check
    decimals: int
    printed: Span
    computed: Span
    adds_up: Verdict


def parse_checks(rows: pd.DataFrame, file: str) -> tuple[Check, ...]:
    """Return the checks of `checks.csv` (all columns as text). DataError that lists every row that cannot be used."""
    absent = [column for column in DECLARED if column not in rows.columns]
    if absent:
        raise DataError(
            f"{file} row 1: there is no column {', '.join(absent)}.{did_you_mean(absent[0], rows.columns)}\n"
            f"It needs {', '.join(DECLARED)}."
        )
    checks = tuple(
        Check(id=row["check"], **{part: row[part] for part in DECLARED[1:]}, where=f"{file} row {number}")
        for number, row in enumerate(rows.to_dict("records"), start=2)
    )
    wrong = [f"{check.where}: {fault}" for check in checks for fault in _faults(check)]
    names = [check.id for check in checks]
    wrong += [f"{check.where}: the check {check.id} stands {names.count(check.id)} times" for check in checks
              if names.count(check.id) > 1]  # fmt: skip
    if wrong:
        raise DataError(f"Checks of the printed tables that cannot be used:\n{bullets(wrong)}\nCorrect these rows.")
    return checks


def _faults(check: Check) -> Iterator[str]:
    if not check.id or " " in check.id or "," in check.id:
        yield f"column check: {check.id!r} is no name; use no blank and no comma"
    if check.rule not in RULES:
        yield f"column rule: {check.rule!r} is not one of {', '.join(RULES)}.{did_you_mean(check.rule, RULES)}"
    if check.adds_up not in VERDICTS:
        yield f"column adds_up: {check.adds_up!r} is not one of {', '.join(VERDICTS)}"
    for column, text in (("printed_value", check.printed_value), ("computed_value", check.computed_value)):
        if not _is_number(text):
            yield f"column {column}: {text!r} is no number"
    if not check.printed:
        yield "column printed: name the cell that is checked"


def hold(checks: tuple[Check, ...], cells: Cells) -> tuple[Outcome, ...]:
    """Return the outcome of each check whose tables are all there; DataError where one is not as declared."""
    outcomes = tuple(_outcome(check, cells) for check in checks if all(table in cells for table in check.tables))
    surprises = [said for outcome in outcomes for said in _surprises(outcome)]
    if surprises:
        raise DataError(
            f"{len(surprises)} checks of the printed tables do not come out as declared:\n{bullets(surprises)}\n"
            "Compare the cells with the source. Where a cell was typed wrongly, correct it; where the source itself is "
            "as it stands here, declare what comes out (printed_value, computed_value, adds_up)."
        )
    return outcomes


def _outcome(check: Check, cells: Cells) -> Outcome:
    rule = RULES[check.rule]
    checked = cells.find(check.printed, f"{check.where}, column printed")
    printed = total(cell.span for cell in checked)
    found = cells.find(check.cells, f"{check.where}, column cells")
    cells.find(check.doubts, f"{check.where}, column doubts")
    if rule.cells and len(found) != rule.cells:
        raise DataError(f"{check.where}, column cells: the rule {check.rule} takes {rule.cells}, not {len(found)}.")
    try:
        computed = rule.make([cell.span for cell in found])
    except ZeroDivisionError:
        raise DataError(
            f"{check.where}, column cells: the rule {check.rule} divides by zero.\nName other cells."
        ) from None
    return Outcome(
        check=check,
        decimals=max(cell.decimals for cell in checked),
        printed=printed,
        computed=computed,
        adds_up=_verdict(printed, computed, rule.relation),
    )


def _verdict(printed: Span, computed: Span, relation: str) -> Verdict:
    if relation == "at_most":
        return "yes" if printed.lowest <= computed.highest + NEARLY else "no"
    if relation == "above":
        return "yes" if printed.highest > computed.lowest else "no"
    if printed.holds(computed.value):
        return "yes"
    return "rounding" if printed.meets(computed) else "no"


def _surprises(outcome: Outcome) -> Iterator[str]:
    check = outcome.check
    for said, found, what in (
        (check.printed_value, outcome.printed.value, "printed"),
        (check.computed_value, outcome.computed.value, "computed"),
    ):
        if abs(float(said) - found) > 0.5 * 10.0 ** -len(said.partition(".")[2]) + NEARLY:
            yield f"{check.where} ({check.id}): declared as {what} {said}, found {found:.10g}"
    if outcome.adds_up != check.adds_up:
        yield (
            f"{check.where} ({check.id}): declared `adds_up: {check.adds_up}`, found {outcome.adds_up}: "
            f"printed {outcome.printed.value:.10g}, computed {outcome.computed.value:.10g}"
        )


def arithmetic_table(outcomes: tuple[Outcome, ...], tables: Mapping[str, TableSpec]) -> pd.DataFrame:
    """Return a row per check with `COLUMNS`. `against`: `derived` where a derived number takes part, else `printed`."""
    rows = [_row(outcome, tables) for outcome in outcomes]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(outcome: Outcome, tables: Mapping[str, TableSpec]) -> dict[str, object]:
    check, printed, computed = outcome.check, outcome.printed, outcome.computed
    table, series, at = parts_of(check.printed.split()[0], check.where)
    return {
        "check": check.id,
        "table": table,
        "rule": check.rule,
        "against": "derived" if any(name.startswith(DERIVED) for name in check.tables) else "printed",
        "cell": check.printed,
        "cells": check.cells,
        "printed": printed.value,
        "computed": computed.value,
        "lowest": computed.lowest,
        "highest": computed.highest,
        "difference": printed.value - computed.value,
        "unit": tables[table].unit_of(series.split("..")[0], at.split("..")[0]),
        "decimals": outcome.decimals,
        "adds_up": outcome.adds_up,
    }


def cells_in_doubt(outcomes: tuple[Outcome, ...], cells: Cells) -> dict[Cell, tuple[str, ...]]:
    """Return for each cell that a check casts doubt on the names of these checks."""
    found: dict[Cell, tuple[str, ...]] = {}
    for outcome in outcomes:
        if outcome.adds_up != "yes":
            for cell in cells.find(outcome.check.doubts, outcome.check.where):
                found[cell] = (*found.get(cell, ()), outcome.check.id)
    return found


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
