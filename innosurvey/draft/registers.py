"""A register's columns: they keep names of their own, since no dictionary declares them, and say their type.

A name is made of the column's letters; one that has none of the Latin alphabet is numbered for a person to rename.
"""

import re
from collections.abc import Mapping, Sequence

from innosurvey.draft.entries import Entry
from innosurvey.draft.profile import Profile, profile
from innosurvey.draft.readers import Source, SourceColumn
from innosurvey.draft.vocabulary import Vocabulary
from innosurvey.draft.words import plain, squeezed


def register_entries(source: Source, words: Vocabulary, unit: str | None) -> list[Entry]:
    """Return an entry for each column of a register or frame, in the order of the file."""
    looks = {column.name: profile(column, source.spec, words) for column in source.columns}
    ids = {squeezed(text) for text in words.names["firm_id"]}
    made: list[Entry] = []
    taken: set[str] = set()
    for place, column in enumerate(source.columns, start=1):
        known = {squeezed(column.name), squeezed(column.label)} & ids
        name = "firm_id" if known and "firm_id" not in taken else _name(column, place, taken)
        taken.add(name)
        content, note = _content(column, looks[column.name], words, unit, name)
        comment = "; ".join(part for part in (column.label, note) if part)
        made.append(Entry(variable=name, content=content, comment=comment, stands=looks[column.name].kind != "blank"))
    return made


def _name(column: SourceColumn, place: int, taken: set[str]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", plain(column.name)).strip("_")
    slug = slug if slug and slug[0].isalpha() else f"column_{place}"
    return f"{slug}_{place}" if slug in taken or slug == "firm_id" else slug


def _content(
    column: SourceColumn, looks: Profile, words: Vocabulary, unit: str | None, name: str
) -> tuple[dict[str, object], str]:
    """Return the entry of one column and what a person should look at."""
    content: dict[str, object] = {"column": column.name}
    if name == "firm_id":
        return content, ""
    truths = _truths(column, looks, words)
    if truths:
        content |= {"type": "bool", "values": truths}
    elif looks.kind == "number":
        content["type"] = "int" if looks.whole else "float"
        own = words.unit(f"{column.name} {column.label}")
        if own:
            content |= {"type": "float", "unit": own}
        elif unit and not looks.whole:
            content |= {"unit": unit}
    elif looks.kind == "date":
        content["type"] = "date"
    if looks.missing:
        content["missing"] = dict(looks.missing)
    return content, looks.said()


def _truths(column: SourceColumn, looks: Profile, words: Vocabulary) -> Mapping[str, bool]:
    """Return the meaning of two codes that are words for yes and no."""
    codes: Sequence[str] = list(looks.codes or {})
    said = {code: words.truths.get(squeezed(column.meanings.get(code, code))) for code in codes}
    found = {code: truth for code, truth in said.items() if truth is not None}
    return found if len(found) == 2 == len(codes) + looks.rarer and len(set(found.values())) == 2 else {}
