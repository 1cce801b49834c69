"""The numbers of a printed table: a file as printed, series down and places across or the other way round, to one row
per cell.

The head of the first column says what runs down, `series` or `at`, as declared. A last column `last_digit` (where
series run down) says what a number is rounded to, where its digits do not tell: 900 rounded to hundreds, 2.68 million
in thousands.
"""

from collections.abc import Collection, Sequence
from math import isfinite

import pandas as pd

from innosurvey.errors import DataError, bullets, did_you_mean
from innosurvey.reference.spec import EXACT, TableSpec

LAST_DIGIT = "last_digit"
COLUMNS = (
    "table", "source", "number", "series", "at", "value", "unit", "decimals", "rounding", "origin", "doubt",
)  # fmt: skip
ORIGINS = {"assumed": "assumed"}
"""Sources whose numbers nobody printed."""


def read_printed(spec: TableSpec, cells: pd.DataFrame, file: str) -> pd.DataFrame:
    """Return a row per printed cell with `COLUMNS`, in the order of the declaration; blank cells have none.

    `cells` is the file as text. `rounding` is half a unit of the last printed digit, nothing for counts. DataError with
    file, row, column, what is wrong and what to do.
    """
    _fail_if_head_is_wrong(spec, cells, file)
    down = spec.down
    across = "at" if down == "series" else "series"
    names = {"series": spec.series, "at": spec.at}
    given = [column for column in cells.columns[1:] if column != LAST_DIGIT]
    _fail_if_names_differ(given, names[across], f"{file} row 1", "column")
    _fail_if_names_differ(list(cells[down]), names[down], f"{file} column {down}", "row")
    rows = [
        _row_of(spec, {down: str(row[down]), across: str(column)}, str(row[column]), str(row.get(LAST_DIGIT, "")), at)
        for number, row in enumerate(cells.to_dict("records"), start=2)
        for column in given
        for at in [f"{file} row {number}, column {column}"]
        if str(row[column]).strip()
    ]
    if not rows:
        raise DataError(f"{file}: every cell is blank.\nPut the printed numbers in, or take the table out.")
    order = {part: {name: place for place, name in enumerate(names[part])} for part in names}
    rows.sort(key=lambda row: (order["series"][str(row["series"])], order["at"][str(row["at"])]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row_of(spec: TableSpec, place: dict[str, str], text: str, last_digit: str, where: str) -> dict[str, object]:
    unit = spec.unit_of(place["series"], place["at"])
    decimals = len(text.strip().partition(".")[2])
    step = _number(last_digit, where.rpartition(",")[0] + f", column {LAST_DIGIT}") if last_digit.strip() else None
    return {
        "table": spec.id,
        "source": spec.source,
        "number": spec.number,
        **place,
        "value": _number(text, where),
        "unit": unit,
        "decimals": decimals,
        "rounding": step / 2 if step is not None else 0.0 if unit in EXACT else 0.5 * 10.0**-decimals,
        "origin": ORIGINS.get(spec.source, "printed"),
        "doubt": "",
    }


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or "_" in text or value < 0:
        raise DataError(
            f"{where}: {text!r} is not a number from 0 on.\n"
            "Write digits with a decimal point and no thousands signs; leave a cell blank in which nothing is printed."
        )
    return value


def _fail_if_head_is_wrong(spec: TableSpec, cells: pd.DataFrame, file: str) -> None:
    first = str(cells.columns[0])
    if first != spec.down:
        raise DataError(
            f"{file} row 1: the first column is {first!r}, not {spec.down!r}.\n"
            f"The table's rows are its `{spec.down}`: call the first column so, or say `down: at` or `down: series` in "
            "tables.yaml."
        )
    if not isinstance(cells.index, pd.RangeIndex):  # pandas takes a cell too many for the name of its row
        raise DataError(
            f"{file} row 2: there are more cells than columns.\n"
            "Write numbers with a decimal point and no thousands signs, one between two commas."
        )
    if cells.empty:
        raise DataError(f"{file}: there is no row below the head.\nFetch the table again from its source.")


def _fail_if_names_differ(given: Sequence[str], declared: Collection[str], where: str, kind: str) -> None:
    """Raise for rows or columns that are not declared, stand twice or are absent, all at once."""
    unknown = [name for name in dict.fromkeys(given) if name not in declared]
    absent = [name for name in declared if name not in given]
    twice = [name for name in dict.fromkeys(given) if given.count(name) > 1]
    found = [f"the {kind} {name!r} is not declared.{did_you_mean(name, absent or declared)}" for name in unknown]
    found += [f"the {kind} {name!r} stands {given.count(name)} times" for name in twice]
    found += [f"the {kind} {name!r} is absent" for name in absent]
    if found:
        raise DataError(
            f"{where}:\n{bullets(found)}\n"
            f"The file has the names that tables.yaml declares, each once: correct the {kind}s, or the declaration."
        )
