"""Plain numbers, read a whole column at a time.

Columns of amounts have as many different cells as firms. Those that are nothing but digits (with a minus, with commas
between thousands, with a decimal point) need no thought; what is left is for `cells` to understand one by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from innosurvey.codebook import FileSpec, VariableSource

LARGEST = 1e15
"""Up to here a whole number is exact as a float."""
FEW = 50
"""So few different cells are not worth the way."""


def plain_numbers(different: Any, source: VariableSource, spec: FileSpec) -> tuple[np.ndarray, np.ndarray | None]:
    """Return which of the different cells are plain numbers, and these in the variable's unit (NaN elsewhere, and one
    place more for a cell without text). No numbers (None) where the variable has codes or is no number.
    """
    none = np.zeros(len(different), dtype=bool)
    if source.values is not None or source.declared.type not in ("int", "float") or len(different) < FEW:
        return none, None
    kind = pd.api.types.infer_dtype(different)
    if kind == "string":
        numbers = _of_texts(different, spec)
    elif kind in ("integer", "floating"):
        numbers = np.asarray(different, dtype="float64")
        # A fraction is cut to the digits that were meant, one by one; a zero has no sign.
        numbers = np.where(numbers == np.trunc(numbers), numbers + 0.0, np.nan)
    else:
        return none, None
    codes = [number for number in map(_as_number, source.missing) if number is not None]
    plain = np.isfinite(numbers) & (np.abs(numbers) < LARGEST) & ~np.isin(numbers, codes)
    if source.declared.type == "int" and source.factor == 1.0:
        plain &= numbers == np.trunc(numbers)
    return plain, np.append(np.where(plain, numbers * source.factor, np.nan), np.nan)


def _of_texts(different: Any, spec: FileSpec) -> np.ndarray:
    """Return the texts as numbers, NaN for all that is not plain."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(different, type=pa.string(), from_pandas=True)
    point = spec.decimal == "."
    plain = pc.match_substring_regex(texts, r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$" if point else r"^-?[0-9]{1,15}$")
    if point and spec.thousands == ",":
        grouped = pc.match_substring_regex(texts, r"^-?[0-9]{1,3}(,[0-9]{3}){1,4}$")
        texts = pc.if_else(grouped, pc.replace_substring(texts, ",", ""), texts)
        plain = pc.or_(plain, grouped)
    numbers = pc.cast(pc.if_else(plain, texts, pa.scalar(None, pa.string())), pa.float64())
    return numbers.to_numpy(zero_copy_only=False)


def _as_number(code: str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None
