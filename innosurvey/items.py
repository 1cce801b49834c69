"""What is described: one item is one statistic of one variable (or of two, for a ratio), with a title and a unit.

Items come from the config's `describe:` section, are checked here once, and are shared by the tables that describe
groups and those that compare them. The second half turns an item and a slice into numbers: which rows answered, with
which y (and x). A row without an answer is left out; it is never a zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.kept import checksum
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at, names_at

Statistic = Literal["share", "mean", "total", "ratio", "median", "quantile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeItem:
    """One described quantity. `share`: of firms that say yes, or whose variable is (or includes) `level`; `ratio`: of
    totals; `quantile`: the value that the share `at` of the firms does not exceed. `phrase` is how the report's
    sentences name it; `not_for` lists cohorts whose groups it is not estimated in.
    """

    id: str
    title: Mapping[str, str]
    statistic: Statistic
    unit: str
    variable: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    level: str | None = None
    at: float | None = None
    decimals: int = 1
    theme: str = ""
    phrase: Mapping[str, str] | None = None
    not_for: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        fail_if_not_one_of(self.statistic, get_args(Statistic), f"describe.{self.id}.statistic")
        fail_if_variables_do_not_fit(self)
        fail_if_share_below_does_not_fit(self)
        fail_if_title_is_missing(self)
        if not isinstance(self.decimals, int) or isinstance(self.decimals, bool) or not 0 <= self.decimals <= 6:
            raise StudyError(f"describe.{self.id}: decimals is {self.decimals!r}.\nGive a whole number from 0 to 6.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the variables that a slice must hold for this item."""
        return tuple(name for name in (self.variable, self.numerator, self.denominator) if name is not None)

    @property
    def share_below(self) -> float:
        """Return the share of firms at or below a quantile; a median's is a half."""
        return 0.5 if self.at is None else self.at

    @property
    def scale(self) -> float:
        """Return the factor from the statistic to its unit: shares, and ratios in percent, are per hundred."""
        return 100.0 if self.statistic == "share" or (self.statistic == "ratio" and self.unit == "percent") else 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ItemValues:
    """An item on each row of a slice: y, x (ones but for a ratio), whether it answered; `absent`: variables the survey
    lacks.
    """

    y: np.ndarray
    x: np.ndarray
    reported: np.ndarray
    absent: tuple[str, ...] = ()

    def among(self, members: np.ndarray) -> bytes:
        """Return a checksum of what an estimate among some rows (a mask) takes from here: their values, and who of all
        answered, which says how many waves asked.
        """
        return checksum(self.y[members], self.x[members], self.reported, self.absent)


def parse_items(section: Mapping[str, Mapping[str, object]] | None) -> tuple[DescribeItem, ...]:
    """Return the items of the `describe:` section in its order; a null entry removes one. Raises StudyError."""
    return tuple(_parse_item(str(key), entry) for key, entry in (section or {}).items() if entry is not None)


def item_values(item: DescribeItem, firms: pd.DataFrame) -> ItemValues:
    """Return the item's values on each row (none answered if the survey lacks a variable). Raises StudyError on a wrong
    type.
    """
    absent = tuple(name for name in item.columns if name not in firms)
    if absent:
        nothing = np.full(len(firms), np.nan)
        return ItemValues(y=nothing, x=nothing, reported=np.zeros(len(firms), dtype=bool), absent=absent)
    if item.statistic == "ratio":
        y, x = (_numbers(item, firms[name]) for name in (item.numerator, item.denominator))
    else:
        y = _yes_no(item, firms[item.variable]) if item.statistic == "share" else _numbers(item, firms[item.variable])
        x = np.ones(len(firms))
    return ItemValues(y=y, x=x, reported=~(np.isnan(y) | np.isnan(x)))


def fail_if_variables_do_not_fit(item: DescribeItem) -> None:
    """Raise StudyError unless a ratio has two variables, any other statistic one, and only a share a level."""
    needed = {"numerator", "denominator"} if item.statistic == "ratio" else {"variable"}
    given = {name for name in ("variable", "numerator", "denominator") if getattr(item, name) is not None}
    if given != needed:
        raise StudyError(
            f"describe.{item.id}: a {item.statistic} needs {' and '.join(sorted(needed, reverse=True))}; "
            f"the entry has {' and '.join(sorted(given, reverse=True)) or 'neither'}.\n"
            "Name exactly these variables, or change the statistic."
        )
    if item.level is not None and item.statistic != "share":
        raise StudyError(
            f"describe.{item.id}: level is given, but the statistic is {item.statistic}.\n"
            "Only a share counts the firms of a level: set `statistic: share`, or drop `level`."
        )


