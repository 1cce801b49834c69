"""The list of what is published, for those who look into the folder: `index.html`.

Every published file is of a kind that is known here: who made it, what it is, what was seen to before it may leave the
house. A file of no known kind stops the build, so that the list is complete; the last look (`validate`) holds it
against the folder once more. The page is one file in all languages of the report; it asks for nothing and needs no
script.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from innosurvey.errors import StudyError, bullets
from innosurvey.kept import Kept
from innosurvey.layout import layout_of
from innosurvey.report.document import Document
from innosurvey.report.fonts import cut_down
from innosurvey.report.formats import SPACE
from innosurvey.report.words import languages, words_in

THIS_PAGE = "index.html"
MADE_AFTER = ("checks.json", "workflow.smk", "ro-crate-metadata.json", "manifest.json")
"""What the last look writes, and what all was made from, when this page is made already."""
SHOWN = (0, 4, 8)
"""Where the groups of four digits of a checksum begin that are shown at once; no group is as long as a firm's id."""
KILO = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of published files: the pattern of their names, the part of the page, the words for their title, the rule
    that makes them, and what they may tell (`cleared` numbers, none of firms at all, or what was `checked`).

    A pattern may have a `language` and an `id`, of a table or figure whose title is then theirs.
    """

    pattern: str
    part: str
    title: str
    rule: str
    status: str = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page is made with: its layout, the report's style, fonts by weight."""

    layout: str
    style: str
    fonts: Mapping[str, bytes]


