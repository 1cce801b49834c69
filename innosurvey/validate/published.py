"""The last look before anything leaves: is what was rendered complete, and free of firms?

`inspect_published` runs every check and fails closed. What the published files were made from says
`innosurvey.provenance`.
"""

import hashlib
import html
import io
import re
import zipfile
from collections.abc import Collection, Mapping

import pandas as pd

from innosurvey.errors import DisclosureError
from innosurvey.validate.checks import Check, fail_if_anything_was_found

SHORTEST_TELLING_ID = 6
"""Firm ids with fewer signs than this (running numbers) occur everywhere by chance and can't be searched for."""
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
_RUNS = bytes(sign if bytes([sign]).isalnum() or sign == ord("-") else ord(" ") for sign in range(256))
"""Blanks in place of all signs that no id has: each id is a whole word of what is left."""
REGISTRATION_NUMBER = 10
_NOT_A_NUMBER = re.compile(r"(?<![A-Za-z])(nan|NaN|None|inf)(?![A-Za-z])")


def inspect_published(published: Mapping[str, bytes], firm_ids: Collection[str] | None) -> list[Check]:
    """Return the checks of what is to be published (contents by file name), all passed; DisclosureError names every
    file that would disclose a firm.

    `firm_ids` are those of the survey; None for a study without one, which has published data sets alone.
    """
    if not published or (firm_ids is not None and not firm_ids):
        raise DisclosureError(
            f"{len(published)} published files and {len(firm_ids or ())} firms were handed over: "
            "there is nothing to look at, so nothing is cleared.\n"
            "The rule validate_outputs names the wrong folder or table."
        )
    texts = _texts_of(published)
    checks = [
        *([] if firm_ids is None else [_no_firm_ids(texts, firm_ids)]),
        _no_empty_numbers(published, texts),
        _all_are_listed(published),
    ]
    fail_if_anything_was_found(checks)
    return checks


def ids_of(firms: pd.DataFrame | None) -> set[str] | None:
    """Return the ids of a survey's firms; None where there is no survey."""
    return None if firms is None else set(firms["firm_id"])


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
        if not telling.intersection(text.translate(_RUNS).split()):
            continue  # without a look at what stands beside each word, which takes twice as long
        if hits := telling.intersection(_TOKEN.findall(text)):
            found.append(f"{name} holds {len({hit.replace(b'-', b'') for hit in hits})} firm ids")
    return Check(check="no firm id in a published file", looked_at=len(texts), found=tuple(found))


def _forms(firm: str) -> set[str]:
    """Return an id as it is, without hyphens, and ten digits as registration numbers are written; none of short ids."""
    bare = firm.replace("-", "")
    if len(bare) < SHORTEST_TELLING_ID:
        return set()
    written = {f"{bare[:3]}-{bare[3:5]}-{bare[5:]}"} if len(bare) == REGISTRATION_NUMBER and bare.isdigit() else set()
    return {firm, bare} | written


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