def fail_if_share_below_does_not_fit(item: DescribeItem) -> None:
    """Raise StudyError unless a quantile, and nothing else, says `at` which share of the firms."""
    if item.statistic != "quantile":
        if item.at is not None:
            raise StudyError(
                f"describe.{item.id}: at is given, but the statistic is {item.statistic}.\n"
                "Only a quantile lies at a share: set `statistic: quantile`, or drop `at`."
            )
    elif not isinstance(item.at, float) or not 0 < item.at < 1:
        raise StudyError(
            f"describe.{item.id}: a quantile needs `at`, the share of firms at or below it"
            f"{'' if item.at is None else f', not {item.at!r}'}.\nGive a number between 0 and 1, such as `at: 0.25`."
        )


def fail_if_title_is_missing(item: DescribeItem) -> None:
    """Raise StudyError unless the title has an English text, the language that the others fall back on."""
    if not isinstance(item.title, Mapping) or not item.title.get("en"):
        raise StudyError(f"describe.{item.id}: the title has no English text.\nWrite `title: {{en: …, ko: …}}`.")


def _parse_item(key: str, entry: Mapping[str, object]) -> DescribeItem:
    where = f"describe.{key}"
    settings = dict(mapping_at(entry, where))
    fail_if_unknown_keys(settings, [field.name for field in fields(DescribeItem) if field.name != "id"], where)
    if settings.get("statistic") == "share":
        settings.setdefault("unit", "percent")
    fail_if_key_missing(settings, ("title", "statistic", "unit"), where)
    if settings.get("level") is not None:
        settings["level"] = str(settings["level"])
    settings["not_for"] = names_at(where, "not_for", settings.get("not_for") or ())
    return DescribeItem(id=key, **settings)


def _numbers(item: DescribeItem, values: pd.Series) -> np.ndarray:
    """Return a numeric variable as floats, NaN where not reported."""
    if values.isna().all():
        return np.full(len(values), np.nan)
    if is_bool_dtype(values.dtype) or not is_numeric_dtype(values.dtype):
        raise StudyError(
            f"describe.{item.id}: a {item.statistic} needs numbers, but {values.name} is {_kind(values)}.\n"
            f"Use `statistic: share`{'' if is_bool_dtype(values.dtype) else ' with a `level`'}, or another variable."
        )
    return values.to_numpy(dtype=float, na_value=np.nan)


def _yes_no(item: DescribeItem, values: pd.Series) -> np.ndarray:
    """Return 1 where the firm counts, 0 where it doesn't, NaN where it has not reported."""
    if values.isna().all():
        return np.full(len(values), np.nan)
    if item.level is not None:
        return _has_level(item, values)
    numbers = values.to_numpy(dtype=float, na_value=np.nan) if is_numeric_dtype(values.dtype) else None
    if numbers is None or not np.isin(numbers[~np.isnan(numbers)], (0.0, 1.0)).all():
        raise StudyError(
            f"describe.{item.id}: a share needs a yes/no variable, but {values.name} is {_kind(values)}.\n"
            "Add `level: <value>`, or derive a yes/no variable under `derived:`."
        )
    return numbers


def _has_level(item: DescribeItem, values: pd.Series) -> np.ndarray:
    """Return whether the variable is the level (enum, number) or includes it (multi), NaN where not reported."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        fail_if_level_is_unknown(item, str(values.name), [str(level) for level in values.cat.categories])
        chosen = values.astype("str") == item.level
    elif is_numeric_dtype(values.dtype):
        chosen = values.astype("Float64") == _level_as_number(item, str(values.name))
    else:
        chosen = values.astype("str").str.split("|").map(lambda levels: item.level in levels, na_action="ignore")
    result = np.where(values.isna(), np.nan, chosen.fillna(False).astype(bool))
    return result.astype(float)


def fail_if_level_is_unknown(item: DescribeItem, variable: str, levels: list[str]) -> None:
    """Raise StudyError when an enum variable has no such level."""
    if item.level not in levels:
        raise StudyError(
            f"describe.{item.id}: {variable} has no level {item.level!r}.{did_you_mean(str(item.level), levels)}\n"
            f"It has: {', '.join(levels)}."
        )


def _level_as_number(item: DescribeItem, variable: str) -> float:
    try:
        return float(str(item.level))
    except ValueError:
        raise StudyError(
            f"describe.{item.id}: {variable} is a number, and level {item.level!r} is none.\n"
            "Give the number to count, such as `level: 3`."
        ) from None


def _kind(values: pd.Series) -> str:
    if is_bool_dtype(values.dtype):
        return "a yes/no variable"
    if is_numeric_dtype(values.dtype):
        return "a number"
    return "an enum" if isinstance(values.dtype, pd.CategoricalDtype) else "text"
