"""Raw cells to typed values, each with a flag that keeps the kinds of missing apart.

A column has few different raw cells, so each different one is understood once (`_understand`) and the answer is spread
over the rows. What can't be understood is collected as a `Problem` that names rows and the *form* of the cell (digits
as 9, letters as A), never its content.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import and_
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.codebook import FileSpec, VariableSource, code_text
from innosurvey.dictionary import FLAGS, MISSING_KINDS, Variable
from innosurvey.ingest.combine import combined
from innosurvey.ingest.numbers import plain_numbers

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{2,3})*,\d{3}")
_WHOLE = re.compile(r"([+-]?)0*(\d+)(?:\.0+)?")
_IS_CODE = re.compile(r"[+-]?[0-9]{1,4}|[A-Za-z]{1,2}")
"""What is shown of a cell without meaning: a longer text may be an answer, such as a name."""
BLANK = ("", ".")
FLAG_TYPE = pd.CategoricalDtype(list(FLAGS))
_FLAG_PLACES = {flag: place for place, flag in enumerate(FLAGS)}
_MIDNIGHT = r"(?:[ T]00:00(?::00)?)?"
_DATES = {
    "ymd": re.compile(r"(?P<y>\d{4})[-./년 ]{0,2}(?P<m>\d{1,2})[-./월 ]{0,2}(?P<d>\d{1,2})일?" + _MIDNIGHT),
    "dmy": re.compile(r"(?P<d>\d{1,2})[-./ ]{1,2}(?P<m>\d{1,2})[-./ ]{1,2}(?P<y>\d{4})" + _MIDNIGHT),
    "mdy": re.compile(r"(?P<m>\d{1,2})[-./ ]{1,2}(?P<d>\d{1,2})[-./ ]{1,2}(?P<y>\d{4})" + _MIDNIGHT),
}
_AS_STORED = FileSpec(decimal=".", thousands="")
"""How numbers that a file holds as numbers, not as text, are written here."""
_SEPARATORS = "set `decimal:` and `thousands:`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Cells that the codebook gives no meaning to: where, how many, and what to do."""

    column: str
    rows: tuple[int, ...]
    what: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A column's values (NA where the flag is a kind of missing), its flags, blank rows and problems."""

    values: pd.Series
    flags: pd.Series
    blank: pd.Series
    problems: tuple[Problem, ...]


def typed(raw: pd.DataFrame, source: VariableSource, spec: FileSpec) -> Typed:
    """Return one canonical variable of the raw frame, in its declared type."""
    if source.constant is not None:
        constant = pd.Series(source.constant, index=raw.index, dtype=object)
        parts = [_column(constant, source, _AS_STORED, source.name)]
    else:
        parts = [_column(raw[column], source, spec, column) for column in source.columns]
    values, flags = combined([part.values for part in parts], [part.flags for part in parts], source)
    return Typed(
        values=as_declared(values, source.declared),
        flags=flags,
        blank=reduce(and_, (part.blank for part in parts)),
        problems=tuple(problem for part in parts for problem in part.problems),
    )


def as_declared(values: pd.Series, declared: Variable) -> pd.Series:
    """Return the values in the type of the microdata tables (docs/architecture.md, section 3)."""
    if declared.type == "bool":
        return values.astype("boolean")
    if declared.type == "int":
        return values.astype("Float64").round().astype("Int64")
    if declared.type == "float":
        return values.astype("float64")
    if declared.type == "enum":
        return pd.Series(pd.Categorical(values, categories=declared.levels), index=values.index)
    if declared.type == "date":
        return pd.to_datetime(values).astype("datetime64[s]")
    return values.astype("str")


