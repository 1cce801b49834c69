"""A comparison written up: lines for the terminal, Markdown for the summary of CI, and a page in one file."""

from collections.abc import Iterator

from innosurvey.baseline.summary import MEANINGS, Comparison, TableChanges, causes_in_words, caution_on
from innosurvey.layout import layout_of

IN_TERMINAL = 3
IN_MARKDOWN = 10
"""How many changes of a table are shown; the page shows all that the comparison has."""


def lines_of(comparison: Comparison) -> list[str]:
    """Return the comparison for a terminal: counts by outcome, then the gravest changes by table."""
    release = comparison.against
    width = max(map(len, MEANINGS))
    lines = [
        f"Compared with release {release.name} of {release.study}: {verdict_of(comparison)}",
        *comparison.notes,
        "",
    ]
    lines += [f"  {outcome:<{width}}  {count:>9,}  {MEANINGS[outcome]}" for outcome, count in comparison.counts.items()]
    for part in comparison.tables:
        lines += ["", f"{part.table}: {extent_of(part)}"]
        for change in part.gravest[:IN_TERMINAL]:
            lines.append(f"  {change.place}")
            lines.append(f"      {change.statistic}: {change.before} → {change.after} ({change.meaning})")
    if causes := causes_in_words(comparison.causes):
        lines += ["", "Not as it was:", *[f"  {cause}" for cause in causes]]
    if caution := caution_on(comparison):
        lines += ["", "Confidentiality", f"  {caution}"]
    return lines


def markdown_of(comparison: Comparison) -> str:
    """Return the comparison as Markdown, as the summary of a run of CI shows it."""
    return "\n".join(_markdown(comparison)) + "\n"


def page_of(comparison: Comparison, layout: str, title: str) -> str:
    """Return the comparison as one HTML file; `layout` is the template, `title` the study's."""
    return layout_of(layout).render(
        title=title,
        comparison=comparison,
        release=comparison.against,
        verdict=verdict_of(comparison),
        meanings=MEANINGS,
        extents={part.table: extent_of(part) for part in comparison.tables},
        causes=causes_in_words(comparison.causes),
        caution=caution_on(comparison),
    )


def verdict_of(comparison: Comparison) -> str:
    """Return in one sentence whether anything differs."""
    total = sum(comparison.counts.values())
    if not comparison.differ:
        return f"all {total:,} statistics agree."
    return f"{comparison.differ:,} of {total:,} statistics differ beyond tolerance."


def extent_of(part: TableChanges) -> str:
    """Return how much of a table differs, and in which direction."""
    rest = part.differ - part.up - part.down
    others = f", {rest:,} in no direction" if rest else ""
    return f"{part.differ:,} of {part.statistics:,} differ: {part.up:,} up, {part.down:,} down{others}"


def _markdown(comparison: Comparison) -> Iterator[str]:
    release = comparison.against
    yield f"## {release.study}: compared with release {release.name}\n"
    yield f"**{verdict_of(comparison)[:1].upper()}{verdict_of(comparison)[1:]}**\n"
    yield f"Released by {cell(release.who)}: {cell(release.why)} Data of {release.data_release}.\n"
    for note in comparison.notes:
        yield f"{cell(note)}\n"
    yield "| what became of them | statistics | meaning |\n| --- | ---: | --- |"
    for outcome, count in comparison.counts.items():
        yield f"| {outcome} | {count:,} | {MEANINGS[outcome]} |"
    for cause in causes_in_words(comparison.causes):
        yield f"\nNot as it was: {cell(cause)}"
    if caution := caution_on(comparison):
        yield f"\n**Confidentiality.** {cell(caution)}"
    for part in comparison.tables:
        yield f"\n### {part.table}: {extent_of(part)}\n"
        yield "| where | statistic | before | after | |\n| --- | --- | ---: | ---: | --- |"
        for change in part.gravest[:IN_MARKDOWN]:
            cells = (change.place, change.statistic, change.before, change.after, change.meaning)
            yield f"| {' | '.join(map(cell, cells))} |"


def cell(text: str) -> str:
    """Return a text that can't be taken for Markdown or HTML, nor end a cell."""
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
