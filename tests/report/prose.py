"""What can be seen of a document's prose without understanding it: signs that no sentence has, headings without
content, Korean particles that do not follow the word before them.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from innosurvey.report.document import BulletList, Document, Heading, Notice, Paragraph, Table, plain_text
from innosurvey.report.particles import with_particle

NEVER = re.compile(
    r"(?<![A-Za-z])(?:None|nan|NaN|inf|undefined)(?![A-Za-z])|[{}]|  | [.,;:)](?!\w)|\( |[.,]{2}|\bsee:|\btrace:"
)
"""Signs of a sentence that was put together wrongly."""
PARTICLES = {form: pair for pair in ("은/는", "이/가", "을/를", "과/와", "으로/로") for form in pair.split("/")}
_FORMS = "|".join(sorted(PARTICLES, key=len, reverse=True))
_BEHIND_A_SIGN = re.compile(rf"(?<=[)”’\]\d%p])({_FORMS})(?=[ ,.])")


def lines_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield each line of prose with the id of its section: titles, headings, paragraphs, notices, items of lists."""
    for section in document.sections:
        yield section.id, section.title
        for block in section.blocks:
            if isinstance(block, BulletList):
                yield from ((section.id, plain_text(item)) for item in block.items)
            elif isinstance(block, (Heading, Paragraph, Notice)):
                yield section.id, plain_text(block.inlines)
            elif isinstance(block, Table):
                yield from ((section.id, text) for text in (block.title, *block.notes))


def strange_signs(document: Document) -> list[str]:
    """Return the lines with a sign that no sentence has, or without any words."""
    return [f"{section}: {line}" for section, line in lines_of(document) if NEVER.search(line) or not line.strip()]


def bare_headings(document: Document) -> list[str]:
    """Return the sections without blocks, and the headings that nothing but another of their level or a higher one, or
    the end, follows.
    """
    found = [section.id for section in document.sections if not section.blocks]
    for section in document.sections:
        for block, after in pairwise((*section.blocks, None)):
            if isinstance(block, Heading) and (
                after is None or (isinstance(after, Heading) and after.level <= block.level)
            ):
                found.append(f"{section.id}: {plain_text(block.inlines)}")
    return found


def wrong_particles(document: Document, labels: list[str]) -> list[str]:
    """Return the places where a particle right behind a number, a bracket, a quote or one of `labels` has the form that
    the word does not ask for. Behind other words a syllable may be the word's own (`평가`), and nothing is said.
    """
    named = "|".join(map(re.escape, sorted({label for label in labels if label}, key=len, reverse=True)))
    behind_a_label = re.compile(rf"(?<![가-힣])(?:{named})({_FORMS})(?=[ ,.])" if named else r"(?!)")
    found = []
    for section, line in lines_of(document):
        for pattern in (_BEHIND_A_SIGN, behind_a_label):
            for match in pattern.finditer(line):
                before, form = line[: match.start(1)], match[1]
                if with_particle(before, PARTICLES[form]) != before + form:
                    found.append(f"{section}: …{before[-30:]}{form}")
    return found