def form_of(text: str) -> str:
    """Return the form of a cell without its content: `12-345` is `99-999`, `삼백` is `AA`."""
    return "".join("9" if sign.isnumeric() else "A" if sign.isalnum() else sign for sign in text[:12]) + (
        "…" if len(text) > 12 else ""
    )


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return unicodedata.normalize("NFKC", cell).strip()
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float | np.floating):
        return code_text(float(f"{cell:.15g}"))
    return code_text(cell.item() if hasattr(cell, "item") else cell)


def _column(cells: pd.Series, source: VariableSource, spec: FileSpec, column: str) -> Typed:
    """Return one raw column as values and flags, before several are combined.

    Each different cell is understood once; the last of them, at place -1, stands for the cells without any text.
    """
    codes, different = _different(cells)
    values, flags, blank, wrong = _understood(different, source, spec)
    problems = tuple(
        Problem(column=column, rows=tuple(cells.index[codes == place]), what=what, remedy=_remedy(source))
        for place, what in wrong.items()
    )
    kinds = pd.Categorical.from_codes(flags[codes], dtype=FLAG_TYPE)
    return Typed(
        values=pd.Series(_in_kind(values, source).take(codes), index=cells.index),
        flags=pd.Series(kinds, index=cells.index),
        blank=pd.Series(blank[codes], index=cells.index),
        problems=problems,
    )


def _different(cells: pd.Series) -> tuple[np.ndarray, Any]:
    """Return each cell's place among the different ones, -1 for none, and these in the order of their appearance."""
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return pd.factorize(cells, use_na_sentinel=True)
    codes, places = pd.factorize(cells.cat.codes.to_numpy())
    return codes, cells.cat.categories.take(places)


def _understood(
    different: Any, source: VariableSource, spec: FileSpec
) -> tuple[Any, np.ndarray, np.ndarray, dict[int, str]]:
    """Return values, places of the flags, whether blank, and what is wrong (by place), of the different cells and of
    a cell without text.
    """
    count = len(different)
    plain, numbers = plain_numbers(different, source, spec)
    flags = np.full(count + 1, FLAGS.index("observed"), dtype="int8")
    blank = np.zeros(count + 1, dtype=bool)
    others: dict[int, Any] = {}
    wrong: dict[int, str] = {}
    means = _blank_means(source)
    unread = np.flatnonzero(~plain)
    for place, cell in zip([*unread.tolist(), count], [*different.take(unread), ""], strict=True):
        text = _text(cell)
        blank[place] = text in BLANK
        as_written = spec if isinstance(cell, str) else _AS_STORED
        value, flag, what = (*means, "") if blank[place] else _understand(text, source, as_written)
        others[place], flags[place] = value, _FLAG_PLACES[flag]
        if what:
            wrong[place] = what
    return _together(numbers, others), flags, blank, wrong


def _together(numbers: np.ndarray | None, others: dict[int, Any]) -> Any:
    """Return the values by place: a list, or an array where numbers were read at once."""
    if numbers is None:
        return list(others.values())
    for place, value in others.items():
        numbers[place] = np.nan if value is None else value
    return numbers


def _in_kind(values: Any, source: VariableSource) -> Any:
    """Return the different values in the type in which they are combined: numbers as floats, yes or no as booleans."""
    if source.combine in ("any", "multi"):
        return pd.Series(values, dtype=object).astype("boolean").array
    if source.declared.type in ("int", "float"):
        return np.array(
            [np.nan if value is None else value for value in values] if isinstance(values, list) else values,
            dtype="float64",
        )
    return as_declared(pd.Series(values, dtype=object), source.declared).array


def _blank_means(source: VariableSource) -> tuple[Any, str]:
    """Return value and flag of a blank cell: the codebook's `blank:` answer, else a kind of missing."""
    if source.blank is not None:
        return (source.blank * source.factor if isinstance(source.blank, float) else source.blank), "observed"
    meaning = (source.values or {}).get("")
    return None, meaning if isinstance(meaning, str) and meaning in MISSING_KINDS else source.missing.get("", "missing")


