"""What a codebook says above its variables: the period that the answers are about, and how the raw file is read."""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from innosurvey.codebook.spec import DateOrder, FileSpec, WithoutId
from innosurvey.errors import StudyError
from innosurvey.specs import fail_if_not_one_of, fail_if_unknown_keys, mapping_at
from innosurvey.yamlfile import YamlFile

FORMATS = ("csv", "excel", "spss", "stata", "rda")
_FILE_KEYS = (
    "format", "encoding", "delimiter", "header_rows", "footer_rows", "sheet", "object", "thousands", "decimal", "dates",
    "rows_without_id",
)  # fmt: skip


def period_of(file: YamlFile) -> tuple[str, str] | None:
    """Return the first and last day of the answers' reference period; StudyError when they are no such days."""
    period = file.data.get("period")
    return None if period is None else as_period(period, f"{file.where('period')}, period")


def as_period(period: Any, where: str) -> tuple[str, str]:
    """Return the first and last day of a period as written down; StudyError when they are no such days."""
    try:
        first, last = (date.fromisoformat(str(day)) for day in period)
    except (TypeError, ValueError):
        raise StudyError(f"{where}: it is a pair of days, such as [2015-01-01, 2017-12-31].") from None
    if last < first:
        raise StudyError(f"{where}: it ends on {last}, before it begins on {first}.\nCorrect the days.")
    return first.isoformat(), last.isoformat()


def file_spec_of(file: YamlFile) -> FileSpec:
    """Return how the raw file is read; StudyError for an entry of `file:` that could not work."""
    where = f"{file.where('file')}, file"
    entry = dict(mapping_at(file.data.get("file"), where))
    fail_if_unknown_keys(entry, _FILE_KEYS, file.where("file"))
    for key, allowed in (("format", FORMATS), ("rows_without_id", get_args(WithoutId)), ("dates", get_args(DateOrder))):
        if key in entry:
            fail_if_not_one_of(entry[key], allowed, f"{file.where('file', key)}, {key}")
    if "header_rows" in entry:
        rows = entry["header_rows"] if isinstance(entry["header_rows"], list) else [entry["header_rows"]]
        if not rows or not all(type(row) is int and row > 0 for row in rows):
            raise StudyError(f"{where}: `header_rows` are row numbers from 1, such as 4 or [4, 5].")
        entry["header_rows"] = tuple(rows)
    if type(entry.get("footer_rows", 0)) is not int or entry.get("footer_rows", 0) < 0:
        raise StudyError(f"{where}: `footer_rows` is how many rows of notes stand below the table, such as 2.")
    _fail_if_wrong_type(entry, where)
    entry.setdefault("thousands", "." if entry.get("decimal") == "," else ",")
    if entry["thousands"] == entry.get("decimal", "."):
        raise StudyError(f"{where}: `thousands` and `decimal` are the same character.\nOne number could mean two.")
    return FileSpec(**entry)


def _fail_if_wrong_type(entry: Mapping[str, Any], where: str) -> None:
    for key in ("decimal", "thousands", "delimiter"):
        shortest = 0 if key == "thousands" else 1
        if key in entry and (not isinstance(entry[key], str) or not shortest <= len(entry[key]) <= 1):
            raise StudyError(f"{where}: `{key}` is one character in quotes.")
    for key in ("encoding", "object", "sheet"):
        if key in entry and type(entry[key]) is not str and not (key == "sheet" and type(entry[key]) is int):
            raise StudyError(f"{where}: `{key}: {entry[key]}` is no name.\nWrite it in quotes, such as 'cp1252'.")
