"""Whether the pages show the numbers of the document: each traced number of page and PDF against its trace.

The page marks each number with the id of its trace row, so that both are compared one by one. A PDF has only its text:
every number of the document must stand there as often as in the document (heads that a new page repeats come on top),
and no number may stand there that the document does not have.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import groupby
from typing import Any

import pypdfium2

from innosurvey.validate.checks import Check, fail_if_anything_was_found

_MARKED = re.compile(r'<span class="n" data-t="(t\d+)">([^<]*)</span>')
_NUMBER = re.compile(r"[+\u2212]?\d+(?:[.,]\d+)*")
SHOWN = 5
"""How many numbers that differ a finding names."""


def inspect_rendered(document: Mapping[str, Any], language: str, page: bytes, pdf: bytes) -> list[Check]:
    """Return the check of a language's page and PDF against its document (plain values), passed; DisclosureError lists
    what differs.
    """
    said = list(parts(document))
    marked, strange = of_page(page, said, document["trace"])
    shown, lost = of_pdf(pdf, said)
    findings = {f"report.{language}.html": strange, f"report.{language}.pdf": lost}
    found = tuple(f"{file}: {finding}" for file, some in findings.items() for finding in some)
    check = Check(
        check=f"every number of page and PDF is its document's ({language})", looked_at=marked + shown, found=found
    )
    fail_if_anything_was_found([check])
    return [check]


def of_page(page: bytes, said: Sequence[Any], trace: Sequence[Mapping[str, str]]) -> tuple[int, list[str]]:
    """Return how many numbers an HTML page marks, and those that are lost, added, or other than their trace says."""
    told = {row["id"]: row["text"] for row in trace}
    marked = [(trace, unescape(text)) for trace, text in _MARKED.findall(page.decode("utf-8"))]
    other = [f"{trace} shows {text}" for trace, text in marked if told.get(trace) != text]
    found = [f"{len(other)} numbers differ from their trace: {', '.join(other[:SHOWN])}"] if other else []
    wanted, shown = Counter(traced(said)), Counter(trace for trace, _ in marked)
    if wanted != shown:
        found.append(
            f"{(wanted - shown).total()} numbers are lost, {(shown - wanted).total()} come twice or from nowhere"
        )
    return len(marked), found


def of_pdf(pdf: bytes, said: Sequence[Any]) -> tuple[int, list[str]]:
    """Return how many numbers a PDF shows, and those that it lacks or has beside the document's."""
    file = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in file]
    shown = Counter(numbers_in(" ".join(pages)))
    wanted = Counter(numbers_in("\n".join(lines(said))))
    known = {*wanted, *numbers_in("\n".join(texts(said))), *map(str, range(1, len(pages) + 1))}
    lost, strange = sorted((wanted - shown).elements()), sorted(set(shown) - known)
    found = [f"{len(lost)} numbers are lost: {', '.join(lost[:SHOWN])}"] if lost else []
    if strange:
        found.append(f"{len(strange)} numbers are not of the document: {', '.join(strange[:SHOWN])}")
    return shown.total(), found


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text as they are written, sign and separators with them."""
    return _NUMBER.findall(text)


def parts(document: Mapping[str, Any]) -> Iterator[Any]:
    """Yield every object and every text of a document but its trace, in no order: what is `said` below."""
    left: list[Any] = [document]
    while left:
        part = left.pop()
        if isinstance(part, list):
            left += part
        elif isinstance(part, dict):
            left += [value for name, value in part.items() if name != "trace"]
            yield part
        elif isinstance(part, str):
            yield part


def objects(said: Sequence[Any], *kinds: str) -> Iterator[Mapping[str, Any]]:
    """Yield every object of these kinds."""
    return (part for part in said if isinstance(part, dict) and part.get("is") in kinds)


def traced(said: Sequence[Any]) -> Iterator[str]:
    """Yield the trace of each traced number in the sections of a document."""
    return (part["trace"] for part in objects(said, "Run", "TracedNumber") if part["trace"])


def lines(said: Sequence[Any]) -> Iterator[str]:
    """Yield the pieces of a document that a page sets as one: each traced number of a sentence, each line of a table's
    cell, where a sign may stand before its number.
    """
    for part in objects(said, "TracedNumber", "Cell"):
        if part["is"] == "TracedNumber":
            yield part["text"]
        else:
            for _, runs in groupby(part["runs"], key=lambda run: run["line"]):
                yield "".join(run["text"] for run in runs)


def texts(said: Sequence[Any]) -> Iterator[str]:
    """Yield every text of a document but its trace."""
    return (part for part in said if isinstance(part, str))
