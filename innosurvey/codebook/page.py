"""The codebook page: the dictionary of one study as a self-contained HTML page, for people who read the data.

Each variable with its label, type, unit, answers, names in the CIS, and where each wave has it from; then the derived
variables and the cohorts by their rules. An entry whose CIS name nobody verified says so. No request leaves the page.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2

from innosurvey.codebook.spec import Codebook, VariableSource
from innosurvey.dictionary import MADE_BY_THE_PIPELINE, Dictionary, Variable
from innosurvey.report.fonts import cut_down

VERIFIED, UNVERIFIED = "verified", "unverified"
Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a fact; `code` is set in a typewriter's letters."""

    text: str
    code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of an entry."""

    term: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One variable or cohort; `mark` is its status."""

    name: str
    label: str
    facts: tuple[Fact, ...]
    mark: str = ""
    mark_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the page is about: the dictionary, the codebooks by wave, and the study in plain values.

    `study` has title, release, attribution, synthetic, `linked` (variable → register), `derived` and `cohorts`.
    """

    dictionary: Dictionary
    books: Mapping[str, Codebook]
    study: Mapping[str, Any]


def codebook_page(
    content: Content, language: str, words: Mapping[str, Words], layout: str, fonts: Mapping[str, bytes]
) -> str:
    """Return the page in one language as HTML. The same study gives the same text.

    `fonts` are font files by weight: cut down to the page's characters and embedded.
    """
    said = words[language]
    study = content.study
    sections = [
        {
            "id": "variables",
            "title": said["variables"],
            "note": said["status_note"],
            "entries": [_variable(variable, content, language, said) for variable in content.dictionary.values()],
        },
        {"id": "derived", "title": said["derived"], "entries": list(_derived(study["derived"], language, said))},
        {"id": "cohorts", "title": said["cohorts"], "entries": list(_cohorts(study["cohorts"], language, said))},
    ]
    page = jinja2.Environment(
        autoescape=True, undefined=jinja2.ChainableUndefined, trim_blocks=True, lstrip_blocks=True
    )
    shown = {
        "language": language,
        "words": said,
        "sections": sections,
        "title": _text(study["title"], language),
        "attribution": _text(study["attribution"], language),
        **{key: study[key] for key in ("release", "synthetic")},
    }
    template = page.from_string(layout)
    text = template.render(**shown, fonts={})
    faces = {weight: base64.b64encode(cut_down(font, text)).decode("ascii") for weight, font in fonts.items()}
    return template.render(**shown, fonts=faces)


def _variable(variable: Variable, content: Content, language: str, words: Words) -> PageEntry:
    facts = [
        _fact(words["type"], str(words["types"][variable.type])),
        _fact(words["unit"], _unit(variable, content.study)),
        _fact(words["levels"], *variable.levels, code=True),
        _fact(words["range"], _range(variable)),
        _fact(words["cis_name"], variable.cis_name, code=True),
        _fact(words["cis_name_old"], variable.cis_name_old, code=True),
        _fact(words["source"], variable.concept_source),
        _fact(words["skip"], variable.rule),
        *_origins(variable.variable, content, words),
    ]
    mark = variable.status if variable.status in (VERIFIED, UNVERIFIED) else "own"
    return PageEntry(
        name=variable.variable,
        label=variable.label(language),
        facts=tuple(fact for fact in facts if fact.parts),
        mark=mark,
        mark_text=words[mark],
    )


def _unit(variable: Variable, study: Mapping[str, Any]) -> str:
    return f"million {study['currency']}" if variable.unit == "currency_million" else variable.unit


def _range(variable: Variable) -> str:
    low, high = ("" if bound is None else f"{bound:g}" for bound in (variable.minimum, variable.maximum))
    if low and high:
        return f"{low} – {high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else ""


def _origins(name: str, content: Content, words: Words) -> Iterable[Fact]:
    """Yield a line per wave: where it has the variable from, and whom it asks."""
    register = content.study["linked"].get(name)
    found = False
    for wave, book in content.books.items():
        source = book.variables.get(name)
        if source is not None:
            found = True
            yield Fact(term=f"{words['wave']} {wave}", parts=_origin(source, words))
    if register:
        yield _fact(words["column"], words["from_register"].format(register=register))
    elif name in MADE_BY_THE_PIPELINE and not found:
        yield _fact(words["column"], words["from_pipeline"])
    elif not found:
        yield _fact(words["column"], words["not_collected"])


def _origin(source: VariableSource, words: Words) -> tuple[Part, ...]:
    if source.constant is not None:
        return (Part(text=words["constant"].format(value=source.constant)),)
    levels = source.column_levels or ("",) * len(source.columns)
    parts = []
    for column, level in zip(source.columns, levels, strict=True):
        parts += [Part(text=f"{level}:")] if level else []
        parts.append(Part(text=column, code=True))
    if source.combine and source.combine != "multi":
        parts.append(Part(text=f"({source.combine})"))
    if source.question:
        parts.append(Part(text=source.question))
    if source.asked_if:
        parts += [Part(text=f"· {words['asked_if']}"), Part(text=source.asked_if, code=True)]
    return tuple(parts)


def _derived(section: Mapping[str, Any], language: str, words: Words) -> Iterable[PageEntry]:
    for name, given in section.items():
        entry = given if isinstance(given, Mapping) else {"rule": given}
        lookup = entry.get("lookup") or {}
        said = words["lookup"].format(**lookup) if lookup else ""
        facts = (
            _fact(words["rule"], str(entry.get("rule", "")), code=True),
            _fact(words["rule"], said),
            _fact(words["unit"], str(entry.get("unit", ""))),
            _fact(words["levels"], *map(str, entry.get("levels", ())), code=True),
            _fact(words["note"], _text(entry.get("note", ""), language)),
        )
        yield PageEntry(
            name=str(name),
            label=_text(entry.get("title", name), language),
            facts=tuple(fact for fact in facts if fact.parts),
        )


def _cohorts(section: Mapping[str, Any], language: str, words: Words) -> Iterable[PageEntry]:
    for name, entry in section.items():
        lookup, bins = entry.get("lookup") or {}, entry.get("bins")
        groups = list(_groups(entry.get("groups") or {}, str(bins or ""), language))
        rest = entry.get("otherwise") or {}
        others = [
            Fact(term=_text((said or {}).get("title", group), language), parts=(Part(text=words["otherwise"]),))
            for group, said in ({rest: {}} if isinstance(rest, str) else rest).items()
        ]
        facts = (
            _fact(words["universe"], str(entry.get("universe", "")), code=True),
            _fact(words["rule"], words["lookup"].format(**lookup) if lookup else ""),
            _fact(words["rule"], words["bins"].format(variable=bins) if bins else ""),
            *groups,
            *others,
            _fact(words["note"], words["overlapping"] if entry.get("kind") == "overlapping" else ""),
            _fact(words["source"], _text(entry.get("source", ""), language)),
        )
        yield PageEntry(
            name=str(name),
            label=_text(entry.get("title", name), language),
            facts=tuple(fact for fact in facts if fact.parts),
        )


def _groups(section: Mapping[str, Any], bins: str, language: str) -> Iterable[Fact]:
    """Yield each group with its rule, or with the bounds of its class."""
    low = ""
    for group, given in section.items():
        said = given if isinstance(given, Mapping) else {"rule": given}  # a rule may stand alone
        high = str(said.get("below", ""))
        bounds = [f"{bins} >= {low}" if low else "", f"{bins} < {high}" if high else ""]
        rule = str(said.get("rule", "")) or " and ".join(bound for bound in bounds if bound) or str(group)
        low = high
        yield Fact(term=_text(said.get("title", group), language), parts=(Part(text=rule, code=True),))


def _fact(term: str, *texts: str, code: bool = False) -> Fact:
    return Fact(term=term, parts=tuple(Part(text=text, code=code) for text in texts if text))


def _text(said: Any, language: str) -> str:
    """Return a text of the configuration in a language, in English where it has no other."""
    if isinstance(said, Mapping):
        return str(said.get(language) or said["en"])
    return str(said)
