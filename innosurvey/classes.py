"""Classes of firms within a wave: the industry and size groups in which answers are compared or borrowed.

Screening and imputation work before the waves are pooled, but the classes that they want (`industry_group`,
`size_class`) are derived variables. `columns_of` gives the variables that a wave has or that `derived:` can make of
them, and computes no others; `classes_of` crosses them into one class per firm; `fall_back` moves firms of small
classes to coarser ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innosurvey import derive
from innosurvey.errors import StudyError, did_you_mean

if TYPE_CHECKING:
    from innosurvey.derive import DerivedSpec
    from innosurvey.dictionary import Variable

NONE = -1
"""The code of a firm that belongs to no class, since it lacks an answer."""
CROSSED = " × "


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """One class per firm: `codes` (int64, in the firms' order, -1 for none) count into `levels`, the classes' names."""

    codes: np.ndarray
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rungs:
    """Each firm's class after falling back: `codes` (int64, -1 for none) tell classes apart; `rung` (int64, 0 for the
    finest, -1 for none) says how far the firm fell.
    """

    codes: np.ndarray
    rung: np.ndarray


def columns_of(
    firms: pd.DataFrame,
    names: Collection[str],
    derived: Mapping[str, DerivedSpec],
    dictionary: Mapping[str, Variable],
    codelists: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return the named variables on the firms' index, own or derived; those that the wave lacks the parts for are left
    out.

    `derived` comes from `derive.parse_derived`. StudyError, with the near name, for a name that nothing declares.
    """
    for name in names:
        if not any(name in place for place in (dictionary, derived, firms.columns)):
            known = {*dictionary, *derived, *map(str, firms.columns)}
            raise StudyError(
                f"there is no variable {name}.{did_you_mean(name, known)}\nCorrect the name, or declare it."
            )
    wanted = derive.parts_of(names, derived)
    specs = {name: spec for name, spec in derived.items() if name in wanted}
    own = firms.loc[:, firms.columns.isin(wanted)]
    had = derive.derive(own, specs, dictionary, codelists).firms if specs else own
    return had[[name for name in dict.fromkeys(names) if name in had.columns]]


def classes_of(
    firms: pd.DataFrame,
    by: Sequence[str],
    derived: Mapping[str, DerivedSpec],
    dictionary: Mapping[str, Variable],
    codelists: Mapping[str, pd.DataFrame],
) -> Classes:
    """Return the class of each firm by the variables `by`, all crossed; only classes that have firms are levels.

    Levels follow the order of an enum's levels, else the alphabet. A firm that lacks one of the answers has no class,
    and nobody has one where the wave lacks a variable. Without `by` all firms are one class. StudyError for an
    undeclared variable or an amount, which makes no classes.
    """
    parts = columns_of(firms, by, derived, dictionary, codelists)
    if any(name not in parts.columns for name in by):
        return Classes(codes=np.full(len(firms), NONE, dtype="int64"), levels=())
    codes, labels = np.zeros(len(firms), dtype="int64"), ["all"]
    for position, name in enumerate(parts.columns):
        own, levels = _coded(parts[name])
        codes = np.where((codes < 0) | (own < 0), NONE, codes * len(levels) + own)
        labels = [CROSSED.join([label, level]) if position else level for label in labels for level in levels]
        codes, labels = _occurring(codes, labels)
    return Classes(codes=codes, levels=tuple(labels))


def ladder_of(by: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sets of variables from the finest class to all firms: the last variable goes first."""
    return tuple(tuple(by[:count]) for count in range(len(by), -1, -1))


def fall_back(ladder: Sequence[Classes], counted: np.ndarray, minimum: int) -> Rungs:
    """Return each firm's class on the first rung where it has at least `minimum` of the `counted` (bool) firms."""
    size = len(counted)
    codes, rung = np.full(size, NONE, dtype="int64"), np.full(size, NONE, dtype="int64")
    first = 0
    for step, classes in enumerate(ladder):
        placed = classes.codes >= 0
        filled = np.bincount(classes.codes[placed & counted], minlength=len(classes.levels))
        enough = np.zeros(size, dtype=bool)
        enough[placed] = filled[classes.codes[placed]] >= minimum
        fell = enough & (rung < 0)
        codes[fell], rung[fell] = classes.codes[fell] + first, step
        first += len(classes.levels)
    return Rungs(codes=codes, rung=rung)


def _coded(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    if pd.api.types.is_float_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise StudyError(
            f"classes by {column.name}: it is an amount or a date, and nearly every firm would be a class.\n"
            "Derive a variable with a few levels from it, as size_class in resources/dictionary/derived.yaml."
        )
    categories = column.astype("category").cat
    return categories.codes.to_numpy(dtype="int64"), [str(level) for level in categories.categories]


def _occurring(codes: np.ndarray, labels: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return the codes counted anew over the classes that have firms, and their names."""
    present = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=len(labels)))
    anew = np.full(len(labels) + 1, NONE, dtype="int64")  # the last entry, reached by -1, stays "none"
    anew[present] = np.arange(len(present))
    return anew[codes], [labels[int(code)] for code in present]
