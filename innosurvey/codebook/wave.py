"""What a wave says beside its codebook: waves in one file share it, and are told apart by a column's codes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from innosurvey.codebook.heading import as_period
from innosurvey.codebook.spec import Codebook, RowsOfWave, code_text, name_on_one_line


def of_wave(book: Codebook, rows: Mapping[str, Any] | None, period: Sequence[Any] | None) -> Codebook:
    """Return the codebook with the wave's rows and period; a StudyError for days that are none."""
    if rows is not None:
        codes = rows["is"] if isinstance(rows["is"], list) else [rows["is"]]
        chosen = RowsOfWave(column=name_on_one_line(rows["column"]), codes=frozenset(map(code_text, codes)))
        book = replace(book, rows=chosen)
    return book if period is None else replace(book, period=as_period(period, f"{book.name}, the wave's period"))
