"""The draft of a document while its sections are written: the lookup, the words, and the tables and figures placed so
far.

Section templates and table layouts share one `Draft`. It numbers tables and figures in the order in which they are
placed and turns numbers into cells and
Markdown, each with its trace row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.groupings import BY_WAVE
from innosurvey.kept import Kept
from innosurvey.report.context import ReportContext
from innosurvey.report.document import Cell, Figure, Run, Table
from innosurvey.report.formats import (
    PERCENT_UNITS,
    Style,
    currency_in_words,
    kind_of_unit,
    money_decimals,
    significant_decimals,
    style_of,
)
from innosurvey.report.lookup import Lookup, Row
from innosurvey.report.numbers import MISSING_MARK, SUPPRESSED_MARK, Number
from innosurvey.report.words import words_at

UNITS_WITHOUT_WORDS = ("count", "ratio", "score", "importance", "firms")
MARKDOWN_SIGNS = "\\`*_[]<>&#|~"


@dataclass(slots=True, kw_only=True)
class Draft:
    """One document being written in one language; `kept` is what the run before made for it."""

    lookup: Lookup
    context: ReportContext
    language: str
    figures: Mapping[str, Mapping[str, Any]]
    placed: dict[str, Table | Figure] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)

    @property
    def words(self) -> Mapping[str, str]:
        """The fixed words of the draft's language."""
        return words_at(self.language, self.context.confidence)

    @property
    def style(self) -> Style:
        """How the draft writes numbers."""
        return style_of(self.words, self.context.currency)

    @property
    def weighted(self) -> bool:
        """True when some firms count for more than themselves."""
        rows = self.lookup.rows("weights")
        return any(row["weight_final"].available and row["weight_final"] != 1 for row in rows)

    def label(self, kind: str, name: str) -> str:
        """Return a title in the draft's language: the configuration's, else the fixed words', else the id in words."""
        fixed = self.words.get(f"{kind}_{name}")
        return fixed if fixed is not None else self.context.label(kind, name, self.language)

    def column_label(self, name: str) -> str:
        """Return the title of a variable, or of what a ledger names in its place: a register, a classification."""
        return self.label("variable" if name in self.context.variables else "column", name)

    def group_label(self, cohort: str, group: str) -> str:
        """Return the title of a group of a cohort."""
        if cohort == BY_WAVE:
            return self.label("wave", group)
        return (
            self.words["all_groups"]
            if group == "all" and cohort != "all"
            else self.context.group_label(cohort, group, self.language)
        )

    def unit_of(self, item: str, row: Row | None = None) -> str:
        """Return the unit of an item: the row's, else the configuration's, else percent for a share."""
        written = row["unit"] if row is not None and "unit" in row else ""
        declared = self.context.unit_of(item)
        statistic = row["statistic"] if row is not None and "statistic" in row else ""
        return written or declared or ("percent" if statistic == "share" else "")

    def unit_words(self, unit: str) -> str:
        """Return a unit as a reader has it: `%`, `million KRW`, `persons`."""
        return unit_in_words(unit, self.words, self.context.currency)

    def decimals(self, item: str, unit: str, value: float) -> int:
        """Return the decimals of an item's number: those of the configuration, else what the unit asks for."""
        declared = self.context.items[item].decimals if item in self.context.items else None
        if declared is not None:
            return declared
        return {"share": 1 if abs(value) >= 1 else 2, "money": money_decimals(value)}.get(
            kind_of_unit(unit), significant_decimals(value)
        )

    def decimals_of_pair(self, row: Row) -> int | None:
        """Return the decimals of a comparison: those that the larger of its two estimates asks for, so that both are
        written alike in a sentence and in a table, and so is the difference at an equal composition; None when there is
        neither."""
        if "estimate_group" not in row:
            key = {name: row[name] for name in ("cohort", "group", "reference", "item", "wave")}
            (row,) = self.lookup.rows("compare", **key)
        both = [abs(float(row[side])) for side in ("estimate_group", "estimate_reference") if row[side].available]
        return self.decimals(row["item"], self.unit_of(row["item"], row), max(both)) if both else None

    def run(self, number: Number, kind: str, decimals: int | None = None, line: int = 0) -> Run:
        """Return a number as a piece of a cell, traced; a mark where there is none."""
        if number.suppressed:
            return Run(text=SUPPRESSED_MARK, line=line)
        if not number.available:
            return Run(text=MISSING_MARK, line=line)
        text, trace = self.lookup.write(number, kind, self.style, decimals)
        return Run(text=text, trace=trace, line=line)

    def cell(self, number: Number, kind: str, decimals: int | None = None) -> Cell:
        """Return a cell with one number, sortable by it."""
        return Cell(runs=(self.run(number, kind, decimals),), order=f"{float(number):.10g}" if number.available else "")

    def place(self, block: Table | Figure) -> str:
        """Return the Markdown that puts a table or figure here; it gets the next number."""
        kind = type(block).__name__.lower()
        key = f"{kind}.{block.id}"
        if key in self.placed:
            raise StudyError(f"{key} is placed twice.\nGive the second one an id of its own.")
        number = str(1 + sum(known.startswith(f"{kind}.") for known in self.placed))
        self.placed[key] = numbered(block, number)
        return f"\n\n```place\n{key}\n```\n\n"

    def figure(self, name: str) -> str:
        """Return the Markdown that puts a drawn figure here; a figure that wasn't drawn is a `StudyError`."""
        if name not in self.figures:
            known = sorted(self.figures)
            raise StudyError(
                f"Figure {name} was not drawn.{did_you_mean(name, known)}\n"
                f"Drawn: {', '.join(known) or 'none'}.  Ask `drawn(…)` first."
            )
        about = self.figures[name]
        if not str(about.get("alt", "")).strip():
            raise StudyError(
                f"Figure {name} has no alternative text.\n"
                f"Let its function alt_… in {about.get('module') or 'innosurvey/report/figures'} say what the figure "
                "shows, with its numbers: readers who listen have nothing else of it."
            )
        notes = (*about.get("notes", ()),)
        return self.place(
            Figure(
                id=name,
                title=about["title"],
                alt=about["alt"],
                notes=notes,
                source=self.source(about.get("tables", ())),
            )
        )

    def source(self, tables: Sequence[str]) -> str:
        """Return the files behind a table or figure, as a source line."""
        return ", ".join(self.context.sources.get(table, {}).get("file", f"{table}.csv") for table in tables)