KINDS = (
    Kind(pattern=r"report\.(?P<language>\w+)\.html", part="report", title="output_report", rule="render_html"),
    Kind(pattern=r"report\.(?P<language>\w+)\.pdf", part="report", title="output_report", rule="render_pdf"),
    Kind(pattern=r"report\.(?P<language>\w+)\.docx", part="report", title="output_report", rule="render_docx"),
    Kind(pattern=r"document\.(?P<language>\w+)\.json", part="report", title="output_document", rule="write_document"),
    Kind(
        pattern=r"codebook\.(?P<language>\w+)\.html",
        part="data",
        title="output_codebook",
        rule="write_codebook",
        status="described",
    ),
    Kind(pattern=r"datapackage\.json", part="data", title="output_package", rule="write_tables", status="described"),
    Kind(pattern=r"tables\.(?P<language>\w+)\.xlsx", part="tables", title="output_workbook", rule="render_tables"),
    Kind(pattern=r"tables/trace\.csv", part="tables", title="output_trace", rule="write_tables"),
    Kind(pattern=r"tables\.json", part="tables", title="output_index", rule="write_tables"),
    Kind(pattern=r"tables/(?P<id>[^/]+)\.csv", part="tables", title="table", rule="write_tables"),
    Kind(pattern=r"figures\.(?P<language>\w+)\.json", part="figures", title="output_index", rule="draw_figures"),
    Kind(
        pattern=r"figures\.(?P<language>\w+)/figures\.\w+\.json",
        part="figures",
        title="output_figures",
        rule="draw_figures",
    ),
    Kind(
        pattern=r"figures\.(?P<language>\w+)/(?P<id>[^/.]+)(\.\w+)?\.(svg|png|csv)",
        part="figures",
        title="figure",
        rule="draw_figures",
    ),
    Kind(pattern=r"latex\.(?P<language>\w+)\.json", part="latex", title="output_index", rule="render_tables"),
    Kind(
        pattern=r"latex\.(?P<language>\w+)/(_all|_preamble)\.tex",
        part="latex",
        title="output_latex",
        rule="render_tables",
    ),
    Kind(pattern=r"latex\.(?P<language>\w+)/(?P<id>[^/]+)\.tex", part="latex", title="table", rule="render_tables"),
    Kind(pattern=r"index\.html", part="checks", title="output_list", rule="list_outputs", status="described"),
    Kind(pattern=r"checks\.json", part="checks", title="output_checks", rule="validate_outputs", status="checked"),
    Kind(
        pattern=r"manifest\.json", part="checks", title="output_manifest", rule="write_provenance", status="described"
    ),
    Kind(
        pattern=r"ro-crate-metadata\.json",
        part="data",
        title="output_crate",
        rule="write_provenance",
        status="described",
    ),
    Kind(pattern=r"workflow\.smk", part="data", title="output_workflow", rule="write_provenance", status="described"),
)
"""The first kind whose pattern a name has is its kind."""
PARTS = ("report", "data", "tables", "figures", "latex", "checks")
OPEN_PARTS = ("report", "data", "checks")
"""Parts of the page that are short enough to be open from the start."""
STATUSES = ("cleared", "described", "checked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One published file. This page, and what is made after it, has neither checksum nor size (in bytes)."""

    path: str
    kind: Kind
    language: str = ""
    id: str = ""
    checksum: str = ""
    size: int | None = None


def list_outputs(
    published: Mapping[str, bytes],
    documents: Mapping[str, Document],
    page: Page,
    minimum_n: int,
    kept: Kept | None = None,
) -> str:
    """Return the page that lists the published files, by path, in every language that there is a document in. The same
    files give the same text. `kept` has the fonts of the run before.

    Raises `StudyError` for files that no step makes.
    """
    outputs = outputs_of(published)
    shown = [shown_in(language, outputs, documents, minimum_n) for language in documents]
    first = next(iter(documents.values()))
    layout = layout_of(page.layout)
    said = {"languages": shown, "document": first, "style": Markup(page.style), "languages_said": len(shown) > 1}
    text = layout.render(**said, fonts={})  # the fonts carry its characters
    faces = {
        weight: Markup(base64.b64encode(cut_down(font, text, kept)).decode("ascii"))  # base64 needs no escapes
        for weight, font in page.fonts.items()
    }
    return layout.render(**said, fonts=faces)


def outputs_of(published: Mapping[str, bytes]) -> list[Output]:
    """Return every published file, and those that are made last, sorted by kind and name.

    Raises `StudyError` for files of no known kind.
    """
    last = (THIS_PAGE, *MADE_AFTER)
    found = {path: output_of(path, content) for path, content in published.items() if path not in last}
    unknown = sorted(path for path, output in found.items() if output is None)
    if unknown:
        raise StudyError(
            f"The folder of what is published holds {len(unknown)} files that no step makes:\n{bullets(unknown)}\n"
            "Take them out of it. A step that makes new files adds them to KINDS in innosurvey/report/outputs.py."
        )
    known = [output for output in (*found.values(), *(output_of(path, None) for path in last)) if output is not None]
    return sorted(known, key=lambda output: (KINDS.index(output.kind), output.path))


def output_of(path: str, content: bytes | None) -> Output | None:
    """Return a published file with its kind; None for a name that no step gives."""
    for kind in KINDS:
        if named := re.fullmatch(kind.pattern, path):
            about = named.groupdict()
            return Output(
                path=path,
                kind=kind,
                language=about.get("language") or "",
                id=about.get("id") or "",
                checksum="" if content is None else hashlib.sha256(content).hexdigest(),
                size=None if content is None else len(content),
            )
    return None


def shown_in(
    language: str, outputs: Sequence[Output], documents: Mapping[str, Document], minimum_n: int
) -> dict[str, Any]:
    """Return what the page says in one language: its words, and the parts with their files."""
    words, document = words_in(language), documents[language]
    titles = titles_of(document, words)
    order = {key: place for place, key in enumerate(titles)}
    parts = []
    for part in PARTS:
        files = [output for output in outputs if output.kind.part == part]
        files.sort(
            key=lambda file: (KINDS.index(file.kind), order.get((file.kind.title, file.id), len(order)), file.path)
        )
        entries = [entry_of(output, titles, words) for output in files]
        if entries:
            parts.append(
                {"id": part, "title": words[f"outputs_{part}"], "open": part in OPEN_PARTS, "entries": entries}
            )
    statuses = {name: words[f"status_{name}_meaning"].format(minimum=minimum_n) for name in STATUSES}
    meanings = [(words[f"status_{name}"], meaning) for name, meaning in statuses.items()]
    return {"language": language, "words": words, "document": document, "parts": parts, "statuses": meanings}


def titles_of(document: Document, words: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return the titles of a document's tables and figures by kind and id."""
    tables = {("table", each.id): f"{words['table']} {each.number}: {each.title}" for each in document.tables()}
    return tables | {
        ("figure", each.id): f"{words['figure']} {each.number}: {each.title}" for each in document.figures()
    }


def entry_of(output: Output, titles: Mapping[tuple[str, str], str], words: Mapping[str, str]) -> dict[str, str]:
    """Return a file as a row of the page: all that is said of it, in words."""
    kind = output.kind
    title = titles.get((kind.title, output.id), output.id) if output.id else words[kind.title]
    known = words_in(output.language)["language_name"] if output.language in languages() else output.language
    form = words[f"format_{output.path.rpartition('.')[2]}"]
    return {
        "path": output.path,
        "href": quote(output.path),
        "title": title,
        "format": f"{form}, {known}" if known else form,
        "size": "" if output.size is None else size_in_words(output.size),
        "checksum": output.checksum,
        "short": " ".join(output.checksum[start : start + 4] for start in SHOWN),
        "rule": kind.rule,
        "status": words[f"status_{kind.status}"],
        "mark": kind.status,
    }


def size_in_words(size: int) -> str:
    """Return a size as `12 kB` or `3.4 MB`."""
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO)):,}{SPACE}kB"
    return f"{size / KILO / KILO:.1f}{SPACE}MB"
