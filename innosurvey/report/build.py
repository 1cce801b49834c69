"""Tables and templates in, one document out: the report's own main line.

The lookup clears the tables, each section template becomes Markdown, the Markdown becomes blocks, references get their
numbers, and the finished document is
checked: each digit in its prose is a traced number or stands in a title of the configuration.
"""

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from msgspec.structs import replace

from innosurvey.errors import StudyError, bullets, did_you_mean
from innosurvey.kept import Kept
from innosurvey.languages import ENDING
from innosurvey.report.context import ReportContext, localised
from innosurvey.report.document import (
    Block,
    BulletList,
    Document,
    Emphasis,
    Figure,
    Heading,
    Inline,
    Link,
    Notice,
    Paragraph,
    Reference,
    Section,
    Table,
    Text,
)
from innosurvey.report.draft import Draft
from innosurvey.report.formats import date_in_words
from innosurvey.report.lookup import Lookup
from innosurvey.report.parsing import parse_section
from innosurvey.report.printed import PrintedWords
from innosurvey.report.section_files import section_names
from innosurvey.report.sections import render_sections
from innosurvey.report.typed_digits import fail_if_digits_are_typed
from innosurvey.report.wording import lower_first, upper_first
from innosurvey.report.words import words_in

ANNEX_FROM = 90  # sections numbered 90 and more are annexes


def build_document(
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, bytes],
    context: Mapping[str, Any],
    templates: Mapping[str, str],
    language: str = "en",
    kept: Kept | None = None,
) -> Document:
    """Return the report of a study in a language.

    `tables` are the gathered estimates by name, cleared or not yet, `figures` what `draw_figures` returned, `templates`
    the section files by name; `kept` has those of the run before as Jinja translated them.

    Raises `StudyError` for what a template, a title or the configuration gets wrong, `DisclosureError` for a table that
    can't be cleared.
    """
    own = f".{language}{ENDING}"
    kept = kept or Kept()
    read = {name: text for name, text in templates.items() if name.endswith(own)}
    kept.of(partial(fail_if_digits_are_typed, read), "no typed digits", read)
    about = ReportContext.from_mapping(context)
    drawn = json.loads(figures.get(f"figures.{language}.json", b"{}"))
    lookup = Lookup(tables, about.sources, about.minimum_n)
    draft = Draft(lookup=lookup, context=about, language=language, figures=drawn, kept=kept)
    markdown = render_sections(section_names(templates, language), templates, draft)
    sections = with_references(numbered_sections(markdown, draft), draft, templates)
    document = Document(
        study=about.study,
        title=localised(about.title, language),
        subtitle=f"{draft.words['waves']} {', '.join(draft.label('wave', wave) for wave in about.waves)}"
        if about.waves
        else "",
        language=language,
        synthetic=about.synthetic,
        attribution=localised(about.attribution, language),
        release_date=about.release_date,
        version=about.version,
        sections=sections,
        trace=tuple(draft.lookup.trace.rows.values()),
    )
    fail_if_numbers_are_untraced(document, about)
    return document


def stem_of(name: str) -> str:
    """Return the id of the section that a template file makes: `40_comparisons.en.md.j2` makes `comparisons`."""
    return name.split(".", 1)[0].split("_", 1)[1]


def numbered_sections(markdown: Mapping[str, str], draft: Draft) -> tuple[Section, ...]:
    """Return the sections that have something to say: the first unnumbered (the summary), then 1, 2, …, annexes A, B,
    …"""
    sections, chapter, annex = [], 0, 0
    for name, text in markdown.items():
        if not text.strip():
            continue
        order, stem = int(name.split("_", 1)[0]), stem_of(name)
        try:
            title, blocks = parse_section(stem, text, draft.placed)
        except StudyError as error:
            raise StudyError(f"{name}: {error}") from error
        if not blocks:
            continue
        if order >= ANNEX_FROM:
            annex += 1
            number = chr(ord("A") + annex - 1)
        else:
            chapter += order > 0
            number = str(chapter) if order else ""
        sections.append(Section(id=stem, title=title, number=number, blocks=tuple(blocks)))
    return tuple(sections)


