"""The totals that weights must reproduce, cell by cell, and each firm's part in them.

Totals come from the frame itself or from a file. What firms out of scope stand for is taken off them: the weights
describe the firms in scope. A cell that nobody who answered is in can't be reproduced, and totals that contradict each
other can't either: both are told before anything is calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from innosurvey.errors import DataError, StudyError, bullets, did_you_mean
from innosurvey.weight.calibrate import REDUNDANT
from innosurvey.weight.spec import COUNT, CalibrationSpec, MarginSpec

CROSSED = " × "
OWN = ("_source_row", "drawn", "answered", "in_scope", "out_of_scope")
"""Columns that no file has."""
ALL = "all"
CONSISTENT = 1e-7
"""Relative difference between two sums of the same firms that rounding in a file of totals explains."""
NAMED = 12
"""Cells that a message names."""
NOTHING = 1e-9
"""Part of a margin's sum below which a total is zero: what is left when all firms of a cell are out of scope."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Margins:
    """`cells`: margin, cell, total, one row per total; `x`: each firm's part in it (firms × cells)."""

    cells: pd.DataFrame
    x: sparse.csr_array

    def of(self, rows: np.ndarray) -> Margins:
        """Return the same totals with the parts of some of the firms."""
        return replace(self, x=self.x[rows])

    def spread(self, rows: np.ndarray) -> Margins:
        """Return the totals with the parts of other firms: those of row `rows[i]`, none where it is -1."""
        known = (rows >= 0).astype(float)
        return replace(self, x=sparse.csr_array(self.x[np.maximum(rows, 0)] * known[:, None]))

    def less(self, firms: Margins, weights: np.ndarray) -> Margins:
        """Return the totals without what these firms stand for with these weights."""
        gone = np.asarray(firms.x.T @ weights)
        return replace(self, cells=self.cells.assign(total=self.cells["total"] - gone))

    def keep(self, cells: np.ndarray) -> Margins:
        """Return some of the cells (a mask)."""
        return Margins(
            cells=self.cells[cells].reset_index(drop=True), x=sparse.csr_array(self.x[:, np.flatnonzero(cells)])
        )

    def without_empty(self) -> Margins:
        """Return the cells without those that have no firm and whose total is nothing."""
        return self.keep(~(self.nothing & (self.sizes == 0)))

    @property
    def nothing(self) -> np.ndarray:
        """Return which totals are zero, rounding apart."""
        largest = self.cells.groupby("margin")["total"].transform(lambda totals: totals.abs().sum())
        return self.cells["total"].abs().to_numpy() <= NOTHING * largest.to_numpy()

    @property
    def sizes(self) -> np.ndarray:
        """Return what each cell adds up to over the firms, each counted once."""
        return np.asarray(self.x.sum(axis=0)).ravel()

    @property
    def totals(self) -> np.ndarray:
        """Return the totals as numbers."""
        return self.cells["total"].to_numpy(dtype=float)


def margins_of(
    firms: pd.DataFrame, population: pd.DataFrame | None, totals: pd.DataFrame | None, spec: CalibrationSpec
) -> Margins:
    """Return the margins' totals (of the population, or of a file) and the part of each of `firms` in them."""
    cells, parts = [], []
    for margin in spec.margins:
        _fail_if_column_missing(margin, firms, population)
        found = _totals_of(margin, population) if population is not None else _totals_in(margin, totals, spec.totals)
        labels, amounts = _labels(firms, margin), _amounts(firms, margin)
        codes = pd.Index(found.index).get_indexer(labels)
        _fail_if_cell_has_no_total(margin, labels[codes < 0], found.index)
        cells.append(
            pd.DataFrame({"margin": margin.name, "cell": found.index.astype("str"), "total": found.to_numpy()})
        )
        rows = np.arange(len(firms))
        parts.append(sparse.csr_array((amounts, (rows, codes)), shape=(len(firms), len(found))))
    return Margins(cells=pd.concat(cells, ignore_index=True), x=sparse.csr_array(sparse.hstack(parts, format="csr")))


