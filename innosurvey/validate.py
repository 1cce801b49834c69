"""The last look before anything leaves: is what was published what was cleared, complete and free of firms?

`inspect` runs every check and fails closed; `manifest` lists each published file with its checksum, and what it was made from. Contracts of the estimates are checked
where they are read.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

import pandas as pd

from innosurvey.errors import DisclosureError, bullets

SHORTEST_TELLING_ID = 6
"""Firm ids with fewer signs than this (running numbers) occur everywhere by chance and can't be searched for."""
_TEXT_ENDINGS = (".html", ".csv", ".json", ".svg", ".md", ".txt")
_TOKEN = re.compile(rb"(?<![0-9A-Za-z-])[0-9A-Za-z][0-9A-Za-z-]{5,23}(?![0-9A-Za-z-])")
_NOT_A_NUMBER = re.compile(r"(?<![A-Za-z])(nan|NaN|None|inf)(?![A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: what was looked at, how many things, and what was found wrong (nothing, in a run that passes)."""

    check: str
    looked_at: int
    found: tuple[str, ...] = ()


def inspect(
    published: Mapping[str, bytes], estimates: Mapping[str, pd.DataFrame], firm_ids: Collection[str], minimum_n: int
) -> list[Check]:
    """Return the checks, all passed; DisclosureError names every file that would disclose a firm or hold what was not cleared."""
    if not published or not firm_ids:
        raise DisclosureError(
            f"{len(published)} published files and {len(firm_ids)} firms were handed over: there is nothing to look at, so nothing is cleared.\n"
            "The rule validate_outputs names the wrong folder or table."
        )
    checks = [
        _no_firm_ids(published, firm_ids),
        _no_small_cells(published, minimum_n),
        _no_empty_numbers(published),
        _estimates_are_filled(estimates),
    ]
    broken = [f"{check.check}: {finding}" for check in checks for finding in check.found]
    if broken:
        raise DisclosureError(
            f"{len(broken)} findings stop the publication:\n{bullets(broken)}\nNothing may leave results/ until these are mended."
        )
    return checks


def manifest(published: Mapping[str, bytes], sources: Mapping[str, str], identity: Mapping[str, str]) -> str:
    """Return the manifest as JSON: the study, every published file with size and sha256, and the checksums of what went in."""
    files = [
        {"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(published.items())
    ]
    return (
        json.dumps({**identity, "sources": dict(sorted(sources.items())), "files": files}, ensure_ascii=False, indent=1)
        + "\n"
    )


def as_json(checks: list[Check]) -> str:
    """Return the checks as JSON."""
    return json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=1) + "\n"


def _no_firm_ids(published: Mapping[str, bytes], firm_ids: Collection[str]) -> Check:
    """Look for firm ids, with or without hyphens, in every text file."""
    telling = {
        str(firm).replace("-", "").encode()
        for firm in firm_ids
        if len(str(firm).replace("-", "")) >= SHORTEST_TELLING_ID
    }
    found = []
    texts = {name: content for name, content in published.items() if name.endswith(_TEXT_ENDINGS)}
    for name, content in texts.items():
        hits = {token.replace(b"-", b"") for token in _TOKEN.findall(content)} & telling
        if hits:
            found.append(f"{name} holds {len(hits)} firm ids")
    return Check(check="no firm id in a published file", looked_at=len(texts), found=tuple(found))


def _no_small_cells(published: Mapping[str, bytes], minimum_n: int) -> Check:
    """Look in the published tables for cells with numbers that rest on fewer firms than allowed."""
    from io import BytesIO

    found, looked_at = [], 0
    for name, content in published.items():
        if not name.endswith(".csv"):
            continue
        table = pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False)
        for column in [column for column in ("n", "n_group", "n_reference") if column in table.columns]:
            looked_at += 1
            counts = pd.to_numeric(table[column], errors="coerce")
            if small := int(counts.between(1, minimum_n - 1).sum()):
                found.append(f"{name}: {small} rows with {column} below {minimum_n}")
    return Check(check=f"no published count of firms below {minimum_n}", looked_at=looked_at, found=tuple(found))


def _no_empty_numbers(published: Mapping[str, bytes]) -> Check:
    """Look in the pages' text for numbers that are none."""
    pages = {name: content for name, content in published.items() if name.endswith(".html")}
    found = []
    for name, content in pages.items():
        text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", content.decode("utf-8"), flags=re.DOTALL)
        if hits := _NOT_A_NUMBER.findall(text):
            found.append(f"{name}: {len(hits)} times {hits[0]}")
    return Check(check="no empty number in a page", looked_at=len(pages), found=tuple(found))


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
