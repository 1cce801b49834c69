"""How printed tables, their series, places and cells are named in a report."""

from collections.abc import Mapping
from typing import Any

from innosurvey.report.context import ReportContext, in_words, localised
from innosurvey.report.words import words_in

TO = ".."
DERIVED = "derived_"
"""What the name of a table of derived numbers begins with."""
UNITS_TO_NAME = ("thousand", "million_krw", "billion_krw", "million_usd", "percent")


class PrintedWords:
    """The words of a study's printed tables in one language."""

    def __init__(self, context: ReportContext, language: str) -> None:
        self._reference = context.reference
        self._language = language
        self._words = words_in(language)

    def title(self, table: str) -> str:
        """Return the title of a table."""
        return self._text(self._table(table).get("title")) or in_words(table)

    def runs_down(self, table: str) -> str:
        """Return which are the rows of a table: its `series` or its `at`."""
        return str(self._table(table).get("down", "series"))

    def head(self, table: str) -> str:
        """Return what the rows of a table are."""
        return self._text(self._table(table).get("head"))

    def note(self, table: str) -> str:
        """Return what must be known of a table; empty for nothing."""
        return self._text(self._table(table).get("note"))

    def cited(self, table: str) -> str:
        """Return the source of a table with its number there, and where that source has it from."""
        about = self._table(table)
        cited, number = self._text(about.get("source")), about.get("number")
        cited = self._words["printed_table"].format(source=cited, number=number) if number else cited
        after = self._text(about.get("after"))
        return self._words["printed_after"].format(cited=cited, after=after) if after else cited

    def series(self, table: str, series: str) -> str:
        """Return the title of a series, or of the first and the last of a range."""
        return self._named(self._table(table).get("series") or {}, series)

    def at(self, table: str, at: str) -> str:
        """Return the title of a place, or of the first and the last of a range."""
        return self._named(self._table(table).get("at") or {}, at)

    def cell(self, address: str) -> str:
        """Return the address of a printed number in words."""
        table, _, rest = address.partition(".")
        series, _, at = rest.partition("@")
        title = self.series(table, series)
        if not (self._table(table).get("number")):
            return title  # what a text states has no place of its own
        place = self.at(table, at)
        derived = self._words["as_derived"].format(at=place) if table.startswith(DERIVED) else place
        return self._words["printed_cell"].format(series=title, at=derived)

    def cells(self, addresses: str) -> str:
        """Return several addresses in words."""
        return "; ".join(map(self.cell, addresses.split()))

    def ratio(self, name: str) -> str:
        """Return the title of a ratio."""
        return self._text((self._reference.get("ratios") or {}).get(name)) or in_words(name)

    def remark(self, check: str) -> str:
        """Return what a reader should know of a check that does not come out; empty for nothing."""
        return self._text((self._reference.get("notes") or {}).get(check))

    def with_unit(self, title: str, unit: str) -> str:
        """Return a title with the unit of its numbers, where they have one."""
        if unit not in UNITS_TO_NAME:
            return title
        return self._words["printed_with_unit"].format(title=title, unit=self._words[f"unit_{unit}"])

    def all_texts(self) -> set[str]:
        """Return the names that sentences may hold: of tables, their sources, series and places."""
        found: set[str] = set()
        for table, about in (self._reference.get("tables") or {}).items():
            found |= {self.title(table), self.cited(table)}
            found |= {self.series(table, name) for name in about.get("series") or {}}
            found |= {self.at(table, name) for name in about.get("at") or {}}
        return found

    def _table(self, table: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = (self._reference.get("tables") or {}).get(table) or {}
        return found

    def _named(self, titles: Mapping[str, Any], name: str) -> str:
        first, _, last = name.partition(TO)
        said = [self._text(titles.get(part)) or part for part in (first, last) if part]
        return self._words["printed_range"].format(first=said[0], last=said[-1]) if len(said) > 1 else said[0]

    def _text(self, words: Any) -> str:
        return localised(words, self._language)
