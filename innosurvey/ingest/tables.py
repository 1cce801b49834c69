"""Typed tables of one raw file: a survey wave with its flags, or a register with its own columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from innosurvey import expressions, skips
from innosurvey.codebook import Codebook, RowsOfWave, VariableSource, code_text
from innosurvey.errors import DataError, StudyError
from innosurvey.ingest.cells import Problem, Typed, typed
from innosurvey.ingest.readers import USER_MISSING, read_raw

ROWS_NAMED = 5
"""How many row numbers a message lists before it only counts."""
MOST_WAVES = 20
"""How many codes a message lists of the column that tells waves apart: one with more holds something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """A typed table, and the ledger of its rows: rows in = rows kept + rows dropped."""

    table: pd.DataFrame
    ledger: pd.DataFrame


def ingest_survey(path: Path, codebook: Codebook, wave: str) -> Ingested:
    """Return one wave: `_source_row`, `wave`, then each variable and its flag.

    Raises DataError for a file that can't be read, a cell without meaning, a firm without id or a firm that stands
    twice.
    """
    _fail_if_not_of_a_wave(codebook, wave)
    for name, rule in codebook.asked_if.items():
        where = f"{codebook.variables[name].where}, asked_if"
        expressions.fail_if_unknown_names(rule, list(codebook.variables), where)
    raw, ledger = _firm_rows(path, codebook, wave)
    columns = _typed_columns(path, raw, codebook)
    _fail_if_id_is_blank_or_repeated(path, columns["firm_id"], codebook)
    table: dict[str, object] = {
        "_source_row": _row_numbers(raw),
        "wave": pd.array([wave] * len(raw), dtype="str"),
    }
    for name, column in columns.items():
        table[name] = column.values.array
        table[f"{name}_flag"] = column.flags.array
    firms = _with_skips(
        pd.DataFrame(table, copy=False),
        codebook.variables,
        {name: column.blank.array for name, column in columns.items()},
    )
    if codebook.period:
        firms["obs_start"], firms["obs_end"] = (
            pd.Series(pd.Timestamp(day).as_unit("s"), index=firms.index) for day in codebook.period
        )
    return Ingested(table=firms.drop(columns="firm_id_flag"), ledger=ledger)


def ingest_register(path: Path, codebook: Codebook) -> Ingested:
    """Return a register: `_source_row` and its columns, typed as its codebook declares them."""
    raw, ledger = _firm_rows(path, codebook, "")
    columns = _typed_columns(path, raw, codebook)
    table: dict[str, object] = {"_source_row": _row_numbers(raw)}
    table |= {name: column.values.array for name, column in columns.items()}
    return Ingested(table=pd.DataFrame(table, copy=False), ledger=ledger)


