"""What the page carries inside itself, small: fonts and figures as data URIs, the trace of its numbers packed.

A report has fifteen thousand traced numbers and two dozen figures; written plainly they are four fifths of its size.
"""

import base64
import json
import re
from collections.abc import Hashable, Sequence
from html import escape
from typing import Any, TypeVar

from innosurvey.report.numbers import TraceRow

Kept = TypeVar("Kept", bound=Hashable)
_UNDRAWN = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_PATH = re.compile(r'(?<= d=")[^"]*')
_AROUND_COMMAND = re.compile(r" ?([A-Za-z]) ?")
_GLYPH_NAME = re.compile(r"\b[A-Za-z]+-(Regular|Bold)-(\d+)\b")


def data_uri(kind: str, content: bytes) -> str:
    """Return content as a data URI."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def svg_uri(svg: bytes) -> str:
    """Return a drawing as the value of an HTML attribute in double quotes: a data URI in plain text, a quarter smaller
    than in base64. What is not drawn (prolog, comments, metadata) is left out, paths and names of glyphs are short.
    """
    text = " ".join(_UNDRAWN.sub("", svg.decode()).split())
    text = _PATH.sub(lambda path: _AROUND_COMMAND.sub(r"\1", path[0]), text).replace("xlink:href", "href")
    text = _GLYPH_NAME.sub(lambda name: f"{name[1][0]}{name[2]}", text)
    for sign, written in (("%", "%25"), ("#", "%23"), ("'", "%27"), ('"', "'")):
        text = text.replace(sign, written)
    return "data:image/svg+xml," + escape(text, quote=False)


def packed_trace(trace: Sequence[TraceRow]) -> str:
    """Return the trace as JSON that is safe inside a script element: the texts that many rows share once, and for each
    row its places in them.

    `sources` are table, file and rule, `columns` and `keys` texts; `rows` are lists of value, observations, and the
    places of column, key and source, in the order of the trace, whose ids are t1, t2 ….
    """
    sources: dict[tuple[str, str, str], int] = {}
    columns: dict[str, int] = {}
    keys: dict[str, int] = {}
    rows = [
        [
            row.value,
            row.observations,
            place_in(columns, row.column),
            place_in(keys, row.key),
            place_in(sources, (row.table, row.file, row.rule)),
        ]
        for row in trace
    ]
    packed = {"sources": list(sources), "columns": list(columns), "keys": list(keys), "rows": rows}
    return script_json(packed)


def script_json(value: Any) -> str:
    """Return plain values as JSON that is safe inside a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def place_in(known: dict[Kept, int], wanted: Kept) -> int:
    """Return the place of something among what is known, where it is put if it is new."""
    return known.setdefault(wanted, len(known))