def fail_if_cell_is_empty(margins: Margins) -> None:
    """Raise a DataError that names every cell in which nobody answered."""
    empty = (margins.sizes == 0) & (margins.totals != 0)
    if empty.any():
        lines = (f"{row.margin}, cell {row.cell}: total {row.total:,.6g}" for row in margins.cells[empty].itertuples())
        raise DataError(
            f"weights.calibrate: cells in which no firm answered can't be brought to their total:\n{bullets(lines)}\n"
            "Merge the cell with a neighbour (a coarser column in `by:`), or drop the margin."
        )


def fail_if_total_is_nothing(margins: Margins, weights: np.ndarray) -> None:
    """Raise a DataError that names every cell in which firms answered although its total is zero."""
    wrong = margins.nothing & (margins.sizes > 0)
    if wrong.any():
        reached = np.asarray(margins.x.T @ weights)[wrong]
        cells = margins.cells[wrong].itertuples()
        lines = (
            f"{row.margin}, cell {row.cell}: total 0; the answers stand for {stood_for:,.6g}"
            for row, stood_for in zip(cells, reached, strict=True)
        )
        raise DataError(
            f"weights.calibrate: cells in which firms answered have a total of zero:\n{bullets(lines)}\n"
            "Correct the total, drop these firms by a rule under `edits:`, or merge the cell with a neighbour "
            "(a coarser column in `by:`)."
        )


def fail_if_totals_contradict(margins: Margins, weights: np.ndarray) -> None:
    """Raise a DataError where the firms' parts say that some totals must fit each other, and they don't."""
    scaled = sparse.csr_array(margins.x * (1 / margins.totals)[None, :])
    values, vectors = np.linalg.eigh((scaled.T @ (scaled * weights[:, None])).toarray())
    silent = vectors[:, values <= REDUNDANT * values.max(initial=0.0)]
    off = np.abs(silent.T @ np.ones(len(margins.totals))) if silent.size else np.zeros(0)
    if not (off > CONSISTENT).any():
        return
    involved = (np.abs(silent[:, off > CONSISTENT]) > 1e-6).any(axis=1)
    sums = margins.cells[involved].groupby("margin", sort=False)["total"].agg(["sum", "size"])
    lines = (f"{name}: {row['sum']:,.10g} in {int(row['size'])} cells" for name, row in sums.iterrows())
    raise DataError(
        "weights.calibrate: totals contradict each other. The firms that answered make these depend on one another, "
        f"and no weights can meet all of them:\n{bullets(lines)}\n"
        "Correct the totals so that margins over the same firms add up alike, merge cells with few firms, or drop one."
    )


def _totals_of(margin: MarginSpec, population: pd.DataFrame) -> pd.Series:
    labels, amounts = _labels(population, margin), _amounts(population, margin)
    return pd.Series(amounts).groupby(labels, sort=True).sum()


def _totals_in(margin: MarginSpec, totals: pd.DataFrame | None, file: str | None) -> pd.Series:
    """Return the totals that a file (row 1 its header) has for the margin by the cell's name."""
    if totals is None:
        raise StudyError("weights.calibrate: there is neither a frame nor a file of totals.\nAdd `totals: <file>.csv`.")
    for column in ("margin", "total", *margin.by):
        if column not in totals.columns:
            has = ", ".join(map(str, totals.columns))
            raise StudyError(
                f"{file}: the file of totals has no column {column}.{did_you_mean(column, totals.columns)}\n"
                f"It has: {has}."
            )
    rows = totals[totals["margin"] == margin.name]
    if rows.empty:
        known = totals["margin"].unique()
        raise DataError(
            f"{file}: the file of totals has no row for the margin {margin.name}.{did_you_mean(margin.name, known)}\n"
            f"It has: {', '.join(known) or 'none for this wave'}. Rows of other waves don't count."
        )
    numbers = pd.to_numeric(rows["total"], errors="coerce")
    wrong = (numbers.isna() | ~np.isfinite(numbers) | (numbers < 0)).to_numpy()
    labels = _labels(rows, margin)
    twice = pd.Series(labels).duplicated().to_numpy()
    if wrong.any() or twice.any():
        said = [f"row {row + 2}: the total is missing, negative or no number" for row in rows.index[wrong]]
        said += [
            f"row {row + 2}: the cell {label} stands twice"
            for row, label in zip(rows.index[twice], labels[twice], strict=True)
        ]
        raise DataError(
            f"{file}: rows of the file of totals that cannot be used, margin {margin.name}:\n{bullets(said)}\n"
            "Give each cell one total, as plain digits (no separators of thousands)."
        )
    return pd.Series(numbers.to_numpy(dtype=float), index=labels)


