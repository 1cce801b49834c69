"""The draft as a page of YAML: what stands, and as comments what a person has to decide."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innosurvey.draft.entries import Entry
from innosurvey.draft.notation import flow, scalar
from innosurvey.draft.readers import Source

WIDEST_ENTRY = 100
LONGEST_COMMENT = 240
SHARED_BY = 3
"""How many entries must have the same values before these get a name under `value_maps:`."""
_WORD = re.compile(r"\D.*|-?9{5,}[89]")
"""Codes of no answer that no variable can have as an answer: words, and nines without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the draft says above its variables."""

    title: str
    table: str
    period: tuple[str, str] | None
    period_is_guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A drafted codebook: its text, the columns of the file, the entries that stand and those that need a person."""

    text: str
    columns: int
    standing: tuple[str, ...]
    open: int


def page(source: Source, heading: Heading, entries: Sequence[Entry]) -> Draft:
    """Return the page. The same file gives the same text."""
    standing = _first_of_each(entries)
    missing = _shared_missing(standing)
    maps = _shared_maps(standing)
    lines = [
        f"# Drafted from {source.path.name}: {len(standing)} variables are filled in, "
        f"{len(entries) - len(standing)} lines are comments.",
        "# A draft is a proposal. Look each question up in the questionnaire: docs/howto-new-survey.md.",
        "# To take a comment over, put the name of a variable of resources/dictionary/variables.csv before its colon.",
        f"title: {scalar(heading.title)}",
        f"table: {heading.table}",
        *_period(heading),
        "",
        *_section("file", source.found),
        *_section("missing", missing),
        *_section("value_maps", maps),
        "variables:",
    ]
    for entry in entries:
        stands = any(entry is one for one in standing)
        lines.append(line_of(entry, missing, maps, stands))
    text = "\n".join(lines) + "\n"
    return Draft(
        text=text,
        columns=len(source.columns),
        standing=tuple(one.variable for one in standing),
        open=len(entries) - len(standing),
    )


def _first_of_each(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that stand, of two of a name the first."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.stands:
            found.setdefault(entry.variable, entry)
    return list(found.values())


def _period(heading: Heading) -> list[str]:
    if heading.table == "register":
        return []
    if heading.period is None:
        return [
            "# period: [2018-01-01, 2020-12-31]   # NEEDED of a survey: first and last day that its answers are about"
        ]
    guess = "   # a guess from the years in the file: first and last day that its answers are about"
    return [f"period: [{', '.join(heading.period)}]{guess if heading.period_is_guessed else ''}"]


def _section(name: str, content: Mapping[str, Any]) -> list[str]:
    if not content:
        return []
    return [f"{name}:", *(f"  {scalar(key)}: {flow(value)}" for key, value in content.items()), ""]


def _shared_missing(entries: Sequence[Entry]) -> dict[str, str]:
    """Return the codes of no answer that stand for the whole file: blank, and words that several columns have."""
    counts: Counter[tuple[str, str]] = Counter()
    answers = {str(code) for entry in entries for code in _map_at(entry, "values")}
    for entry in entries:
        counts.update((str(code), str(kind)) for code, kind in _map_at(entry, "missing").items())
    kinds = Counter(code for code, _ in counts)
    shared = {
        code: kind
        for (code, kind), count in sorted(counts.items())
        if count > 1 and kinds[code] == 1 and code not in answers and _WORD.fullmatch(code)
    }
    return {"": "missing"} | shared


def _shared_maps(entries: Sequence[Entry]) -> dict[str, Mapping[str, object]]:
    """Return the value maps that several entries share, under names."""
    counts = Counter(flow(_map_at(entry, "values")) for entry in entries if _map_at(entry, "values"))
    named: dict[str, Mapping[str, object]] = {}
    for entry in entries:
        values = _map_at(entry, "values")
        if counts[flow(values)] >= SHARED_BY and values not in named.values():
            truths = all(isinstance(meaning, bool) for meaning in values.values())
            base = (
                "yes_no" if truths else "degrees" if all(isinstance(one, int) for one in values.values()) else "levels"
            )
            taken = sum(name.startswith(base) for name in named)
            named[f"{base}_{taken + 1}" if taken else base] = values
    return named


def _map_at(entry: Entry, key: str) -> Mapping[str, object]:
    found = entry.content.get(key)
    return found if isinstance(found, Mapping) else {}


def line_of(entry: Entry, missing: Mapping[str, str], maps: Mapping[str, Mapping[str, object]], stands: bool) -> str:
    """Return one entry, with shared codes left out and shared maps named."""
    content = dict(entry.content)
    own = {code: kind for code, kind in _map_at(entry, "missing").items() if missing.get(str(code)) != kind}
    content.pop("missing", None)
    if own:
        content["missing"] = own
    name = next((name for name, values in maps.items() if values == content.get("values")), None)
    if name:
        content["values"] = name
    text = f"  {'' if stands else '# '}{entry.variable}: {flow(content)}"
    comment = " ".join(entry.comment.split())
    if len(comment) > LONGEST_COMMENT:
        comment = comment[:LONGEST_COMMENT].rstrip() + "…"
    return f"{text}   # {comment}" if comment else text