def _understand(text: str, source: VariableSource, spec: FileSpec) -> tuple[Any, str, str]:
    """Return value, flag and, when the cell has no meaning, what is wrong with it."""
    code = _code_among(source.missing, text, source, spec)
    if code is not None:
        return None, source.missing[code], ""
    if source.values is not None:
        return _meaning(text, source, spec)
    if source.declared.type in ("int", "float"):
        return _number(text, source, spec)
    if source.declared.type == "date":
        return _date(text, spec)
    return text, "observed", ""


def _code_among(codes: Mapping[str, Any], text: str, source: VariableSource, spec: FileSpec) -> str | None:
    """Return the code that a cell is: `1.0` and `01` are the code 1, a Stata file's `a` is `.a`; texts are exact."""
    if text in codes:
        return text
    if source.values is None and source.declared.type not in ("int", "float", "date"):
        return None
    whole = _WHOLE.fullmatch(_plain(text, spec) or "")
    plain = f"{whole[1].strip('+') if whole[2] != '0' else ''}{whole[2]}" if whole else f".{text}"
    return plain if plain in codes else None


def _meaning(text: str, source: VariableSource, spec: FileSpec) -> tuple[Any, str, str]:
    values = source.values or {}
    code = _code_among(values, text, source, spec)
    if code is None:
        known = ", ".join(code for code in values if code)
        shown = text if _IS_CODE.fullmatch(text) else f"of the form {form_of(text)}"
        return None, "missing", f"the code {shown} has no meaning in the codebook, which knows {known}"
    meaning = values[code]
    if isinstance(meaning, str) and meaning in MISSING_KINDS:
        return None, meaning, ""
    return meaning * source.factor if isinstance(meaning, float) else meaning, "observed", ""


def _plain(text: str, spec: FileSpec) -> str | None:
    """Return a number with a decimal point and no separators; None where separators don't part it into thousands.

    `1,5` is no number of a file whose comma parts thousands: read as 15 it would be wrong in silence.
    """
    whole, mark, fraction = text.replace("−", "-").partition(spec.decimal)
    for separator in {spec.thousands, " ", "'", "’"} - {spec.decimal, ""}:
        if separator in whole.strip():
            if not _GROUPED.fullmatch(re.sub(r"^([+-]) ", r"\1", whole.strip()).replace(separator, ",")):
                return None
            whole = whole.replace(separator, "")
    return f"{whole.strip()}{'.' if mark else ''}{fraction.strip()}"


def _number(text: str, source: VariableSource, spec: FileSpec) -> tuple[Any, str, str]:
    plain = _plain(text, spec)
    if plain is None or not _NUMBER.fullmatch(plain):
        return None, "missing", f"text of the form {form_of(text)} where a number is expected"
    number = float(plain) * source.factor
    if source.declared.type == "int" and source.factor == 1.0 and not number.is_integer():
        return None, "missing", f"a number of the form {form_of(text)} where a whole number is expected"
    return number, "observed", ""


def _date(text: str, spec: FileSpec) -> tuple[Any, str, str]:
    found = _DATES["ymd"].fullmatch(text) or _DATES[spec.dates].fullmatch(text)
    if not found:
        return None, "missing", f"text of the form {form_of(text)} where a date is expected"
    try:
        return datetime(int(found["y"]), int(found["m"]), int(found["d"])), "observed", ""
    except ValueError:
        return None, "missing", f"a date of the form {form_of(text)} that no calendar has"


def _remedy(source: VariableSource) -> str:
    if source.values is not None:
        return f"add the code to `values:` or `missing:` of {source.name} ({source.where}), or correct the file"
    how = {"date": "set `dates: dmy` or `mdy`", "float": _SEPARATORS, "int": _SEPARATORS}.get(source.declared.type)
    as_file = f", or {how} under `file:`" if how else ""
    return f"correct the cells, or declare their text under `missing:` of {source.name} ({source.where}){as_file}"
