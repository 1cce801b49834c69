"""From the files of a study's printed tables to its three tables: series, arithmetic, ratios."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from innosurvey.reference.cells import Cell, Cells
from innosurvey.reference.checks import arithmetic_table, cells_in_doubt, hold, parse_checks
from innosurvey.reference.derive import derived_table
from innosurvey.reference.printed import read_printed
from innosurvey.reference.ratios import programme_ratios
from innosurvey.reference.spec import CHECKS, DECLARED, parse_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The printed numbers with the derived ones, the checks of their arithmetic, and output over input."""

    series: pd.DataFrame
    arithmetic: pd.DataFrame
    ratios: pd.DataFrame


def read_context(
    declared: Mapping[str, Any], checks: pd.DataFrame, printed: Mapping[str, pd.DataFrame], files: Mapping[str, str]
) -> Context:
    """Return the context of a study; `files` are the names of the files by what they hold (see `reference_files`).

    StudyError for a wrong declaration; DataError for a file that cannot be used, and for a check that comes out
    otherwise than declared.
    """
    spec = parse_reference(declared, list(printed), files[DECLARED])
    read = [read_printed(table, printed[name], files[name]) for name, table in spec.tables.items()]
    series = pd.concat(read, ignore_index=True)
    derived = [derived_table(spec.tables[name], asked, series) for name, asked in spec.derived.items()]
    series = pd.concat([series, *(table for table in derived if len(table))], ignore_index=True)
    cells = Cells(series, spec.tables)
    outcomes = hold(parse_checks(checks, files[CHECKS]), cells)
    series = with_doubts(series, cells_in_doubt(outcomes, cells))
    return Context(
        series=series,
        arithmetic=arithmetic_table(outcomes, spec.tables),
        ratios=programme_ratios(spec.ratios, series, cells),
    )


def with_doubts(series: pd.DataFrame, doubts: Mapping[Cell, tuple[str, ...]]) -> pd.DataFrame:
    """Return the series with the checks that cast doubt on a number in `doubt`, joined by |."""
    named = {(cell.table, cell.series, cell.at): "|".join(checks) for cell, checks in doubts.items()}
    places = zip(series["table"], series["series"], series["at"], strict=True)
    return series.assign(doubt=[named.get(place, "") for place in places])
