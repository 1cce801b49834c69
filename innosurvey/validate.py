"""The last look before anything leaves: is what was published what was cleared, complete and free of firms?

`inspect` runs every check and fails closed. Contracts of the estimates are checked where they are read; what the
published files were made from says `innosurvey.provenance`.
"""

import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from innosurvey import rendered
from innosurvey.deviations import deviations
from innosurvey.errors import BaselineError, DisclosureError, bullets
from innosurvey.traced import documents_in, placed_numbers

SHORTEST_TELLING_ID = 6
"""Firm ids with fewer signs than this (running numbers) occur everywhere by chance and can't be searched for."""
COUNTS = ("n", "n_group", "n_reference")
TINY = 1e-6
MOST_DEVIATIONS = 30
"""How many numbers of the certificate that are off a message lists."""
TAKEN_OVER = {"need": "estimate", "reach": "estimate", "association": "difference"}
"""The numbers of the policy frame, and the columns that they are taken from."""
LIST = "index.html"
"""The page that lists what is published."""
_TEXT_ENDINGS = (".html", ".csv", ".json", ".svg", ".md", ".txt", ".tex")
_OFFICE_ENDINGS = (".docx", ".xlsx")
_OFFICE_TEXT = re.compile(rb"<(?:w:)?t(?: [^>]*)?>([^<]*)<")
"""Words in the XML of Word and Excel. Numbers of a workbook are none: each is looked up in its table."""
_LISTED = re.compile(r'data-file="([^"]*)" data-sha256="([0-9a-f]*)"')
_EMBEDDED = re.compile(rb"base64,[0-9A-Za-z+/=]+")
"""Fonts and pictures in a page: by chance they hold any number, and no firm reads them."""
_SIZE = re.compile(rb'("(?:bytes|contentSize)": "?)\d+')
"""Sizes of files, in what describes them for machines: they too are any number by chance."""
_TOKEN = re.compile(rb"(?<![0-9A-Za-z-])(?<!\d\.)[0-9A-Za-z][0-9A-Za-z-]{5,23}(?![0-9A-Za-z-]|\.\d)")
"""A word or number that may be an id; what stands before or behind a decimal point is a part of a number. A comma parts
cells and items of a list: what stands beside it is looked at."""
REGISTRATION_NUMBER = 10
_NOT_A_NUMBER = re.compile(r"(?<![A-Za-z])(nan|NaN|None|inf)(?![A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: what was looked at, how many things, and what was found wrong (nothing, in a run that passes)."""

    check: str
    looked_at: int
    found: tuple[str, ...] = ()


def inspect(
    published: Mapping[str, bytes],
    estimates: Mapping[str, pd.DataFrame],
    firm_ids: Collection[str] | None,
    minimum_n: int,
) -> list[Check]:
    """Return the checks, all passed; DisclosureError names every file that would disclose a firm.

    `firm_ids` are those of the survey; None for a study without one, which has published data sets alone. BaselineError
    where a published table does not come out.
    """
    if not published or (firm_ids is not None and not firm_ids):
        raise DisclosureError(
            f"{len(published)} published files and {len(firm_ids or ())} firms were handed over: "
            "there is nothing to look at, so nothing is cleared.\n"
            "The rule validate_outputs names the wrong folder or table."
        )
    documents = documents_in(published)
    placed = placed_numbers(documents, estimates)
    texts = _texts_of(published)
    checks = [
        *([] if firm_ids is None else [_no_firm_ids(texts, firm_ids)]),
        _numbers_are_their_tables(placed, estimates),
        _no_small_cells(placed, estimates, minimum_n),
        _nothing_withheld(placed, estimates),
        _no_empty_numbers(published, texts),
        _pages_show_their_documents(published, documents),
        _estimates_are_filled(estimates),
        _cells_are_their_sources(estimates),
        _all_are_listed(published),
    ]
    broken = [f"{check.check}: {finding}" for check in checks for finding in check.found]
    if broken:
        raise DisclosureError(
            f"{len(broken)} findings stop the publication:\n{bullets(broken)}\n"
            "Nothing may leave results/ until these are mended."
        )
    return [*checks, *_published_tables_come_out(estimates)]


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


def ids_of(firms: pd.DataFrame | None) -> set[str] | None:
    """Return the ids of a survey's firms; None where there is no survey."""
    return None if firms is None else set(firms["firm_id"])


def as_json(checks: list[Check]) -> str:
    """Return the checks as JSON."""
    return json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=1) + "\n"


