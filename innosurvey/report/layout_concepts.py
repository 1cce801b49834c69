"""The tables of the chapter on concepts: cohorts with their rules in words, what the rules are made of, and definitions
side by side.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from innosurvey.report.context import localised
from innosurvey.report.disclosure import UNASSIGNED
from innosurvey.report.document import Cell, Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_lacks import AVAILABLE
from innosurvey.report.layout_tables import ALL_WAVES, notes, ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.rule_words import Speech, rule_in_words

LONGEST = 12  # groups; districts and industries are code lists, not definitions: they have tables of their own
MONEY = "currency_million"
TENTH = 0.1  # a smaller share, in per cent, needs a second decimal
BESIDE = ("outside", UNASSIGNED, "not_asked")
"""Where firms are that a definition places in no group."""


def cohort_table(draft: Draft, wave: str = ALL_WAVES) -> Table | None:
    """Return the definitions: each cohort's rules by group in words, with its firms and their share."""
    found = [row for row in draft.lookup.rows("cohorts", wave=wave) if row["group"] != UNASSIGNED]
    rows: list[TableRow] = []
    for cohort in ordered(row["cohort"] for row in found):
        members = [row for row in found if row["cohort"] == cohort]
        if len(members) <= LONGEST:
            rows.append(subtitle(cohort_title(draft, members[0])))
            rows.extend(cohort_row(draft, row) for row in members)
    heads = [Column(title=draft.words[head], align="left") for head in ("group", "rule")]
    heads += [Column(title=draft.words[head]) for head in ("observations", "share")]
    shown = [draft.context.cohorts.get(row["cohort"], {}) for row in found]
    said = (*codelist_notes(draft, shown), *notes(draft, found))
    return as_table(draft, "cohorts", draft.words["title_cohorts"], heads, rows, said, "cohorts")


def cohort_title(draft: Draft, row: Row) -> str:
    """Return a cohort's title with its version, whom it divides, and where the definition comes from."""
    words, cohort = draft.words, row["cohort"]
    about = draft.context.cohorts.get(cohort, {})
    title = draft.label("cohort", cohort) if about else row["title"] or draft.label("cohort", cohort)
    title += f", {words['version'].lower()} {row['version']}" if row["version"] else ""
    said = []
    if about.get("universe"):
        said.append(words["among"].format(universe=rule_in_words(str(about["universe"]), speech_of(draft))))
    if about.get("source"):
        source = localised(about["source"], draft.language)
        said.append(words["declared_source"].format(source=source.rstrip(".")))
    if about.get("note"):
        said.append(in_titles(draft, localised(about["note"], draft.language)))
    return " ".join([f"{title}." if said else title, *said])


def cohort_row(draft: Draft, row: Row) -> TableRow:
    """Return one group of a cohort."""
    rule = draft.words["all_others"]
    if row["rule"]:
        about = draft.context.cohorts.get(row["cohort"], {})
        rule = meaning_of(draft, {"rule": row["rule"], **about})
    numbers = (draft.cell(row["n"], "count"), draft.cell(row["share"], "estimate", 1))
    return TableRow(cells=(text_cell(draft.group_label(row["cohort"], row["group"])), text_cell(rule), *numbers))


def terms_table(draft: Draft) -> Table | None:
    """Return the derived variables that the rules name, each by its own rule in words."""
    words = draft.words
    rows = []
    for name, about in draft.context.definitions.items():
        note = in_titles(draft, localised(about.get("note"), draft.language))
        note = f". {note}" if note else ""
        rows.append(
            TableRow(cells=(text_cell(draft.label("variable", name)), text_cell(meaning_of(draft, about) + note)))
        )
    heads = [Column(title=words[head], align="left") for head in ("definition_term", "definition_meaning")]
    said = codelist_notes(draft, list(draft.context.definitions.values()))
    return as_table(draft, "terms", words["title_terms"], heads, rows, said, "")


def meaning_of(draft: Draft, about: Mapping[str, Any]) -> str:
    """Return a rule in words, or which code is looked up in a list."""
    speech = speech_of(draft)
    if not about.get("codelist"):
        return rule_in_words(about["rule"], speech)
    code, digits = speech.title(about["variables"][-1]), about.get("digits")
    return speech.word("lookup_digits" if digits else "lookup", code, str(digits))


