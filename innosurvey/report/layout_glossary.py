"""The table of the report's terms: what each means, in which other words it is known in another language, and whose
definition it follows.
"""

from collections.abc import Mapping
from typing import Any

from innosurvey.report.context import localised
from innosurvey.report.document import Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell


def glossary_table(draft: Draft) -> Table | None:
    """Return the terms in the order of the draft's language, each with the other language's word; None without."""
    terms = sorted(draft.context.glossary.values(), key=lambda entry: _order(_said(draft, entry, "term")))
    if not terms:
        return None
    other = _other_language(draft)
    shown = ("term", "definition", "source")
    rows = []
    for entry in terms:
        cells = [_said(draft, entry, key) for key in shown]
        cells[1:1] = [localised(entry["term"].get(other, ""), other)] if other else []
        rows.append(TableRow(cells=tuple(map(text_cell, cells))))
    heads = [draft.words[f"glossary_{key}"] for key in shown]
    heads[1:1] = [draft.words[f"language_{other}"]] if other else []
    columns = tuple(Column(title=head, align="left") for head in heads)
    return Table(id="glossary", title=draft.words["title_glossary"], columns=columns, rows=tuple(rows), source="")


def _said(draft: Draft, entry: Mapping[str, Any], key: str) -> str:
    return localised(entry.get(key), draft.language)


def _other_language(draft: Draft) -> str:
    """Return the language, other than the draft's, that the terms have words in; empty where there is none."""
    languages = dict.fromkeys(language for entry in draft.context.glossary.values() for language in entry["term"])
    return next((language for language in languages if language != draft.language), "")


def _order(term: str) -> tuple[str, str]:
    """Return what terms are sorted by: Latin letters whatever their case, Hangul by its syllables, which Unicode has in
    the order of the dictionary.
    """
    return term.casefold(), term
