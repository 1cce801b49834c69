"""Whether the pages show the numbers of the document: each traced number of page and PDF against its trace.

The page marks each number with the id of its trace row, so that both are compared one by one. A PDF has only its text:
every number of the document must stand there as often as in the document (heads that a new page repeats come on top),
and no number may stand there that the document does not have.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import chain, groupby
from typing import Any

import pypdfium2

_MARKED = re.compile(r'<span class="n" data-t="(t\d+)">([^<]*)</span>')
_NUMBER = re.compile(r"[+\u2212]?\d+(?:[.,]\d+)*")
SHOWN = 5
"""How many numbers that differ a finding names."""


def differences(published: Mapping[str, bytes]) -> tuple[int, list[str]]:
    """Return how many numbers the pages and PDFs of the published documents show, and what differs from their traces.

    `published` are contents by file name: `document.<language>.json`, `report.<language>.html` and `.pdf`.
    """
    looked_at, found = 0, []
    for name, content in published.items():
        if language := re.fullmatch(r"document\.(\w+)\.json", name):
            document = json.loads(content)
            for file, compare in ((f"report.{language[1]}.html", of_page), (f"report.{language[1]}.pdf", of_pdf)):
                if file in published:
                    count, findings = compare(published[file], document)
                    looked_at += count
                    found += [f"{file}: {finding}" for finding in findings]
    return looked_at, found


def of_page(page: bytes, document: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Return how many numbers an HTML page marks, and those that are lost, added, or other than their trace says."""
    told = {row["id"]: row["text"] for row in document["trace"]}
    marked = [(trace, unescape(text)) for trace, text in _MARKED.findall(page.decode("utf-8"))]
    other = [f"{trace} shows {text}" for trace, text in marked if told.get(trace) != text]
    found = [f"{len(other)} numbers differ from their trace: {', '.join(other[:SHOWN])}"] if other else []
    wanted, shown = Counter(trace for trace, _ in traced(document)), Counter(trace for trace, _ in marked)
    if wanted != shown:
        found.append(
            f"{(wanted - shown).total()} numbers are lost, {(shown - wanted).total()} come twice or from nowhere"
        )
    return len(marked), found


def of_pdf(pdf: bytes, document: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Return how many numbers a PDF shows, and those that it lacks or has beside the document's."""
    file = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in file]
    shown = Counter(numbers_in(" ".join(pages)))
    wanted = Counter(chain.from_iterable(map(numbers_in, lines(document))))
    written = chain(texts(document), lines(document))
    known = set(chain.from_iterable(map(numbers_in, written))) | set(map(str, range(1, len(pages) + 1)))
    lost, strange = sorted((wanted - shown).elements()), sorted(set(shown) - known)
    found = [f"{len(lost)} numbers are lost: {', '.join(lost[:SHOWN])}"] if lost else []
    if strange:
        found.append(f"{len(strange)} numbers are not of the document: {', '.join(strange[:SHOWN])}")
    return shown.total(), found


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text as they are written, sign and separators with them."""
    return _NUMBER.findall(text)


def traced(value: Any) -> Iterator[tuple[str, str]]:
    """Yield trace and text of each traced number in the sections of a document, in order."""
    if isinstance(value, list):
        for item in value:
            yield from traced(item)
    elif isinstance(value, dict):
        if value.get("is") in ("Run", "TracedNumber") and value["trace"]:
            yield value["trace"], value["text"]
        for name, item in value.items():
            if name != "trace":
                yield from traced(item)


def lines(value: Any) -> Iterator[str]:
    """Yield the pieces of a document that a page sets as one: each traced number of a sentence, each line of a table's
    cell, where a sign may stand before its number.
    """
    if isinstance(value, list):
        for item in value:
            yield from lines(item)
    elif isinstance(value, dict):
        if value.get("is") == "Cell":
            for _, runs in groupby(value["runs"], key=lambda run: run["line"]):
                yield "".join(run["text"] for run in runs)
            return
        if value.get("is") == "TracedNumber":
            yield value["text"]
        for name, item in value.items():
            if name != "trace":
                yield from lines(item)


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a document but its trace."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name != "trace":
                yield from texts(item)
