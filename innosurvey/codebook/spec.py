"""What a codebook says, as frozen specs: how the raw file is read, and where each variable comes from.

`parse.py` reads them from the YAML file; a spec that exists has been checked against the data dictionary.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from innosurvey.dictionary import Dictionary, Variable

Combine = Literal["any", "sum", "mean", "max", "first", "multi"]
Table = Literal["survey", "frame", "register"]
WithoutId = Literal["refuse", "drop"]
DateOrder = Literal["ymd", "dmy", "mdy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSpec:
    """How the raw file is read; what is None is detected."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_rows: tuple[int, ...] | None = None
    footer_rows: int = 0
    sheet: str | int | None = None
    object: str | None = None
    thousands: str = ","
    decimal: str = "."
    dates: DateOrder = "ymd"
    rows_without_id: WithoutId = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSource:
    """Where one variable comes from and what its codes mean.

    `values` and `missing` are keyed by code as text; `blank` is the answer that a blank cell stands for.
    """

    name: str
    declared: Variable
    columns: tuple[str, ...] = ()
    column_levels: tuple[str, ...] = ()
    constant: str | None = None
    combine: Combine | None = None
    values: Mapping[str, Any] | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    blank: Any = None
    factor: float = 1.0
    asked_if: str | None = None
    question: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsOfWave:
    """Which rows of a file with several waves are of one: those with one of `codes` (as text) in `column`."""

    column: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """One raw file's codebook; `rows` where only some of the file's rows are meant."""

    name: str
    title: str
    table: Table
    period: tuple[str, str] | None
    file: FileSpec
    variables: Mapping[str, VariableSource]
    rows: RowsOfWave | None = None

    @property
    def asked_if(self) -> dict[str, str]:
        """The skip rules of the variables that have one."""
        return {name: source.asked_if for name, source in self.variables.items() if source.asked_if is not None}

    @property
    def declared(self) -> Dictionary:
        """The variables as they are declared: by the dictionary, or, of a register, by the codebook itself."""
        return Dictionary(source.declared for source in self.variables.values())

    @property
    def raw_columns(self) -> tuple[str, ...]:
        """All raw columns that are read, each once: in the codebook's order, last the one that tells waves apart."""
        own = [column for source in self.variables.values() for column in source.columns]
        return tuple(dict.fromkeys([*own, *([self.rows.column] if self.rows else [])]))


def code_text(code: Any) -> str:
    """Return a code as the text it is compared by: 1, 1.0, '1' and '1.0' are the same code."""
    if isinstance(code, bool):
        return "true" if code else "false"
    if isinstance(code, float) and code.is_integer():
        return str(int(code))
    text = unicodedata.normalize("NFKC", str(code)).strip()
    return re.sub(r"^([+-]?\d+)\.0+$", r"\1", text)


def name_on_one_line(name: object) -> str:
    """Return a column's name as it is compared: one line, single blanks, letters with their accents in one form."""
    return " ".join(unicodedata.normalize("NFC", str(name)).split())
