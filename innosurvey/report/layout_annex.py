"""Tables about the study itself: links, weights, how models were fitted, raw files; definitions, the ledger and what
the data lack have modules of their own."""

import textwrap
from collections.abc import Sequence

from innosurvey.report.context import localised
from innosurvey.report.document import Cell, Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import notes
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number
from innosurvey.report.reasons import fit_words

LONGEST_STATE = 240  # characters; the estimates have the whole text


def link_table(draft: Draft) -> Table | None:
    """Return link rates by wave and register, over all strata where the table has them so."""
    found = draft.lookup.rows("link", stratum_id="all") or draft.lookup.rows("link")
    rows = [
        TableRow(
            cells=(
                text_cell(draft.label("wave", row["wave"])),
                text_cell(draft.column_label(row["register"])),
                *stratum_of(row),
                *numbers(draft, row, (("n", "count"), ("linked", "count"), ("rate", "fraction"))),
            )
        )
        for row in found
    ]
    strata = ("stratum",) if found and found[0]["stratum_id"] not in ("all", "") else ()
    return (
        annex_table(draft, "link", rows, ("wave", "register", *strata, "observations", "linked", "rate"), found)
        if rows
        else None
    )


def stratum_of(row: Row) -> tuple[Cell, ...]:
    """Return the stratum's cell, none for a row over all strata."""
    return () if row["stratum_id"] in ("all", "") else (text_cell(row["stratum_id"]),)


def weights_table(draft: Draft) -> Table | None:
    """Return population, sample, response and weights by wave and stratum."""
    found = draft.lookup.rows("weights")
    columns = (
        ("population", "count"),
        ("sampled", "count"),
        ("responded", "count"),
        ("weight_design", "estimate"),
        ("weight_final", "estimate"),
        ("deff", "estimate"),
    )
    rows = [
        TableRow(
            cells=(
                text_cell(draft.label("wave", row["wave"])),
                text_cell(draft.words["all_groups"] if row["stratum_id"] == "all" else row["stratum_id"]),
                *numbers(draft, row, columns),
            )
        )
        for row in found
    ]
    return (
        annex_table(draft, "weights", rows, ("wave", "stratum", *(name for name, _ in columns)), found)
        if rows
        else None
    )


def fits_table(draft: Draft) -> Table | None:
    """Return every fit that was asked for, estimated or not, with its status."""
    found = draft.lookup.rows("fits")
    rows = [
        TableRow(
            cells=(
                text_cell(draft.label("model", row["model"])),
                text_cell(fitted_on(draft, row)),
                count_of(draft, row),
                text_cell(state_of(draft, row)),
            )
        )
        for row in found
    ]
    return annex_table(draft, "fits", rows, ("model", "fitted_on", "observations", "status"), found) if rows else None


def fitted_on(draft: Draft, fit: Row) -> str:
    """Return which firms a fit is of: a cohort, with the group where it has several."""
    cohort = draft.label("cohort", fit["cohort"])
    return cohort if fit["group"] == "all" else f"{cohort}: {draft.group_label(fit['cohort'], fit['group'])}"


def count_of(draft: Draft, fit: Row) -> Cell:
    """Return the observations of a fit; nothing where there was nothing to estimate it on."""
    return draft.cell(fit["n"], "count") if fit["status"].startswith("ok") or fit["n"].available else text_cell("")


def state_of(draft: Draft, fit: Row) -> str:
    """Return a fit's status in words, with its warnings as far as a table has room for them."""
    state = draft.words["ok"] if fit["status"] == "ok" else fit_words(draft, fit["status"])
    warnings = fit_words(draft, fit["warnings"]) if "warnings" in fit else ""
    return textwrap.shorten(f"{state}; {warnings}" if warnings else state, width=LONGEST_STATE, placeholder=" …")


def provenance_table(draft: Draft) -> Table | None:
    """Return the raw files of the study with their checksums, if the context names them."""
    rows = [
        TableRow(cells=tuple(text_cell(about.get(name, "")) for name in ("file", "codebook")))
        for about in draft.context.data_files
    ]
    return annex_table(draft, "files", rows, ("file", "codebook"), ()) if rows else None


def citation_table(draft: Draft) -> Table:
    """Return how the report is cited, and what the citation is made of."""
    context, words = draft.context, draft.words
    title = localised(context.title, draft.language)
    attribution = localised(context.attribution, draft.language).rstrip(".")
    release = context.release_date
    cited = (
        words["workbook_citation"]
        .format(attribution=attribution, title=title, release=release, version=context.version)
        .lstrip(". ")
    )
    told = (
        ("cite_as", cited),
        ("cite_data", attribution),
        ("data_release", release),
        ("cite_software", f"innosurvey {context.version}".strip()),
    )
    return Table(
        id="citation",
        title=words["workbook_cite"],
        columns=tuple(Column(title=words[head], align="left") for head in ("cite_what", "cite_how")),
        rows=tuple(TableRow(cells=(text_cell(words[head]), text_cell(text))) for head, text in told if text),
        notes=(),
        source="",
    )


def numbers(draft: Draft, row: Row, columns: Sequence[tuple[str, str]]) -> tuple[Cell, ...]:
    """Return number cells; an empty cell where a column has nothing to say."""
    return tuple(number_or_blank(draft, row[name], kind) for name, kind in columns)


def number_or_blank(draft: Draft, number: Number, kind: str) -> Cell:
    """Return a number's cell; blank, not a mark, where the annex's table has no number."""
    return (
        draft.cell(number, kind)
        if isinstance(number, Number) and (number.available or number.suppressed)
        else text_cell("")
    )


def annex_table(draft: Draft, name: str, rows: Sequence[TableRow], heads: Sequence[str], found: Sequence[Row]) -> Table:
    """Return a table with heads from the fixed words; heads of words stand left, those of numbers right."""
    left = {
        "wave",
        "register",
        "stratum",
        "stage",
        "rule",
        "variable",
        "action",
        "kind",
        "id",
        "reason",
        "group",
        "model",
        "cohort",
        "fitted_on",
        "status",
        "file",
        "codebook",
    }
    columns = tuple(Column(title=draft.words[head], align="left" if head in left else "right") for head in heads)
    marked = () if name in ("fits", "availability") else found
    note = draft.words.get(f"note_{name}")
    return Table(
        id=name,
        title=draft.words[f"title_{name}"],
        columns=columns,
        rows=tuple(rows),
        notes=(*((note,) if note else ()), *notes(draft, marked)),
        source=draft.source((name,)) if name in draft.context.sources else "",
    )
