"""Canonical values back to raw cells: the codebook read from right to left.

The codebook is the one place where codes have meaning, for the pipeline as for the generator. A column's value map,
unit and missing codes are turned round; several columns are filled so that the codebook's `combine` gives the value
again.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.codebook import Codebook, VariableSource
from innosurvey.synthetic.nonresponse import ANSWERED

FIRST_PART = 0.6
"""What the first of two summed columns takes of the amount."""


def encode(values: pd.DataFrame, codebook: Codebook, kinds: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the raw columns that the codebook names, in its order, as objects: numbers, texts, or None for a blank
    cell.
    """
    raw: dict[str, list[Any]] = {}
    for name, source in codebook.variables.items():
        if source.constant is not None:
            continue
        cells = values[name].tolist()
        kind = kinds[name].tolist() if kinds is not None else [ANSWERED] * len(cells)
        raw |= _columns(source, cells, kind)
    return pd.DataFrame(raw, index=values.index, dtype=object)


def code(text: str) -> int | str:
    """Return a code as a whole number where it is one."""
    return int(text) if text.lstrip("-").isdigit() else text


def codes_of(source: VariableSource) -> dict[Any, int | str]:
    """Return meaning → code; of several codes with one meaning, the first."""
    turned: dict[Any, int | str] = {}
    for text, meaning in (source.values or {}).items():
        turned.setdefault(meaning, code(text))
    return turned


def missing_codes(source: VariableSource) -> dict[str, int | str]:
    """Return kind of missing → code, the variable's own before the file's; what has no code of its own is blank."""
    return {kind: code(text) for text, kind in source.missing.items() if text != ""}


def _columns(source: VariableSource, cells: list[Any], kinds: list[str]) -> dict[str, list[Any]]:
    gaps = missing_codes(source)

    def filled(answer: Callable[[Any, int], Any]) -> list[Any]:
        return [
            answer(cell, place) if kind == ANSWERED and not _absent(cell) else gaps.get(kind)
            for place, (cell, kind) in enumerate(zip(cells, kinds, strict=True))
        ]

    answer = _answer(source)
    parts = _PARTS[source.combine](source, answer) if source.combine else {source.columns[0]: _whole(answer)}
    return {column: filled(part) for column, part in parts.items()}


def _absent(cell: Any) -> bool:
    return cell is None or cell is pd.NaT or (isinstance(cell, float) and np.isnan(cell))


def _answer(source: VariableSource) -> Callable[[Any], Any]:
    """Return the function from one canonical value to its raw cell."""
    if source.values is not None:
        turned = codes_of(source)
        return lambda cell: turned[cell.item() if hasattr(cell, "item") else cell]
    if source.declared.type in ("int", "float"):
        return lambda cell: _number(float(cell) / source.factor)
    return lambda cell: cell


def _number(value: float) -> int | float:
    rounded = round(value, 3)
    return int(rounded) if rounded.is_integer() else rounded


Part = Callable[[Any, int], Any]
"""A raw cell from the canonical value and the row (0, 1, …)."""


def _whole(answer: Callable[[Any], Any]) -> Part:
    return lambda cell, place: answer(cell)


def _multi(source: VariableSource, answer: Callable[[Any], Any]) -> Mapping[str, Part]:
    """One yes/no column per level."""

    def names(level: str) -> Part:
        return lambda cell, place: answer(level in cell.split("|"))

    return {column: names(level) for column, level in zip(source.columns, source.column_levels, strict=True)}


def _sum(source: VariableSource, answer: Callable[[Any], Any]) -> Mapping[str, Part]:
    """Two columns that add up: the larger part first."""
    first, second = source.columns

    def larger(cell: Any) -> float:
        return float(np.ceil(float(cell) * FIRST_PART))

    return {
        first: lambda cell, place: answer(min(larger(cell), float(cell))),
        second: lambda cell, place: answer(max(float(cell) - larger(cell), 0.0)),
    }


def _any(source: VariableSource, answer: Callable[[Any], Any]) -> Mapping[str, Part]:
    """Two yes/no columns, one of them yes at least where the answer is yes: both, the first, or the second, in
    turn.
    """
    first, second = source.columns
    return {
        first: lambda cell, place: answer(bool(cell) and place % 3 != 2),
        second: lambda cell, place: answer(bool(cell) and place % 3 != 1),
    }


_PARTS: dict[str, Callable[[VariableSource, Callable[[Any], Any]], Mapping[str, Part]]] = {
    "multi": _multi,
    "sum": _sum,
    "any": _any,
}