def _firm_rows(path: Path, codebook: Codebook, wave: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the raw rows that are firms, in the columns the codebook names, and the ledger of the rows.

    A row is dropped when all those columns are blank; with `rows_without_id: drop` also when its firm id is blank or
    a code of `missing:`, as column totals below a table; and where a file holds several waves, when it is of another.
    """
    if "firm_id" not in codebook.variables:
        raise StudyError(
            f"{codebook.name}: there is no `firm_id` under `variables:`.\n"
            "Every file needs the column that tells its firms apart: `firm_id: {column: …}`."
        )
    raw = read_raw(path, codebook.file, codebook.raw_columns)
    cells = raw[list(codebook.raw_columns)]
    dropped = {"blank_row": _blank_rows(cells)}
    if codebook.file.rows_without_id == "drop":
        without_id = typed(cells, codebook.variables["firm_id"], codebook.file).flags != "observed"
        dropped["row_without_id"] = without_id & ~dropped["blank_row"]
    if codebook.rows is not None:
        of_another = _rows_of_another_wave(path, cells, codebook.rows, pd.concat(dropped, axis=1).any(axis=1))
        dropped = {rule: rows & ~of_another for rule, rows in dropped.items()} | {"row_of_another_wave": of_another}
    kept = ~pd.concat(dropped, axis=1).any(axis=1)
    counts = [(rule, "dropped", int(rows.sum())) for rule, rows in dropped.items()]
    counts = [("raw_rows", "read", len(cells)), *counts, ("typed_rows", "kept", int(kept.sum()))]
    entries = [
        {"wave": wave, "stage": "ingest", "rule": rule, "variable": "", "action": action, "rows": rows, "cells": 0}
        for rule, action, rows in counts
    ]
    return cells if kept.all() else cells[kept], pd.DataFrame(entries)


def _blank_rows(cells: pd.DataFrame) -> pd.Series:
    """Return which rows have no cell that is filled."""
    blank = pd.Series(True, index=cells.index)
    for column in cells:
        blank &= cells[column].isna() | cells[column].isin(["", " "])
        if not blank.any():
            break
    return blank


def _rows_of_another_wave(path: Path, cells: pd.DataFrame, rows: RowsOfWave, no_firm: pd.Series) -> pd.Series:
    """Return which rows of a file with several waves are of another one; DataError where a firm's row tells none, or
    none is of this wave.
    """
    places, found = pd.factorize(cells[rows.column])
    codes = [code_text(code) for code in found]
    silent = np.array([True, *(code == "" for code in codes)])[places + 1] & ~no_firm.to_numpy()
    if silent.any():
        raise DataError(
            f"{path} {_rows(cells.index[silent])}, column {rows.column}: blank, so that no wave is known.\n"
            "Every row needs one: complete the file; or set `rows_without_id: drop` if these rows are no firms."
        )
    own = np.array([False, *(code in rows.codes for code in codes)])[places + 1]
    if not own.any():
        has = sorted(code for code in codes if code)
        seen = f" It has {', '.join(has)}." if len(has) <= MOST_WAVES else f" It has {len(has)} others."
        raise DataError(
            f"{path}, column {rows.column}: no row has the code {' or '.join(sorted(rows.codes))}.{seen}\n"
            "Correct `rows:` of the wave in the study's configuration."
        )
    return pd.Series(~own, index=cells.index) & ~no_firm


def _fail_if_not_of_a_wave(codebook: Codebook, wave: str) -> None:
    if codebook.table != "survey":
        raise StudyError(
            f"{codebook.name}: `table: {codebook.table}` in the codebook of the wave {wave}.\n"
            "Say `table: survey`, or correct `codebook:` in the study's configuration."
        )


def _row_numbers(raw: pd.DataFrame) -> ExtensionArray:
    """Return the numbers of the raw rows as a column of the table."""
    return raw.index.astype("Int64").array


def _typed_columns(path: Path, raw: pd.DataFrame, codebook: Codebook) -> dict[str, Typed]:
    declared_missing = raw.attrs.pop(USER_MISSING, {})  # taken off, as pandas copies it along with each column
    columns = {name: typed(raw, source, codebook.file) for name, source in codebook.variables.items()}
    problems = [problem for column in columns.values() for problem in column.problems]
    unnamed = [
        problem
        for source in codebook.variables.values()
        for problem in _unnamed_user_missing(raw, source, declared_missing)
    ]
    _fail_if_cells_have_no_meaning(path, [*problems, *unnamed])
    return columns


def _unnamed_user_missing(
    raw: pd.DataFrame, source: VariableSource, declared_missing: Mapping[str, Any]
) -> list[Problem]:
    """Return a problem for each code that an SPSS file declares missing and the codebook would read as a number."""
    if source.values is not None or source.declared.type not in ("int", "float") or not declared_missing:
        return []
    problems = []
    for column in source.columns:
        cells = pd.to_numeric(raw[column], errors="coerce")
        for low, high in declared_missing.get(column, []):
            if isinstance(low, str):
                continue
            declared = cells[cells.between(low, high)]
            problems += [
                Problem(
                    column=column,
                    rows=tuple(declared.index[declared == code]),
                    what=f"the file declares {code_text(float(code))} user-missing, and the codebook does not know it",
                    remedy=f"add the code to `missing:` of {source.name} ({source.where})",
                )
                for code in declared.unique()
                if code_text(float(code)) not in source.missing
            ]
    return problems


def _with_skips(firms: pd.DataFrame, sources: Mapping[str, VariableSource], blank: Mapping[str, Any]) -> pd.DataFrame:
    """Return the firms with `not_asked` where the skip rule passed over a question and its cells are `blank`."""
    rules = {name: source.asked_if for name, source in sources.items() if source.asked_if is not None}
    unanswered = {
        name: (firms[f"{name}_flag"] == "missing") | (sources[name].blank is not None and blank[name]) for name in rules
    }
    together = {
        rule: np.column_stack([unanswered[name] for name in rules if rules[name] == rule])
        for rule in dict.fromkeys(rules.values())
    }
    for name in skips.in_order(rules):
        where = f"{sources[name].where}, asked_if of {name}"
        not_asked = unanswered[name] & skips.passed_over(rules[name], firms, where, together[rules[name]])
        firms[name] = firms[name].mask(not_asked)
        firms[f"{name}_flag"] = firms[f"{name}_flag"].mask(not_asked, "not_asked")
    return firms


def _fail_if_cells_have_no_meaning(path: Path, problems: list[Problem]) -> None:
    if not problems:
        return
    rows: dict[tuple[str, str, str], set[int]] = {}
    for problem in problems:
        rows.setdefault((problem.column, problem.what, problem.remedy), set()).update(problem.rows)
    unique = list(rows)
    lines = [
        f"{path} {_rows(sorted(rows[column, what, remedy]))}, column {column}: {what}.\n  Remedy: {remedy}."
        for column, what, remedy in unique[:10]
    ]
    more = f"\n… and {len(unique) - 10} more columns or codes." if len(unique) > 10 else ""
    raise DataError("\n".join(lines) + more)


def _fail_if_id_is_blank_or_repeated(path: Path, ids: Typed, codebook: Codebook) -> None:
    column = ", ".join(codebook.variables["firm_id"].columns)
    blank = ids.values.index[ids.flags != "observed"]
    if len(blank):
        raise DataError(
            f"{path} {_rows(blank)}, column {column}: no firm id.\n"
            "Every row needs one: complete the file; or, if these rows are no firms (column totals), set "
            "`rows_without_id: drop` under `file:` in the codebook."
        )
    repeated = ids.values.index[ids.values.duplicated(keep=False)]
    if len(repeated):
        raise DataError(
            f"{path} {_rows(repeated)}, column {column}: {len(repeated)} rows share their firm id with another row "
            "of the wave.\n"
            "A firm answers once a wave: keep one of the rows in the file; or, where it holds several waves, say with "
            "`rows:` of the wave in the study's configuration which are its own."
        )


def _rows(rows: Iterable[int]) -> str:
    """Return `row 7` or `rows 7, 9, 12 … (40 in all)`."""
    numbers = [str(row) for row in rows]
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    if len(numbers) <= ROWS_NAMED:
        return f"rows {', '.join(numbers)}"
    return f"rows {', '.join(numbers[:ROWS_NAMED])} … ({len(numbers)} in all)"