def _texts_of(published: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what can be read in the published files: text files without what is embedded in them and without sizes of
    files, and the words of Word files and workbooks.
    """
    texts = {
        name: _SIZE.sub(rb"\1", _EMBEDDED.sub(b"", content))
        for name, content in published.items()
        if name.endswith(_TEXT_ENDINGS)
    }
    for name, content in published.items():
        if name.endswith(_OFFICE_ENDINGS):
            with zipfile.ZipFile(io.BytesIO(content)) as file:
                parts = [file.read(part) for part in file.namelist() if part.endswith(".xml")]
            texts[name] = html.unescape(
                b"\n".join(b" ".join(_OFFICE_TEXT.findall(part)) for part in parts).decode()
            ).encode()
    return texts


def _no_firm_ids(texts: Mapping[str, bytes], firm_ids: Collection[str]) -> Check:
    """Look for firm ids, in any form that they are written in, in every text."""
    telling = {form.encode() for firm in firm_ids for form in _forms(str(firm))}
    found = []
    for name, text in texts.items():
        hits = set(_TOKEN.findall(text)) & telling
        if hits:
            found.append(f"{name} holds {len({hit.replace(b'-', b'') for hit in hits})} firm ids")
    return Check(check="no firm id in a published file", looked_at=len(texts), found=tuple(found))


def _all_are_listed(published: Mapping[str, bytes]) -> Check:
    """Hold the page that lists what is published against the files: every one with its checksum, and none besides."""
    if LIST not in published:
        return Check(check="every published file is listed", looked_at=0, found=(f"{LIST} is not there",))
    listed = {html.unescape(name): checksum for name, checksum in _LISTED.findall(published[LIST].decode("utf-8"))}
    found = []
    for name, content in published.items():
        if name not in listed:
            found.append(f"{LIST} does not list {name}")
        elif name != LIST and listed[name] != hashlib.sha256(content).hexdigest():
            found.append(f"{LIST} has another checksum of {name}")
    found += [f"{LIST} lists {name}, which is not there" for name in listed if listed[name] and name not in published]
    return Check(check="every published file is listed", looked_at=len(published), found=tuple(found))


def _forms(firm: str) -> set[str]:
    """Return an id as it is, without hyphens, and ten digits as registration numbers are written; none of short ids."""
    bare = firm.replace("-", "")
    if len(bare) < SHORTEST_TELLING_ID:
        return set()
    written = {f"{bare[:3]}-{bare[3:5]}-{bare[5:]}"} if len(bare) == REGISTRATION_NUMBER and bare.isdigit() else set()
    return {firm, bare} | written


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


def _no_empty_numbers(published: Mapping[str, bytes], texts: Mapping[str, bytes]) -> Check:
    """Look in the text of pages, Word files and workbooks for numbers that are none."""
    pages = [name for name in published if name.endswith((".html", *_OFFICE_ENDINGS))]
    found = []
    for name in pages:
        text = texts[name].decode("utf-8")
        if name.endswith(".html"):
            text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
        if hits := _NOT_A_NUMBER.findall(text):
            found.append(f"{name}: {len(hits)} times {hits[0]}")
    return Check(check="no empty number in a page", looked_at=len(pages), found=tuple(found))


def _pages_show_their_documents(published: Mapping[str, bytes], documents: Mapping[str, Any]) -> Check:
    """Compare the numbers that pages and PDFs show with those of their documents."""
    looked_at, found = rendered.differences(published, documents)
    return Check(check="every number of a page is its document's", looked_at=looked_at, found=tuple(found))


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
    for place, values in enumerate(zip(*(table[column].astype("str") for column in columns), strict=True)):
        rows.setdefault(values, []).append(place)
    return rows


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