def numbered(block: Table | Figure, number: str) -> Table | Figure:
    """Return a table or figure with its number."""
    if isinstance(block, Table):
        return Table(
            id=block.id,
            title=block.title,
            columns=block.columns,
            rows=block.rows,
            notes=block.notes,
            source=block.source,
            number=number,
        )
    return Figure(
        id=block.id,
        title=block.title,
        alt=block.alt,
        notes=block.notes,
        source=block.source,
        number=number,
        wide=block.wide,
    )


def text_cell(text: str) -> Cell:
    """Return a cell of words."""
    return Cell(runs=(Run(text=text),))


def escaped(text: str) -> str:
    """Return words so that Markdown shows them as they are."""
    return "".join(f"\\{sign}" if sign in MARKDOWN_SIGNS else sign for sign in str(text)).replace("\n", " ")


def unit_in_words(unit: str, words: Mapping[str, str], currency: str) -> str:
    """Return a unit in words: `percent` is `%`, money has its currency, a count or a ratio has none."""
    if unit.lower() in PERCENT_UNITS:
        return words["unit_percent"]
    if unit.startswith("currency_million"):
        of_what = f"{currency_in_words(currency, words)}{unit.removeprefix('currency_million').replace('_', ' ')}"
        return f"{words['unit_million']} {of_what}".strip()
    return "" if unit in UNITS_WITHOUT_WORDS else words.get(f"unit_{unit}", unit.replace("_", " "))
