"""The cleared estimates of a study as tidy statistics: one row per number or verdict.

A baseline is committed to git, so it goes through the gate that the report goes through (`report.disclosure`): what the
gate hides is listed as withheld, and its value is not stored. Which columns of a table are statistics is said by its
clearance rule; what kind each is, by its type in the contract (`workflow/schemas/tables.yaml`) and by the names that
all tables share (`se`, `p`, `lower` …).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from innosurvey.report.clearances import CLEARANCES, Clearance
from innosurvey.report.disclosure import SUPPRESSED, UNASSIGNED, clear_tables, texts_of
from innosurvey.tables import FLOAT_FORMAT

COLUMNS = ("table", "key", "statistic", "value", "n", "class")
IDENTITY = ["table", "key", "statistic"]
WITHHELD = "withheld"
"""What stands in place of a value that too few firms stand behind."""
BETWEEN = "|"
"""What parts the values of a key."""
VERDICT = "verdict"
COUNT = "count"
INTERVAL = "interval"
P_VALUE = "p_value"
ESTIMATE = "estimate"
NAMED = (
    (re.compile(r"(.*_)?se"), "standard_error"),
    (re.compile(r"(.*_)?(lower|upper)"), INTERVAL),
    (re.compile(r"p(_.*)?"), P_VALUE),
    (re.compile(r"t|statistic|df\d?"), "test"),
    (re.compile(r"gradient_norm|condition_number"), "numerical"),
)
"""Names that all tables share, and the class of statistics that they stand for; any other number is an estimate."""
CLASSES = (ESTIMATE, *(name for _, name in NAMED), COUNT, VERDICT)


def tidy_statistics(tables: Mapping[str, pd.DataFrame], contracts: Mapping[str, Any], minimum_n: int) -> pd.DataFrame:
    """Return all statistics of the tables: `table, key, statistic, value, n, class`, sorted by the first three.

    `value` is text: a number with ten digits, a verdict, or `withheld`; `n` the fewest firms that the row's rule
    counts, NA where it is withheld or no firm of a survey stands behind it. DisclosureError as `clear_tables` has it.
    """
    cleared = clear_tables(tables, minimum_n)
    parts = [
        part
        for name, table in cleared.items()
        for part in _statistics(name, _told(table), contracts[name]["columns"], CLEARANCES[name])
    ]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="Int64" if name == "n" else "str") for name in COLUMNS})
    return pd.concat(parts, ignore_index=True).sort_values(IDENTITY, kind="stable", ignore_index=True)


def class_of(column: str, kind: str) -> str:
    """Return the class of a statistic by its column's name and its type in the contract."""
    if kind in ("text", "truth"):
        return VERDICT
    if kind == "integer":
        return COUNT
    return next((name for pattern, name in NAMED if pattern.fullmatch(column)), ESTIMATE)


def statistics_in(columns: Mapping[str, Mapping[str, Any]], rule: Clearance) -> list[str]:
    """Return which columns of a table are statistics: its rule's numbers, its verdicts, and what is true or false."""
    found = [*rule.numbers, *rule.open_numbers, *rule.verdicts]
    found += [VERDICT] if VERDICT in columns else []
    found += [name for name, entry in columns.items() if entry["type"] == "truth" and name != rule.withheld]
    return [name for name in dict.fromkeys(found) if name in columns and name not in rule.key]


def _told(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the firms in no group, which the report has in no table: with them a small group would
    follow from the whole."""
    return table[table["group"] != UNASSIGNED] if "group" in table else table


def _statistics(
    name: str, table: pd.DataFrame, columns: Mapping[str, Mapping[str, Any]], rule: Clearance
) -> Iterator[pd.DataFrame]:
    """Yield the statistics of each column of one cleared table."""
    small = table[SUPPRESSED].astype(bool)
    key = _joined(table, rule)
    n = _firms_behind(table, rule).mask(small)
    for column in (column for column in statistics_in(columns, rule) if column in table):
        hidden = small & (column not in rule.open_numbers)
        values = _texts(table[column], columns[column]["type"]).mask(hidden, WITHHELD)
        there = values.notna()
        yield pd.DataFrame(
            {
                "table": name,
                "key": key[there],
                "statistic": column,
                "value": values[there].astype("str"),
                "n": n[there],
                "class": class_of(column, columns[column]["type"]),
            }
        )


def _joined(table: pd.DataFrame, rule: Clearance) -> pd.Series:
    """Return each row's key as one text."""
    keys = [texts_of(table[name]) for name in rule.key if name in table]
    return pd.Series([BETWEEN.join(values) for values in zip(*keys, strict=True)], index=table.index, dtype="str")


def _firms_behind(table: pd.DataFrame, rule: Clearance) -> pd.Series:
    """Return the smallest of the counts that a row is cleared by; NA where the rule has none."""
    if not rule.counts:
        return pd.Series(pd.NA, index=table.index, dtype="Int64")
    return table[list(rule.counts)].apply(pd.to_numeric, errors="coerce").min(axis=1).round().astype("Int64")


def _texts(column: pd.Series, kind: str) -> pd.Series:
    """Return values as text, NA where there is none."""
    filled = column.dropna()
    if kind == "truth":
        texts = ["true" if value else "false" for value in filled]
    elif kind == "text":
        texts = [str(value) for value in filled]
    else:
        texts = [FLOAT_FORMAT % (value + 0.0) for value in filled.astype("float64")]
    return pd.Series(texts, index=filled.index, dtype="object").reindex(column.index)
