"""Which rows of a register hold for a wave, and whether the register can be trusted to say so."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from innosurvey import expressions
from innosurvey.errors import DataError, StudyError, did_you_mean
from innosurvey.link.spec import Into, LinkSpec

Period = tuple[pd.Timestamp, pd.Timestamp]
KEY = "firm_id"
ROWS_NAMED = 10


def rows_of_wave(register: pd.DataFrame, spec: LinkSpec, period: Period) -> pd.DataFrame:
    """Return the register's rows that hold for the wave's period.

    DataError for overlapping validity, a repeated firm and year, or an end before its beginning, with the rows'
    numbers.
    """
    _fail_if_columns_absent(register, spec)
    if spec.how == "year":
        _fail_if_year_repeated(register, spec)
        codes, years = pd.factorize(register[spec.columns[0]])
        of_wave = pd.to_numeric(pd.Series(years), errors="coerce") == period[1].year  # a year may be written as text
        return register[np.append(of_wave, False)[codes]]
    for column in spec.columns:
        _fail_if_not_dates(register, column, spec)
    if spec.how == "valid_at":
        _fail_if_validity_broken(register, spec)
        day = period[0] if spec.option == "period_start" else period[1]
        starts, ends = (register[column] for column in spec.columns)
        return register[(starts <= day) & ((ends >= day) | ends.isna())]
    dates = register[spec.columns[0]]
    if spec.option == "before":
        return register[dates < period[0]]
    return register[(dates >= period[0]) & (dates <= period[1])]


def without_repeated_rows(register: pd.DataFrame, spec: LinkSpec) -> tuple[pd.DataFrame, int]:
    """Return the rows that say something new, and how many repeat another in all that the link asks for.

    The same document delivered twice contradicts nothing. Events may happen twice on one day, so each counts.
    """
    asked = [name for name in spec.columns_asked() if name in register.columns]
    if spec.how == "events" or KEY not in asked:
        return register, 0
    repeated = register.duplicated(asked).to_numpy()
    return (register[~repeated], int(repeated.sum())) if repeated.any() else (register, 0)


def values_per_firm(rows: pd.DataFrame, spec: LinkSpec, into: Into) -> pd.Series:
    """Return one value per firm that has rows, indexed by key."""
    keys = rows[KEY]
    if into.rule is None:
        return rows.groupby(keys, sort=True).size().astype("Int64")
    where = f"{spec.where}.into.{into.variable}"
    expressions.fail_if_unknown_names(into.rule, rows.columns, where)
    values = expressions.evaluate(into.rule, rows, where)
    is_yes_no = str(values.dtype) == "boolean"
    grouped = values.groupby(keys, sort=True)
    if into.aggregate == "count":
        _fail_unless(is_yes_no, where, "count() needs a condition")
        return grouped.sum().astype("Int64")
    if into.aggregate == "any" and (is_yes_no or spec.how == "events"):
        _fail_unless(is_yes_no, where, "any() needs a condition")
        return grouped.max().astype("boolean")
    if into.aggregate in ("sum", "mean"):
        _fail_unless(str(values.dtype) == "float64", where, f"{into.aggregate}() needs a number")
        return grouped.sum(min_count=1) if into.aggregate == "sum" else grouped.mean()
    return _latest(values, keys, rows, spec)


def _latest(values: pd.Series, keys: pd.Series, rows: pd.DataFrame, spec: LinkSpec) -> pd.Series:
    """Return the last value by date; rows without one say nothing."""
    ordered = rows.sort_values([KEY, spec.columns[0]], kind="stable").index
    told = values.loc[ordered].dropna()
    return told.groupby(keys.loc[told.index], sort=True).last()


def _fail_if_columns_absent(register: pd.DataFrame, spec: LinkSpec) -> None:
    for column in (KEY, *spec.columns):
        if column not in register.columns:
            has = ", ".join(str(name) for name in register.columns if name != "_source_row")
            near = did_you_mean(column, register.columns)
            raise StudyError(f"{spec.where}: the register has no column {column}.{near}\nIts codebook declares: {has}.")


def _fail_if_not_dates(register: pd.DataFrame, column: str, spec: LinkSpec) -> None:
    if not pd.api.types.is_datetime64_any_dtype(register[column].dtype):
        raise StudyError(
            f"{spec.where}: {column} is no date.\nDeclare it with `type: date` in the register's codebook."
        )


def _fail_if_year_repeated(register: pd.DataFrame, spec: LinkSpec) -> None:
    known = register.dropna(subset=[KEY, spec.columns[0]])
    repeated = known[known.duplicated([KEY, spec.columns[0]], keep=False)]
    if len(repeated):
        raise DataError(
            f"register {spec.register}, {_rows(repeated['_source_row'])}: a firm has more than one row for a year.\n"
            "Keep one row per firm and year in the file (the last revision), or add the amounts up before."
        )


def _fail_if_validity_broken(register: pd.DataFrame, spec: LinkSpec) -> None:
    start, end = spec.columns
    backwards = register[register[end] < register[start]]
    if len(backwards):
        raise DataError(
            f"register {spec.register}, {_rows(backwards['_source_row'])}: {end} lies before {start}.\n"
            "Correct the dates."
        )
    # A firm may hold several certificates at once; what tells them apart is what the first rule asks for.
    asked = expressions.names_in(spec.into[0].rule or "true") if spec.into else []
    yes_no = [name for name in asked if name in register.columns and name not in (start, end, KEY)][:1]
    same = [KEY, *yes_no]
    ordered = register.dropna(subset=[KEY, start]).sort_values([*same, start], kind="stable")
    latest_end = ordered[end].fillna(pd.Timestamp.max.floor("s")).groupby([ordered[name] for name in same]).cummax()
    before = latest_end.groupby([ordered[name] for name in same]).shift()
    overlapping = ordered[ordered[start] < before]
    if len(overlapping):
        what = f" of one {yes_no[0]}" if yes_no else ""
        raise DataError(
            f"register {spec.register}, {_rows(overlapping['_source_row'])}: the validity{what} overlaps that of an "
            "earlier row of the firm.\n"
            "End the earlier row before the later begins, or remove the one that was replaced."
        )


def _fail_unless(fits: bool, where: str, what: str) -> None:
    if not fits:
        raise StudyError(f"{where}: {what}.\nCorrect the expression.")


def _rows(numbers: Iterable[int]) -> str:
    """Return the rows of the raw file in words: `row 7`, or `rows 7, 9 … (40 in all)`."""
    rows = sorted(int(number) for number in numbers)
    shown = ", ".join(str(row) for row in rows[:ROWS_NAMED])
    more = f" … ({len(rows)} in all)" if len(rows) > ROWS_NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {shown}{more}"
