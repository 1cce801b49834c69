"""The changes written up: lines for the terminal, Markdown, and a page in one file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from innosurvey.baseline.page import cell
from innosurvey.baseline.release import Release
from innosurvey.baseline.summary import MEANINGS as OUTCOMES
from innosurvey.baseline.summary import WHAT_TO_DO
from innosurvey.changes.causes import MEANINGS, Link
from innosurvey.changes.distributions import Move
from innosurvey.changes.schema import Columns
from innosurvey.changes.split import Number, Split, Turn
from innosurvey.changes.units import Units
from innosurvey.layout import layout_of

IN_TERMINAL = 12
IN_MARKDOWN = 40
"""How many numbers, settings and moves are shown; the page shows all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that changed since a release.

    `rests_on` are the files that are not as they were, by part; `sources` the counts of the units of each source that
    changed, `new` the rows of each that is new; `least` is how many units may be told of.
    """

    release: Release
    rests_on: Sequence[str]
    columns: Sequence[Columns]
    settings: Sequence[str]
    sources: Mapping[str, Units]
    new: Mapping[str, int]
    moves: Sequence[Move]
    outcomes: Mapping[str, int]
    split: Split
    claims: Mapping[str, str]
    least: int


def lines_of(changes: Changes) -> list[str]:
    """Return the changes for a terminal."""
    release, split = changes.release, changes.split
    lines = [f"What changed in {release.study} since release {release.name}: {causes_of(changes)}."]
    for title, said in (
        ("Not as it was", changes.rests_on),
        ("Schema", schema_lines(changes)),
        ("Units", unit_lines(changes)),
        ("Confidentiality", caution_lines(changes)),
        ("What moved furthest among all firms, in standard deviations", list(map(move_line, changes.moves))),
        ("Results", [f"{outcome}: {count:,}" for outcome, count in changes.outcomes.items() if count]),
        ("Headline numbers", headline_lines(split)),
        ("Verdicts", verdict_lines(changes)),
    ):
        if said:
            lines += ["", title, *[f"  {line}" for line in _first(said, IN_TERMINAL)]]
    for number in split.moved[:IN_TERMINAL]:
        lines += ["", f"  {number.table}: {number.place}", f"      {number_line(number.rounded(), split.links)}"]
    return lines


def markdown_of(changes: Changes) -> str:
    """Return the changes as Markdown."""
    return "\n".join(_markdown(changes)) + "\n"


def page_of(changes: Changes, layout: str, title: str) -> str:
    """Return the changes as one HTML file; `layout` is the template, `title` the study's."""
    return layout_of(layout).render(
        title=title,
        changes=changes,
        release=changes.release,
        split=changes.split,
        numbers=[number.rounded() for number in changes.split.moved],
        causes=causes_of(changes),
        meanings={link.name: meaning_of(link) for link in changes.split.links},
        outcomes=OUTCOMES,
        schema=schema_lines(changes),
        cautions=caution_lines(changes),
        headline=headline_lines(changes.split),
        verdicts=verdict_lines(changes),
        counted=lambda count: counted(count, changes.least),
        in_both=lambda units: in_both(units, changes.least),
        signed=signed,
    )


def causes_of(changes: Changes) -> str:
    """Return what the changes are caused by."""
    return f"caused by {' + '.join(link.name for link in changes.split.links)}"


def meaning_of(link: Link) -> str:
    """Return what a link is, and why its causes are told together."""
    said = "; ".join(MEANINGS[cause] for cause in link.causes)
    return f"{said}. Told together: {link.why}" if link.why else said


def counted(count: int, least: int) -> str:
    """Return a count of units; not how many where it is small."""
    return f"fewer than {least}" if 0 < count < least else f"{count:,}"


def in_both(units: Units, least: int) -> str:
    """Return how many units stayed; not where a small count would follow from it and the totals of the reports."""
    small = any(0 < count < least for count in (units.entries, units.exits))
    return "–" if small else counted(units.both, least)


def schema_lines(changes: Changes) -> list[str]:
    """Return what is asked, read and set otherwise: by source, then by setting."""
    lines = [f"{source}: new, {counted(rows, changes.least)} rows" for source, rows in changes.new.items()]
    for one in changes.columns:
        kinds = {"added": one.added, "dropped": one.dropped, "renamed": one.renamed, "read otherwise": one.recoded}
        lines += [f"{one.source}: {kind} {', '.join(names)}" for kind, names in kinds.items() if names]
    return lines + [f"setting {path}" for path in changes.settings]


