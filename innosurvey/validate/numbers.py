"""Whether the numbers of the documents are those of the estimates, and may be told.

Contracts of the estimates are checked where they are read. This looks at documents, not at the files that are rendered
from them, so that it goes on beside the rendering.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.deviations import deviations
from innosurvey.errors import BaselineError, bullets
from innosurvey.validate.checks import Check, fail_if_anything_was_found
from innosurvey.validate.traced import placed_numbers

COUNTS = ("n", "n_group", "n_reference")
TINY = 1e-6
MOST_DEVIATIONS = 30
"""How many numbers of the certificate that are off a message lists."""
TAKEN_OVER = {"need": "estimate", "reach": "estimate", "association": "difference"}
"""The numbers of the policy frame, and the columns that they are taken from."""


def inspect_numbers(
    documents: Sequence[Mapping[str, Any]], estimates: Mapping[str, pd.DataFrame], minimum_n: int
) -> list[Check]:
    """Return the checks of documents (plain values) and estimates (by table), all passed.

    DisclosureError lists what would disclose a firm or is not its table's, BaselineError where a published table does
    not come out.
    """
    placed = placed_numbers(documents, estimates)
    checks = [
        _numbers_are_their_tables(placed, estimates),
        _no_small_cells(placed, estimates, minimum_n),
        _nothing_withheld(placed, estimates),
        _estimates_are_filled(estimates),
        _cells_are_their_sources(estimates),
    ]
    fail_if_anything_was_found(checks)
    return [*checks, *_published_tables_come_out(estimates)]


def _numbers_are_their_tables(placed: Mapping[str, pd.DataFrame], estimates: Mapping[str, pd.DataFrame]) -> Check:
    """Look every number of the documents up in its table again."""
    found = []
    for table, numbers in placed.items():
        if lost := int(numbers["_row"].isna().sum()):
            found.append(f"{lost} numbers of {table} have no row there")
        for column, part in numbers.dropna(subset="_row").groupby("_column", sort=True):
            values = part["_row"].astype(int).map(estimates[table][column])
            if different := int((pd.to_numeric(values) - pd.to_numeric(part["_value"])).abs().gt(TINY).sum()):
                found.append(f"{different} numbers are not those of {table}.{column}")
    return Check(
        check="every number in the documents is its table's",
        looked_at=sum(map(len, placed.values())),
        found=tuple(found),
    )


def _no_small_cells(placed: Mapping[str, pd.DataFrame], estimates: Mapping[str, pd.DataFrame], minimum_n: int) -> Check:
    """Look for numbers in the documents that rest on fewer firms than allowed."""
    found, looked_at = [], 0
    for table, numbers in placed.items():
        rows = numbers["_row"].dropna().astype(int)
        for column in [column for column in COUNTS if column in estimates[table].columns]:
            looked_at += len(rows)
            if small := int(rows.map(estimates[table][column]).between(1, minimum_n - 1).sum()):
                found.append(f"{small} numbers of {table} with {column} below {minimum_n}")
    return Check(
        check=f"no published number rests on fewer than {minimum_n} firms", looked_at=looked_at, found=tuple(found)
    )


def _nothing_withheld(placed: Mapping[str, pd.DataFrame], estimates: Mapping[str, pd.DataFrame]) -> Check:
    """Look for numbers in the documents that the estimates mark as withheld, because others would follow from them."""
    found, looked_at = [], 0
    for table, numbers in placed.items():
        if "withheld" in estimates[table].columns:
            rows = numbers["_row"].dropna().astype(int)
            looked_at += len(rows)
            if told := int(rows.map(estimates[table]["withheld"].astype(bool)).sum()):
                found.append(f"{told} numbers of {table} that are withheld")
    return Check(check="no published number is withheld", looked_at=looked_at, found=tuple(found))


def _estimates_are_filled(estimates: Mapping[str, pd.DataFrame]) -> Check:
    """See that each table of estimates has rows, and that what has no estimate says why."""
    found = [
        f"{name} has no rows"
        for name, table in estimates.items()
        if not len(table) and name in ("describe", "cohorts", "ledger")
    ]
    if "describe" in estimates:
        table = estimates["describe"]
        silent = int((table["estimate"].isna() & (table["status"] == "ok")).sum())
        if silent:
            found.append(f"describe has {silent} rows without estimate and without reason")
    return Check(check="estimates are filled or say why not", looked_at=len(estimates), found=tuple(found))


def _cells_are_their_sources(estimates: Mapping[str, pd.DataFrame]) -> Check:
    """Look every number of the policy frame up in the row that it says it was taken from; a difference may have been
    turned round.
    """
    found, looked_at = [], 0
    rows: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], list[int]]] = {}
    for part, column in TAKEN_OVER.items() if "policy" in estimates else ():
        told = estimates["policy"][[f"{part}_from", part]].dropna().drop_duplicates()
        for source, value in told.itertuples(index=False, name=None):
            looked_at += 1
            name, _, key = str(source).partition(": ")
            columns, values = zip(*(pair.split(" ", 1) for pair in key.split(", ")), strict=True)
            if (name, columns) not in rows:
                rows[name, columns] = _rows_by_key(estimates[name], columns)
            named = rows[name, columns].get(values, [])
            if len(named) != 1 or not np.isclose(
                abs(estimates[name][column].iloc[named[0]]), abs(value), rtol=0, atol=TINY
            ):
                found.append(f"{part} is not that of {source}")
    return Check(check="every number of the policy frame is its source's", looked_at=looked_at, found=tuple(found))


def _rows_by_key(table: pd.DataFrame, columns: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    """Return at which places of a table each key stands, the values of these columns as text."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for place, values in enumerate(zip(*(table[column].astype("str").tolist() for column in columns), strict=True)):
        rows.setdefault(values, []).append(place)
    return rows


def _published_tables_come_out(estimates: Mapping[str, pd.DataFrame]) -> list[Check]:
    """Return the check of the model certificate, where there is one; BaselineError lists every number that is off."""
    if "certificate" not in estimates:
        return []
    numbers, cases = estimates["certificate"], estimates["certificate_cases"]
    found = deviations(numbers, cases)
    if found:
        raise BaselineError(
            f"certificate: {len(found)} published results do not come out:\n{bullets(found, limit=MOST_DEVIATIONS)}\n"
            "The report's chapter on the certificate has all of them. Correct the case's declaration, or the model."
        )
    return [Check(check="every published number that was estimated comes out", looked_at=len(numbers))]
