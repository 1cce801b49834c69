"""Raw cells to typed values, each with a flag that keeps the kinds of missing apart.

A column has few different raw cells, so each different one is understood once (`_understand`) and the answer is spread
over the rows. What can't be understood is collected as a `Problem` that names rows and the *form* of the cell (digits
as 9, letters as A), never its content.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.codebook import FileSpec, VariableSource, code_text
from innosurvey.dictionary import FLAGS, MISSING_KINDS, MULTI_SEPARATOR, Variable

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{2,3})*,\d{3}")
_WHOLE = re.compile(r"([+-]?)0*(\d+)(?:\.0+)?")
_IS_CODE = re.compile(r"[+-]?[0-9]{1,4}|[A-Za-z]{1,2}")
"""What is shown of a cell without meaning: a longer text may be an answer, such as a name."""
BLANK = ("", ".")
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
    """A column's values (object; NA where the flag is a kind of missing), its flags, blank rows and problems."""

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
    values, flags = _combined(parts, source)
    return Typed(
        values=as_declared(values, source.declared),
        flags=pd.Series(pd.Categorical(flags, categories=FLAGS), index=raw.index),
        blank=pd.concat([part.blank for part in parts], axis=1).all(axis=1),
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
    """Return one raw column as values and flags (strings), before several are combined."""
    codes, different = pd.factorize(cells, use_na_sentinel=True)
    texts = [_text(cell) for cell in different]
    blank = _blank_means(source)
    understood = [
        (*blank, "") if text in BLANK else _understand(text, source, spec if isinstance(cell, str) else _AS_STORED)
        for cell, text in zip(different, texts, strict=True)
    ]
    values = np.array([value for value, _, _ in understood] + [blank[0]], dtype=object)[codes]
    flags = np.array([flag for _, flag, _ in understood] + [blank[1]], dtype=object)[codes]
    problems = tuple(
        Problem(column=column, rows=tuple(cells.index[codes == place]), what=what, remedy=_remedy(source))
        for place, (_, _, what) in enumerate(understood)
        if what
    )
    return Typed(
        values=pd.Series(values, index=cells.index, dtype=object),
        flags=pd.Series(flags, index=cells.index, dtype=object),
        blank=pd.Series(np.array([text in BLANK for text in texts] + [True])[codes], index=cells.index),
        problems=problems,
    )


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


def _combined(parts: Sequence[Typed], source: VariableSource) -> tuple[pd.Series, pd.Series]:
    """Return one column of several by the codebook's `combine`; it is missing where all of its parts are."""
    if source.combine is None:
        return parts[0].values, parts[0].flags
    observed = pd.concat([part.flags == "observed" for part in parts], axis=1)
    table = pd.concat([part.values for part in parts], axis=1)
    table.columns = observed.columns = pd.RangeIndex(len(parts))
    some = observed.any(axis=1)
    flags = parts[0].flags.where(~some, "observed")
    return _COMBINERS[source.combine](table, source).where(some, None), flags


def _any(table: pd.DataFrame, source: VariableSource) -> pd.Series:
    return table.eq(True).any(axis=1).astype(object)


def _multi(table: pd.DataFrame, source: VariableSource) -> pd.Series:
    """Join the levels whose column is true, in the dictionary's order; where all are false, `none` if it is a level."""
    empty = "none" if "none" in source.declared.levels else ""
    order = sorted(
        range(len(source.column_levels)), key=lambda place: source.declared.levels.index(source.column_levels[place])
    )
    chosen = table.eq(True).to_numpy()
    joined = [
        MULTI_SEPARATOR.join(source.column_levels[place] for place in order if row[place]) or empty for row in chosen
    ]
    return pd.Series(joined, index=table.index, dtype=object)


def _numeric(name: str) -> Any:
    return lambda table, source: getattr(table.astype("float64"), name)(axis=1).astype(object)


_COMBINERS: dict[str, Any] = {
    "any": _any, "multi": _multi, "sum": _numeric("sum"), "mean": _numeric("mean"), "max": _numeric("max"),
    "first": lambda table, source: table.bfill(axis=1)[0],
}  # fmt: skip
