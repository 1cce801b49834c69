"""Words for comparisons: how a sentence names groups and items, and which way a set of comparisons points.

A share is a thing that firms do (`use clients as a source of information`), any other statistic is a thing that they
have (`sales per employee`); items may say so under `phrase:`, and the title serves where they don't. Sentences
themselves stand in the section templates: here are their parts, so that a language only has to put them in order.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from innosurvey.groupings import BY_WAVE
from innosurvey.report.context import localised, lower_first
from innosurvey.report.draft import Draft, escaped
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number
from innosurvey.report.particles import without_object_particle

Judge = Callable[[Row], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Items of one theme as a sentence takes them: words before, what differs with its row, words behind.

    `does` is true for things that firms do, false for things that they have.
    """

    does: bool
    before: str
    pieces: tuple[tuple[str, Row], ...]
    after: str


def group_phrase(draft: Draft, cohort: str, group: str) -> str:
    """Return how a sentence names the firms of a group: `failed firms`; its title in a frame of words where the
    configuration has no phrase.
    """
    if cohort == BY_WAVE:
        return draft.words["phrase_wave"].format(wave=draft.label("wave", group))
    groups = draft.context.cohorts.get(cohort, {}).get("groups") or {}
    about = groups.get(group)
    phrase = localised(about.get("phrase"), draft.language) if isinstance(about, Mapping) else ""
    return phrase or draft.words["phrase_group"].format(group=draft.group_label(cohort, group))


def item_phrase(draft: Draft, item: str) -> tuple[bool, str]:
    """Return whether firms do the item or have it, and its words; a share without a phrase is named by its title."""
    about = draft.context.items.get(item)
    phrase = localised(about.phrase, draft.language) if about else ""
    share = about is not None and about.statistic == "share"
    if phrase:
        return share, phrase
    title = draft.label("item", item)
    return False, draft.words["phrase_item"].format(item=title) if share else lower_first(title)


def parts_of(draft: Draft, rows: Sequence[Row]) -> list[Part]:
    """Return comparisons as parts of a sentence, theme by theme; what the phrases of a part share is said once."""
    kept: dict[tuple[bool, str, str], list[tuple[str, Row]]] = {}
    for row in rows:
        does, phrase = item_phrase(draft, row["item"])
        about = draft.context.items.get(row["item"])
        alone = phrase if re.search(r"\d", phrase) else ""  # a title with digits is checked as a whole: it stays whole
        kept.setdefault((does, about.theme if about else "", alone), []).append((phrase, row))
    parts = []
    for (does, _, _), members in kept.items():
        phrases = [phrase for phrase, _ in members]
        before, middles, after = shared_words(phrases)
        if not (does or (before and after)):  # `R&D expenditure per firm and staff in percent` would mislead
            before, middles, after = "", phrases, ""
        pieces = tuple((escaped(words), row) for words, (_, row) in zip(middles, members, strict=True))
        parts.append(Part(does=does, before=escaped(before), pieces=pieces, after=escaped(after)))
    return parts


def shared_words(phrases: Sequence[str]) -> tuple[str, list[str], str]:
    """Return the words that all phrases begin with, what is left of each, and the words that all end with. One phrase
    alone, or phrases of which nothing would be left, are returned whole.
    """
    split = [phrase.split() for phrase in phrases]
    if len(split) < 2:
        return "", list(phrases), ""
    room = min(map(len, split)) - 1
    before = common_length(split, room)
    after = common_length([words[::-1] for words in split], room - before)
    middles = [" ".join(words[before : len(words) - after]) for words in split]
    first = split[0]
    return " ".join(first[:before]), middles, " ".join(first[len(first) - after :])


def common_length(split: Sequence[Sequence[str]], most: int) -> int:
    """Return how many words all lists begin with, `most` at the most."""
    length = 0
    while length < most and len({words[length] for words in split}) == 1:
        length += 1
    return length


def verdict(row: Row, alpha: float) -> str:
    """Return what a comparison shows: `higher`, `lower`, `unclear` (p at or above alpha), or `unavailable`."""
    p = evidence(row)
    if not (row["difference"].available and p.available):
        return "unavailable"
    if float(p) >= alpha or float(row["difference"]) == 0:
        return "unclear"
    return "higher" if float(row["difference"]) > 0 else "lower"


def judge_of(draft: Draft) -> Judge:
    """Return what judges a comparison by the study's limit of p."""
    return partial(verdict, alpha=draft.context.alpha)


def tendency(rows: Sequence[Row], judge: Judge) -> str:
    """Return which way comparisons point: `higher` or `lower` when all clear ones do, `mixed` when they differ,
    `unclear` when none is clear.
    """
    clear = {judge(row) for row in rows} & {"higher", "lower"}
    return clear.pop() if len(clear) == 1 else "mixed" if clear else "unclear"


def strongest(rows: Sequence[Row], most: int) -> list[Row]:
    """Return the rows with the largest effects, `most` at the most, in their own order."""
    ranked = sorted(rows, key=lambda row: -abs(float(row["effect_size"])) if row["effect_size"].available else 0.0)
    kept = {id(row) for row in ranked[:most]}
    return [row for row in rows if id(row) in kept]


def evidence(row: Row) -> Number:
    """Return the p-value that a verdict rests on: the adjusted one where there is one."""
    number: Number = row["p_adjusted"] if row["p_adjusted"].available else row["p"]
    return number


def weakest(rows: Sequence[Row]) -> Number:
    """Return the largest p-value of some comparisons."""
    return max((evidence(row) for row in rows), key=float)


def upper_first(text: str) -> str:
    """Return words as a sentence begins with them."""
    return text[:1].upper() + text[1:]


def trimmed(titles: Sequence[str]) -> list[str]:
    """Return titles without the words that all of three or more share: labels of a figure whose title says them."""
    if len(set(titles)) < 3:
        return list(titles)
    before, middles, after = shared_words(titles)
    if after:
        middles = [without_object_particle(words) for words in middles]
    return [upper_first(words) for words in middles] if before or after else list(titles)


def wording_vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the section templates call to put comparisons into words."""
    judge = judge_of(draft)
    return {
        "verdict": judge,
        "group_phrase": lambda cohort, group: escaped(group_phrase(draft, cohort, group)),
        "parts_of": lambda rows: parts_of(draft, rows),
        "short_titles": lambda rows: [*map(escaped, trimmed([draft.label("item", row["item"]) for row in rows]))],
        "tendency": lambda rows: tendency(rows, judge),
        "strongest": strongest,
        "evidence": evidence,
        "weakest": weakest,
        "start": upper_first,
        "lower": lower_first,
    }
