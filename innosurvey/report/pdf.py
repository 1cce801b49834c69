"""The document as PDF, by typst: PDF/A-3 with the tables inside as CSV, PDF/UA-1 for readers who listen.

The content goes in as JSON, so that words are data and never markup. Fonts are the vendored ones alone, the time stamp
is the data release, and a compiler's warning is an error.
"""

import json
from typing import Any

import typst
from msgspec.structs import replace

from innosurvey.errors import StudyError
from innosurvey.report.assets import FONT_FAMILY, Assets
from innosurvey.report.document import Document, Table, as_mapping
from innosurvey.report.pdf_tables import SIDE_MARGIN, typeset_table
from innosurvey.report.released import release_time
from innosurvey.report.words import words_in

STANDARDS = ["a-3a", "ua-1"]


def render_pdf(document: Document, assets: Assets) -> bytes:
    """Return the report as PDF. The same document and assets give the same bytes.

    Raises `StudyError` for a release date that is none, and for what typst warns of.
    """
    try:
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]  # its types lack files by name
            files_of(document, assets),
            format="pdf",
            font_paths=[assets.font_folder],
            ignore_system_fonts=True,
            pdf_standards=STANDARDS,
            timestamp=release_time(document.release_date),
        )
    except typst.TypstError as error:
        said = "\n".join(f"  {line}" for line in str(error).splitlines())
        raise StudyError(
            f"workflow/report/layout.typ (main.typ below) does not typeset:\n{said}\nCorrect the layout there."
        ) from error
    if warnings:
        raise StudyError("The PDF's layout has warnings:\n" + "\n".join(f"  - {warning}" for warning in warnings))
    return bytes(pdf)


def files_of(document: Document, assets: Assets) -> dict[str, bytes]:
    """Return the files that typst reads: layout, content, figures, attachments."""
    attached = {f"attached/{name}": content for name, content in sorted(assets.tables.items())}
    figures = {f"{figure.id}.svg": assets.figure(figure.id, document.language, "svg") for figure in document.figures()}
    about = {
        "document": replace(document, trace=()),  # the trace is attached as a table, not typeset
        "words": dict(words_in(document.language)),
        "font": FONT_FAMILY,
        "side_margin": SIDE_MARGIN,
        "attached": dict.fromkeys(attached, document.title),
    }
    content = json.dumps(about, default=as_content, ensure_ascii=False).encode()
    return {"main.typ": assets.layout("layout.typ").encode(), "content.json": content, **figures, **attached}


def as_content(value: Any) -> dict[str, Any]:
    """Return a piece of the document as the layout reads it."""
    return typeset_table(value) if isinstance(value, Table) else as_mapping(value)