def unit_lines(changes: Changes) -> list[str]:
    """Return the counts of each source that changed."""
    return [
        f"{source}: came {counted(units.entries, changes.least)}, left {counted(units.exits, changes.least)}, "
        f"amended {counted(units.amended, changes.least)}, in both {in_both(units, changes.least)}"
        for source, units in changes.sources.items()
    ]


def caution_lines(changes: Changes) -> list[str]:
    """Return which sources changed by so few units that these could be worked out from two releases."""
    return [
        f"{source}: fewer than {changes.least} came, left or were amended. Whoever has both releases can work out from "
        f"a total before and after what they say. {WHAT_TO_DO}"
        for source, units in changes.sources.items()
        if any(0 < count < changes.least for count in (units.entries, units.exits, units.amended))
    ]


def move_line(move: Move) -> str:
    """Return one move of a distribution."""
    return (
        f"{move.wave} · {move.item} · {move.statistic}: {move.before:.4g} → {move.after:.4g} ({move.standardised:+.3f})"
    )


def headline_lines(split: Split) -> list[str]:
    """Return how many headline numbers moved, and in how many each link made the largest part."""
    lines = [f"{len(split.moved):,} moved, {split.unmoved:,} did not, {split.untold:,} are not told in every state."]
    if split.moved:
        lines += [f"largest part: {link.name}, in {split.largest_in(link):,}" for link in split.links]
    return lines


def verdict_lines(changes: Changes) -> list[str]:
    """Return a sentence per verdict that turned, or that none did."""
    told = len(changes.split.verdicts)
    return [turn_line(turn, changes.claims) for turn in changes.split.turns] or [f"none of {told} turned."]


def turn_line(turn: Turn, titles: Mapping[str, str]) -> str:
    """Return what a verdict turned to, and with which cause."""
    title = f" ({titles[turn.claim]})" if turn.claim in titles else ""
    return f"{turn.claim}{title}: from {turn.before} to {turn.after} by {turn.link.name}."


def number_line(number: Number, links: Sequence[Link]) -> str:
    """Return a number with its parts."""
    parts = [f"{link.name} {signed(part)}" for link, part in zip(links, number.parts, strict=True)]
    return f"{number.values[0]:f} → {number.values[-1]:f}: {', '.join(parts)}"


def signed(part: Decimal) -> str:
    """Return a part with its sign; zero has none."""
    return f"{part:+f}" if part else "0"


def _first(lines: Sequence[str], most: int) -> list[str]:
    rest = len(lines) - most
    return [*lines[:most], *([f"… and {rest:,} more"] if rest > 0 else [])]


def _markdown(changes: Changes) -> Iterator[str]:
    release, split = changes.release, changes.split
    yield f"## {release.study}: what changed since release {release.name}\n"
    yield f"{causes_of(changes).capitalize()}.\n"
    yield from (f"- {cell(line)}" for line in changes.rests_on)
    for title, lines in (("Verdicts", verdict_lines(changes)), ("Headline numbers", headline_lines(split))):
        yield f"\n### {title}\n"
        yield from (f"- {cell(line)}" for line in lines)
    if split.moved:
        names = [cell(link.name) for link in split.links]
        yield f"\n| number | before | {' | '.join(names)} | after |\n| --- | ---: |{' ---: |' * (len(names) + 1)}"
        for number in (number.rounded() for number in split.moved[:IN_MARKDOWN]):
            values = [f"{number.values[0]:f}", *map(signed, number.parts), f"{number.values[-1]:f}"]
            yield f"| {cell(number.place)} | {' | '.join(values)} |"
    for title, lines in (
        ("Units", unit_lines(changes)),
        ("Confidentiality", caution_lines(changes)),
        ("Schema", schema_lines(changes)),
        ("What moved furthest among all firms, in standard deviations", list(map(move_line, changes.moves))),
        ("Results", [f"{outcome}: {count:,}" for outcome, count in changes.outcomes.items()]),
    ):
        if lines:
            yield f"\n### {title}\n"
            yield from (f"- {cell(line)}" for line in _first(lines, IN_MARKDOWN))
