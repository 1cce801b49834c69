"""Years that move along from one wave to the next: in the names of columns, in rules, in titles, in the period."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT = re.compile(r"(?<=[A-Z_]{3})\d\d$")
"""A year such as that of EMP14: after three letters at least, since Q14 is a question."""
BEFORE = 2
"""Years before the period that a survey may ask about: the years that move reach from there to the wave's year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """From the wave of a codebook, whose answers are about `first` to `last`, to one whose last year is `new`."""

    first: int
    last: int
    new: int

    @property
    def by(self) -> int:
        """How many years the new wave is later."""
        return self.new - self.last

    def moved(self, text: str) -> str:
        """Return the text with the years that the old wave is about as those of the new one."""
        return _YEAR.sub(lambda found: str(self._moved(int(found[0]))), text)

    def has_years(self, text: str) -> bool:
        """Return whether moving changes the text."""
        return self.moved(text) != text

    def period(self, period: tuple[str, str]) -> tuple[str, str]:
        """Return the period of the new wave: as long as the old one."""
        return _later(period[0], self.by), _later(period[1], self.by)

    def columns(self, names: Collection[str], there: Collection[str]) -> dict[str, str]:
        """Return old → new name of the columns whose years move: the last year of a name's family has to be there.

        Of SALES_2022 and SALES_2020 both become two years later in a file that has SALES_2024, and none in another:
        else SALES_2022 would be taken for what it was two years before.
        """
        families: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for name in names:
            for year, family, new in self._dated(name):
                families[family].append((year, name, new))
        found: dict[str, str] = {}
        for dated in families.values():
            if max(dated)[2] in there:
                found |= {name: new for _, name, new in dated if new in there}
        return found

    def _moved(self, year: int) -> int:
        return year + self.by if self.first - BEFORE <= year <= self.last else year

    def _dated(self, name: str) -> Iterable[tuple[int, str, str]]:
        years = [int(year) for year in _YEAR.findall(name)]
        if years and self.has_years(name):
            yield max(years), _YEAR.sub("{}", name), self.moved(name)
        short = _SHORT.search(name)
        if short and 0 <= (self.last - int(short[0])) % 100 <= self.last - self.first + BEFORE:
            new = f"{(int(short[0]) + self.by) % 100:02d}"
            yield (
                self.last - (self.last - int(short[0])) % 100,
                f"{name[: short.start()]}[]",
                name[: short.start()] + new,
            )


def _later(day: str, years: int) -> str:
    """Return the day some years later; of 29 February the day before where the year has none."""
    parsed = date.fromisoformat(day)
    try:
        return parsed.replace(year=parsed.year + years).isoformat()
    except ValueError:
        return parsed.replace(year=parsed.year + years, day=28).isoformat()