def codelist_notes(draft: Draft, shown: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the note that names the files of the code lists that definitions look codes up in; nothing without any."""
    files = ordered(f"resources/codelists/{about['codelist']}.csv" for about in shown if about.get("codelist"))
    return (draft.words["note_codelists"].format(files=", ".join(files)),) if files else ()


def in_titles(draft: Draft, note: str) -> str:
    """Return a note of the configuration in which names between backticks are titles, or plain words."""

    def said(name: re.Match[str]) -> str:
        known = name[1] in draft.context.variables
        return f"“{draft.label('variable', name[1]) if known else level_in_words(draft, '', name[1])}”"

    return re.sub(r"`(\w+)`", said, note)


def speech_of(draft: Draft) -> Speech:
    """Return how the draft's language reads out rules; money is in the study's currency, other units go without
    saying."""

    absent = {
        row["id"]
        for row in draft.lookup.rows("availability", kind=("variable", "derived"))
        if row["available"].lower() not in AVAILABLE
    }

    def unit(name: str) -> str:
        return draft.unit_words(MONEY) if draft.context.units.get(name) == MONEY else ""

    def title(name: str) -> str:
        said = draft.words["rule_words_quoted"].format(draft.label("variable", name))
        return f"{said} ({draft.words['rule_words_not_asked']})" if name in absent else said

    return Speech(words=draft.words, title=title, unit=unit, level=partial(level_in_words, draft))


def level_in_words(draft: Draft, variable: str, level: str) -> str:
    """Return a level as rules name it: by the title of the group of that name, or by the fixed words."""
    groups = draft.context.cohorts.get(variable, {}).get("groups") or {}
    if level in groups:
        return draft.group_label(variable, level)
    return draft.words.get(f"level_{level}", level.replace("_", " "))


def definitions_table(draft: Draft, first: str, second: str) -> Table | None:
    """Return the firms by their groups under two definitions: rows the first, columns the second."""
    found = draft.lookup.rows("definitions", cohort_a=first, cohort_b=second, wave=ALL_WAVES)
    by_place = {(row["group_a"], row["group_b"]): row for row in found}
    across = in_declared_order(draft, second, [row["group_b"] for row in found])
    rows = [
        TableRow(
            cells=(
                text_cell(place_label(draft, first, group)),
                *(share_cell(draft, by_place.get((group, other))) for other in across),
            )
        )
        for group in in_declared_order(draft, first, [row["group_a"] for row in found])
    ]
    over = draft.label("cohort", second)
    heads = [Column(title=draft.label("cohort", first), align="left")]
    heads += [Column(title=place_label(draft, second, group), over=over) for group in across]
    title = draft.words["title_definitions"].format(first=draft.label("cohort", first), second=over)
    said = (*weighted_note(draft, "note_definitions"), *notes(draft, found), *linked_note(draft, found))
    return as_table(draft, f"definitions-{first}-{second}", title, heads, rows, said, "definitions")


def patterns_table(draft: Draft, concept: str) -> Table | None:
    """Return the firms by their groups under all definitions of a concept at once, a definition a column."""
    found = largest_first(draft.lookup.rows("overlaps", about=concept, kind="definitions", wave=ALL_WAVES))
    if not found:
        return None
    decimals = decimals_of(found)
    cohorts = [place.split("=")[0] for place in found[0]["pattern"].split("|")]
    rows = []
    for row in found:
        places = [place.split("=") for place in row["pattern"].split("|")]
        cells = [text_cell(place_label(draft, cohort, group)) for cohort, group in places]
        rows.append(TableRow(cells=(*cells, *counted_cells(draft, row, decimals))))
    heads = [Column(title=draft.label("cohort", cohort), align="left") for cohort in cohorts]
    said = (*weighted_note(draft, "note_patterns"), *notes(draft, found), *linked_note(draft, found))
    title = draft.words["title_patterns"].format(concept=", ".join(draft.label("cohort", cohort) for cohort in cohorts))
    return as_table(draft, f"patterns-{concept}", title, [*heads, *counted_heads(draft)], rows, said, "overlaps")


def overlaps_table(draft: Draft, cohort: str) -> Table | None:
    """Return the firms by the combination of groups of an overlapping cohort in which they are, a group a column."""
    found = largest_first(draft.lookup.rows("overlaps", about=cohort, kind="groups", wave=ALL_WAVES))
    found = [row for row in found if row["pattern"] != UNASSIGNED]
    decimals = decimals_of(found)
    groups = in_declared_order(draft, cohort, [group for row in found for group in row["pattern"].split("|")])
    rows = [
        TableRow(
            cells=(
                *(
                    text_cell(draft.words["held" if group in row["pattern"].split("|") else "not_held"])
                    for group in groups
                ),
                *counted_cells(draft, row, decimals),
            )
        )
        for row in found
    ]
    heads = [Column(title=draft.group_label(cohort, group), align="left") for group in groups]
    said = (*weighted_note(draft, "note_overlaps"), *notes(draft, found), *linked_note(draft, found))
    title = draft.words["title_overlaps"].format(cohort=draft.label("cohort", cohort))
    return as_table(draft, f"overlaps-{cohort}", title, [*heads, *counted_heads(draft)], rows, said, "overlaps")


def also_table(draft: Draft, cohort: str) -> Table | None:
    """Return, of the firms in each group of an overlapping cohort (rows), those in each other one (columns)."""
    found = draft.lookup.rows("overlaps", about=cohort, kind="also", wave=ALL_WAVES)
    by_place = {(row["base"], row["pattern"]): row for row in found}
    groups = in_declared_order(draft, cohort, [name for place in by_place for name in place])
    rows = [
        TableRow(
            cells=(
                text_cell(draft.group_label(cohort, group)),
                *(share_cell(draft, by_place.get((group, other))) for other in groups),
            )
        )
        for group in groups
    ]
    heads = [Column(title=draft.label("cohort", cohort), align="left")]
    heads += [Column(title=draft.group_label(cohort, group)) for group in groups]
    said = (*weighted_note(draft, "note_also"), *notes(draft, found), *linked_note(draft, found))
    title = draft.words["title_also"].format(cohort=draft.label("cohort", cohort))
    return as_table(draft, f"also-{cohort}", title, heads, rows, said, "overlaps")


def in_declared_order(draft: Draft, cohort: str, groups: Sequence[str]) -> list[str]:
    """Return the groups that occur as the cohort declares them, those beside it last."""
    declared = [*(draft.context.cohorts.get(cohort, {}).get("groups") or {}), *BESIDE]
    present = ordered(groups)
    return [group for group in declared if group in present] + [group for group in present if group not in declared]


def place_label(draft: Draft, cohort: str, group: str) -> str:
    """Return the title of a group, or of the place beside all groups."""
    return draft.words[f"group_{group}"] if group in BESIDE else draft.group_label(cohort, group)


def share_cell(draft: Draft, row: Row | None) -> Cell:
    """Return a share with its firms on a second line; empty where there is no firm, a mark where they are too few."""
    if row is None:
        return text_cell("")
    cell = draft.cell(row["share"], "estimate", 1)
    firms = (draft.run(row["n"], "count", line=1),) if row["n"].available else ()
    return Cell(runs=(*cell.runs, *firms), order=cell.order)


def largest_first(rows: Sequence[Row]) -> list[Row]:
    """Return the rows by their firms; those whose numbers are hidden stand last, so that their place tells nothing."""
    return sorted(rows, key=lambda row: -float(row["n"]) if row["n"].available else 0.0)


def decimals_of(rows: Sequence[Row]) -> int:
    """Return the decimals that the smallest share of a table needs."""
    return 2 if any(0 < float(row["share"]) < TENTH for row in rows if row["share"].available) else 1


def counted_cells(draft: Draft, row: Row, decimals: int) -> tuple[Cell, Cell]:
    """Return the firms of a pattern and their share."""
    return draft.cell(row["n"], "count"), draft.cell(row["share"], "estimate", decimals)


def counted_heads(draft: Draft) -> list[Column]:
    """Return the heads of the firms and their share."""
    return [Column(title=draft.words[head]) for head in ("observations", "share")]


def weighted_note(draft: Draft, name: str) -> tuple[str]:
    """Return a note that says of what shares are, and that they are weighted where they are."""
    return (draft.words[name].format(weighted=draft.words["note_weighted"] if draft.weighted else ""),)


def linked_note(draft: Draft, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the note that more is hidden than what is small, where anything is hidden."""
    return (draft.words["note_linked"],) if any(row.suppressed for row in rows) else ()


def as_table(
    draft: Draft, name: str, title: str, heads: Sequence[Column], rows: Sequence[TableRow], said: Sequence[str], of: str
) -> Table | None:
    """Return a table with its notes and the file behind it; none without rows."""
    if not rows:
        return None
    source = draft.source((of,)) if of in draft.context.sources else ""
    return Table(id=name, title=title, columns=tuple(heads), rows=tuple(rows), notes=tuple(said), source=source)
