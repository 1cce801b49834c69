"""The headline numbers and verdicts of a study, each split into what the links of the chain added.

Headline are the verdicts of the claims, the estimates that these rest on, and what is told of all firms. Numbers are
the ten digits that a release stores, taken as decimals: the parts of a number add up to its change exactly, also where
they are shown rounded, since they are taken between the rounded numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

import pandas as pd

from innosurvey.baseline.tidy import BETWEEN, IDENTITY, VERDICT, WITHHELD
from innosurvey.changes.causes import Link

DIGITS = 3
"""How many digits of the largest part are shown."""
MOST_DECIMALS = 10
EXACT = Context(prec=700)
"""Digits enough for the difference of any two numbers: the usual 28 round where one is tiny."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A headline number: its table and place, and its value in the release and after each link."""

    table: str
    place: str
    values: tuple[Decimal, ...]

    @property
    def parts(self) -> tuple[Decimal, ...]:
        """What each link added."""
        return tuple(EXACT.subtract(after, before) for before, after in zip(self.values, self.values[1:], strict=False))

    @property
    def change(self) -> Decimal:
        """What all links added."""
        return EXACT.subtract(self.values[-1], self.values[0])

    def rounded(self) -> "Number":
        """Return the number with as many decimals as show its largest part, and no parts but those between them."""
        largest = max(map(abs, self.parts))
        decimals = min(max(DIGITS - 1 - largest.adjusted(), 0), MOST_DECIMALS) if largest else DIGITS
        step = Decimal(1).scaleb(-decimals)
        values = tuple(EXACT.quantize(value, step) + 0 for value in self.values)  # + 0: no zero below zero
        return Number(table=self.table, place=self.place, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict of a claim in the release and after each link."""

    claim: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A verdict that turned: of which claim, from what to what, and with which link."""

    claim: str
    before: str
    after: str
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The chain with the headline numbers that moved in it, the verdicts, and how many numbers stayed as they were, or
    are not told in all its states."""

    links: tuple[Link, ...]
    moved: tuple[Number, ...]
    verdicts: tuple[Verdict, ...]
    unmoved: int
    untold: int

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Each turn of a verdict on its way, also of one that came back."""
        return tuple(
            Turn(claim=verdict.claim, before=before, after=after, link=link)
            for verdict in self.verdicts
            for link, before, after in zip(self.links, verdict.values, verdict.values[1:], strict=False)
            if before != after
        )

    def largest_in(self, link: Link) -> int:
        """Return of how many numbers that moved this link made the largest part."""
        place = self.links.index(link)
        return sum(abs(number.parts[place]) == max(map(abs, number.parts)) for number in self.moved)


def headline_of(statistics: pd.DataFrame) -> pd.Series:
    """Return the headline values of a list of statistics by table, key and statistic; NA for what is withheld."""
    table, key, statistic = (statistics[name] for name in IDENTITY)
    wanted = (
        ((table == "claims") & (statistic == VERDICT))
        | ((table == "hypotheses") & (statistic == "effect") & key.str.endswith(f"{BETWEEN}main"))
        | ((table == "describe") & (statistic == "estimate") & key.str.startswith(f"all{BETWEEN}all{BETWEEN}"))
    )
    values = statistics[wanted].set_index(IDENTITY)["value"]
    return values.mask(values == WITHHELD)


def split(links: Sequence[Link], before: pd.DataFrame, states: Sequence[pd.DataFrame]) -> Split:
    """Return the split of the headline numbers between the release's statistics and those after each link."""
    columns = {number: headline_of(state) for number, state in enumerate([before, *states])}
    values = pd.DataFrame(columns)
    told = values.dropna()
    rows = [
        (tuple(map(str, identity)), tuple(map(str, row)))
        for identity, row in zip(told.index, told.to_numpy(), strict=True)
    ]
    verdicts = [Verdict(claim=key, values=row) for (table, key, _), row in rows if table == "claims"]
    numbers = [
        Number(table=table, place=place_of(table, key), values=tuple(map(Decimal, row)))
        for (table, key, _), row in rows
        if table != "claims"
    ]
    moved = [number for number in numbers if any(number.parts)]
    return Split(
        links=tuple(links),
        moved=tuple(sorted(moved, key=_gravity)),
        verdicts=tuple(verdicts),
        unmoved=len(numbers) - len(moved),
        untold=len(values) - len(told),
    )


def table_of(found: Split) -> pd.DataFrame:
    """Return the numbers that moved and all verdicts as texts: `table, number`, then the value in the release and
    after each link, in a column of its name."""
    columns = ["table", "number", "before", *(link.name for link in found.links)]
    numbers = [(number.table, number.place, *map(str, number.values)) for number in found.moved]
    verdicts = [("claims", verdict.claim, *verdict.values) for verdict in found.verdicts]
    return pd.DataFrame([*verdicts, *numbers], columns=columns)


def _gravity(number: Number) -> tuple[bool, Decimal]:
    """Put the estimates behind the claims first, then the largest moves as a part of the number."""
    scale = max(map(abs, number.values)) or Decimal(1)
    return number.table != "hypotheses", -max(map(abs, number.parts)) / scale


def place_of(table: str, key: str) -> str:
    """Return where a headline number or verdict stands, without what all of its table have in common."""
    parts = key.split(BETWEEN)
    own = {"claims": parts, "hypotheses": parts[:-1]}.get(table, parts[2:])
    return " · ".join(part for part in own if part)