def with_references(sections: tuple[Section, ...], draft: Draft, templates: Mapping[str, str]) -> tuple[Section, ...]:
    """Return the sections with each reference in words: `Table 3`. One to what was not placed is a `StudyError`, with
    file and line where one of `templates` names it.
    """
    words = {"table": words_in(draft.language)["table"], "figure": words_in(draft.language)["figure"]}

    def resolve(section: str, inline: Inline) -> Inline:
        if isinstance(inline, (Emphasis, Link)):
            return replace(inline, inlines=tuple(resolve(section, inside) for inside in inline.inlines))
        if not isinstance(inline, Reference):
            return inline
        if inline.target not in draft.placed:
            raise StudyError(
                f"{named_at(inline.target, templates, draft.language)}section {section} refers to {inline.target}, "
                f"which is not in the report.{did_you_mean(inline.target, draft.placed)}\n"
                f"In it: {', '.join(sorted(draft.placed)) or 'nothing'}.\n"
                "Correct the name, or ask first whether there is one: `drawn(…)`, `has(…)`."
            )
        kind = inline.target.split(".", 1)[0]
        return replace(inline, text=f"{words[kind]} {draft.placed[inline.target].number}")

    return tuple(
        replace(section, blocks=tuple(mapped(block, partial(resolve, section.id)) for block in section.blocks))
        for section in sections
    )


def named_at(target: str, templates: Mapping[str, str], language: str) -> str:
    """Return `file, line n: ` of the first template of a language that names a table or figure in quotes; empty where
    none does, as its name may be put together.
    """
    quoted = re.compile(rf"""["']{re.escape(target.split(".", 1)[1])}["']""")
    for name in sorted(name for name in templates if name.endswith(f".{language}{ENDING}")):
        for number, line in enumerate(templates[name].splitlines(), 1):
            if "see(" in line and quoted.search(line):
                return f"{name}, line {number}: "
    return ""


def mapped(block: Block, change: Any) -> Block:
    """Return a block with each of its inlines changed."""
    if isinstance(block, (Heading, Paragraph, Notice)):
        return replace(block, inlines=tuple(map(change, block.inlines)))
    if isinstance(block, BulletList):
        return replace(block, items=tuple(tuple(map(change, item)) for item in block.items))
    return block


def fail_if_numbers_are_untraced(document: Document, context: ReportContext) -> None:
    """Raise a `StudyError` for a digit in prose that is neither a traced number nor part of a title from the
    configuration."""
    known = sorted(titles_with_digits(context, document), key=len, reverse=True)
    found = []
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, (Table, Figure)):
                continue
            words = prose(block)
            for title in known:
                words = words.replace(title, "")
            if re.search(r"\d", words):
                found.append(f"section {section.id}: {words.strip()[:80]}")
    if found:
        raise StudyError(
            f"The prose has digits that no table stands behind:\n{bullets(found)}\nTake them from "
            f"value(…), in the section's file NN_<section>.{document.language}{ENDING}."
        )


def prose(block: Block) -> str:
    """Return the words of a block that are neither code nor a traced number nor a reference."""
    lines = (
        block.items
        if isinstance(block, BulletList)
        else (block.inlines,)
        if isinstance(block, (Heading, Paragraph, Notice))
        else ()
    )
    return " ".join(words_of(line) for line in lines)


def words_of(inlines: tuple[Inline, ...]) -> str:
    """Return the plain words of inlines, nested ones too."""
    parts = (
        words_of(inline.inlines)
        if isinstance(inline, (Emphasis, Link))
        else inline.text
        if isinstance(inline, Text)
        else "\0"
        for inline in inlines
    )
    return "".join(parts)


def titles_with_digits(context: ReportContext, document: Document) -> set[str]:
    """Return every text of the configuration, in the document's language, that holds a digit."""
    names = {
        "item": context.items,
        "cohort": context.cohorts,
        "model": context.models,
        "wave": context.waves,
        "term": context.terms,
        "rule": context.rules,
        "variable": context.variables,
    }
    texts = {context.label(kind, name, document.language) for kind, entries in names.items() for name in entries}
    for cohort, about in context.cohorts.items():
        texts |= {context.group_label(cohort, group, document.language) for group in about.get("groups") or {}}
        texts |= {context.label("cohort", cohort, document.language)}
    texts |= {localised(item.phrase, document.language) for item in context.items.values()}
    texts |= PrintedWords(context, document.language).all_texts()
    for claim in context.claims.values():
        said = (claim.get("title"), *(claim.get("hypotheses") or {}).values())
        texts |= {localised(title, document.language) for title in said}
    texts |= {
        localised(asked.get(key), document.language)
        for asked in context.robustness.values()
        for key in ("title", "question")
    }
    texts |= {localised(text, document.language) for named in context.policy.values() for text in named.values()}
    for about in context.cohorts.values():
        groups = (about.get("groups") or {}).values()
        texts |= {localised(group.get("phrase"), document.language) for group in groups if isinstance(group, Mapping)}
    texts |= {changed(text) for text in texts for changed in (upper_first, lower_first)}
    texts |= {
        document.title,
        document.subtitle,
        document.attribution,
        document.release_date,
        date_in_words(document.release_date, words_in(document.language)),
        document.version,
        localised(context.question, document.language),
    }
    return {text for text in texts if re.search(r"\d", text)}
