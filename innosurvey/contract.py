"""Microdata held against the dictionary: does every column keep what its variable declares?

Type, levels, range, and that a value stands exactly where its flag says so. Column by column and without a look at
single cells: a breach names the column and how many cells, never which firm's.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from innosurvey.dictionary import FLAGS, MULTI_SEPARATOR, Dictionary, Variable

WITH_VALUE = ("observed", "corrected", "imputed")
"""Flags of cells that hold a value."""
ROUNDING = 1e-9
"""What a bound may be passed by, as a part of it: the last bits of a sum."""
_IS_TYPE: Mapping[str, Callable[[pd.Series], bool]] = {
    "bool": pd.api.types.is_bool_dtype,
    "int": pd.api.types.is_integer_dtype,
    "float": pd.api.types.is_float_dtype,
    "enum": lambda column: isinstance(column.dtype, pd.CategoricalDtype),
    "multi": pd.api.types.is_string_dtype,
    "string": pd.api.types.is_string_dtype,
    "date": pd.api.types.is_datetime64_any_dtype,
}
_NUMBERS = ("int", "float")


def breaches(firms: pd.DataFrame, dictionary: Dictionary, *, bounded: bool) -> list[str]:
    """Return what the columns that the dictionary declares do against it; `bounded`: ranges hold, too.

    Before the firms are edited, an answer may lie outside its range; its type and levels are right from the start.
    """
    found: list[str] = []
    for name, variable in dictionary.items():
        if name not in firms.columns:
            continue
        column = firms[name]
        if not _IS_TYPE[variable.type](column):
            found.append(f"{name}: {column.dtype} where the dictionary has {variable.type}")
            continue
        found += _level_breaches(column, variable)
        if bounded and variable.type in _NUMBERS:
            found += _range_breaches(column, variable)
        if f"{name}_flag" in firms.columns:
            found += _flag_breaches(column, firms[f"{name}_flag"])
    return found


def _level_breaches(column: pd.Series, variable: Variable) -> list[str]:
    if variable.type == "enum":
        if tuple(column.cat.categories) != variable.levels:
            return [f"{column.name}: its levels are not {', '.join(variable.levels)}, in this order"]
        return []
    if variable.type != "multi":
        return []
    codes, answers = pd.factorize(column)
    levels = set(variable.levels)
    strange = [place for place, answer in enumerate(answers) if not _is_of(str(answer), levels)]
    cells = int(pd.Series(codes).isin(strange).sum()) if strange else 0
    return [f"{column.name}: {cells} cells hold none of {', '.join(variable.levels)}"] if cells else []


def _is_of(answer: str, levels: set[str]) -> bool:
    return answer == "" or levels.issuperset(answer.split(MULTI_SEPARATOR))


def _range_breaches(column: pd.Series, variable: Variable) -> list[str]:
    """Return the breaches of the range; the column is counted only where its least or greatest value is outside."""
    found: list[str] = []
    if not column.notna().any():
        return found
    low, high = variable.minimum, variable.maximum
    if low is not None and column.min() < (least := low - ROUNDING * max(abs(low), 1.0)):
        found.append(f"{column.name}: {int((column < least).sum())} cells below {low:g}")
    if high is not None and column.max() > (most := high + ROUNDING * max(abs(high), 1.0)):
        found.append(f"{column.name}: {int((column > most).sum())} cells above {high:g}")
    return found


def _flag_breaches(column: pd.Series, flags: pd.Series) -> list[str]:
    if not isinstance(flags.dtype, pd.CategoricalDtype) or not set(flags.cat.categories) <= set(FLAGS):
        return [f"{flags.name}: no column of flags"]
    with_value = [place for place, flag in enumerate(flags.cat.categories) if flag in WITH_VALUE]
    said = flags.cat.codes.isin(with_value).to_numpy()
    wrong = int((column.notna().to_numpy() != said).sum())
    unflagged = int(flags.isna().sum())
    found = [f"{column.name}: {wrong} cells have a value against their flag, or none against it"] if wrong else []
    return found + ([f"{flags.name}: {unflagged} empty cells"] if unflagged else [])
