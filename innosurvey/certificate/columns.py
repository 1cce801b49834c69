"""Raw cells as columns: numbers where every cell is one, else text or the levels of a category, and keys as text."""

import re
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from innosurvey.certificate.data import DataSpec
from innosurvey.errors import DataError, bullets, did_you_mean

STATA_MISSING = frozenset("abcdefghijklmnopqrstuvwxyz")
"""Stata's further kinds of missing, `.a` to `.z`, as its reader gives them."""


TRUTHS = {"TRUE": "1", "FALSE": "0", "True": "1", "False": "0"}
"""How programs write truth values as text."""
_DECIMAL_COMMA = re.compile(r"-?\d*,\d+|-?\d+")


def as_number_or_text(cells: pd.Series, spec: DataSpec) -> pd.Series:
    """Return numbers (whole ones as Int64) where every cell that is not missing is one, truth values as 0 and 1; else
    text.
    """
    missing = spec.missing
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells
    if pd.api.types.is_bool_dtype(cells):
        return cells.astype("Int64")
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells
    if pd.api.types.is_numeric_dtype(cells):
        numbers = cells.mask(cells.map(code_of).isin(set(missing))) if _has_codes(missing) else cells
        return _whole_if_all_are(numbers.astype("float64"))
    texts = cells_as_text(cells, missing)
    numbers = pd.to_numeric(_in_english(texts, spec), errors="coerce")
    if (numbers.notna() == texts.notna()).all():
        return _whole_if_all_are(numbers.astype("float64"))
    return texts.astype("str")


def _in_english(texts: pd.Series, spec: DataSpec) -> pd.Series:
    """Return numbers as text with a decimal point and no thousands signs; truth values as 0 and 1."""
    if texts.dropna().isin(list(TRUTHS)).all():
        return texts.map(TRUTHS)
    if thousands := spec.reading.get("thousands"):
        texts = texts.str.replace(str(thousands), "", regex=False)
    decimal = str(spec.reading.get("decimal", "."))
    return texts if decimal == "." else texts.str.replace(decimal, ".", regex=False)


def has_decimal_commas(column: pd.Series) -> bool:
    """Tell whether a column of text holds numbers with a comma for a point."""
    if not pd.api.types.is_string_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
        return False
    texts = column.dropna()
    return bool(len(texts)) and all(_DECIMAL_COMMA.fullmatch(str(text)) for text in texts)


def as_category(cells: pd.Series, levels: Mapping[str, str], spec: DataSpec, where: str) -> pd.Series:
    """Return the cells as a category: by code → level in their order, or all values there are, sorted.

    Raises DataError for codes without a level, with how many cells have them.
    """
    if not levels:
        column = as_number_or_text(cells, spec)
        if isinstance(column.dtype, pd.CategoricalDtype):
            return column
        found = sorted(column.dropna().unique())
        return column.astype(pd.CategoricalDtype(found)).cat.rename_categories([code_of(value) for value in found])
    codes = cells_as_text(cells, spec.missing)
    strange = codes[codes.notna() & ~codes.isin(list(levels))]
    if len(strange):
        counts = strange.value_counts().sort_index(kind="stable")
        lines = [f"{code} ({count} cells).{did_you_mean(str(code), levels)}" for code, count in counts.items()]
        raise DataError(
            f"{where}.levels: codes that have no level:\n{bullets(lines)}\n"
            f"Levels: {', '.join(levels)}. Add them, or name them under `missing:`."
        )
    return codes.map(dict(levels)).astype(pd.CategoricalDtype(list(dict.fromkeys(levels.values()))))


def as_key(column: pd.Series) -> pd.Series:
    """Return a key as text: 1976 for 1976.0."""
    return column.map(code_of).astype("str")


def cells_as_text(cells: pd.Series, missing: Collection[str]) -> pd.Series:
    """Return the cells as stripped text, whole numbers without decimals; missing ones empty."""
    none = set(missing)
    if len(set(cells.map(type))) > 1:  # numbers, and letters among them: Stata's kinds of missing
        none |= STATA_MISSING
    texts = cells.map(code_of, na_action="ignore")
    return texts.mask(texts.isin(none) | cells.isna())


def code_of(value: object) -> str:
    """Return a cell as the code that a configuration writes: `3` for 3.0, text without blanks around it."""
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _has_codes(missing: Collection[str]) -> bool:
    return any(code.lstrip("-").isdigit() for code in missing)


def _whole_if_all_are(numbers: pd.Series) -> pd.Series:
    filled = numbers.dropna()
    if len(filled) and (filled == filled.round()).all() and filled.abs().max() < 2**53:
        return numbers.astype("Int64")
    return numbers