def _labels(table: pd.DataFrame, margin: MarginSpec) -> np.ndarray:
    """Return the cell of each row as text."""
    if not margin.by:
        return np.full(len(table), ALL, dtype=object)
    codes, names = np.zeros(len(table), dtype=np.int64), np.array([""], dtype=object)
    for position, column in enumerate(margin.by):
        own, levels = pd.factorize(table[column].astype("str"), sort=True)
        if position:
            names = np.array([f"{name}{CROSSED}{level}" for name in names for level in levels], dtype=object)
        else:
            names = np.asarray(levels, dtype=object)
        codes, occurring = pd.factorize(codes * len(levels) + own, sort=True)
        names = names[occurring]
    return names[codes]


def _amounts(table: pd.DataFrame, margin: MarginSpec) -> np.ndarray:
    return np.ones(len(table)) if margin.of == COUNT else table[margin.of].to_numpy(dtype=float, na_value=np.nan)


def _fail_if_column_missing(margin: MarginSpec, firms: pd.DataFrame, population: pd.DataFrame | None) -> None:
    """Raise where a column is absent, has gaps, or adds up to nothing that weights can reproduce."""
    where, tables = f"weights.calibrate.margins.{margin.name}", {"survey": firms}
    if population is not None:
        tables = {"frame": population}
    for source, table in tables.items():
        for column in (*margin.by, *(() if margin.of == COUNT else (margin.of,))):
            if column not in table.columns:
                has = [str(name) for name in table.columns if name not in OWN and not str(name).endswith("_flag")]
                near = did_you_mean(column, has)
                raise StudyError(f"{where}: the {source} has no column {column}.{near}\nIt has: {', '.join(has)}.")
            if gaps := int(table[column].isna().sum()):
                raise DataError(
                    f"{where}: {gaps} of {len(table)} firms of the {source} have no {column}.\n"
                    "Complete it (a frame in its file, a survey by a rule of imputation), or drop the margin."
                )
        if margin.of != COUNT:
            _fail_if_no_amount(table[margin.of], where, source)


def _fail_if_no_amount(column: pd.Series, where: str, source: str) -> None:
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise StudyError(f"{where}: `of: {column.name}` is no number in the {source}.\nName an amount, or `of: count`.")
    if negative := int((column < 0).sum()):
        raise DataError(
            f"{where}: {negative} firms of the {source} have a negative {column.name}.\n"
            "Correct them, or calibrate to an amount that can't be negative."
        )


def _fail_if_cell_has_no_total(margin: MarginSpec, lost: np.ndarray, known: pd.Index) -> None:
    if len(lost):
        counts = pd.Series(lost).value_counts(sort=False)
        lines = (f"{cell}: {count} firms" for cell, count in counts.items())
        there = ", ".join(map(repr, known[:NAMED])) + (" …" if len(known) > NAMED else "")
        raise DataError(
            f"weights.calibrate: firms are in cells of the margin {margin.name} that have no total:\n{bullets(lines)}\n"
            f"Totals are there for: {there}. "
            "Add the cells to the file of totals, or write their keys as the survey does."
        )
