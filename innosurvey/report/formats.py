"""Numbers as text: one function per kind of number, the same in prose, tables and figures.

Each takes a finite float and returns text; a missing value raises, so that no page can say `nan` or `None`. Minus is
the sign U+2212; thousands, units and dates are written as the language has them, which `style_of` reads from its words.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from innosurvey.errors import StudyError, did_you_mean

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
SMALLEST_P = 0.001
PERCENT_UNITS = ("percent", "%", "share", "pct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How numbers are written for one study in one language."""

    thousands: str = ","
    decimal: str = "."
    currency: str = ""
    million: str = "million"
    points: str = "percentage points"
    to_unit: str = " "  # what stands between a number and its unit; nothing, where a language writes them together

    def with_unit(self, number: str, unit: str) -> str:
        """Return a number that is written already, with its unit if it has one; a sign such as `%` stands apart."""
        between = self.to_unit if unit[:1].isalpha() else " "
        return f"{number}{between}{unit}" if unit else number


def style_of(words: Mapping[str, str], currency: str) -> Style:
    """Return how a language with these fixed words writes the numbers of a study in this currency."""
    return Style(
        currency=currency_in_words(currency, words),
        million=words["unit_million"],
        points=words["unit_points"],
        to_unit=words["number_to_unit"],
    )


def currency_in_words(currency: str, words: Mapping[str, str]) -> str:
    """Return what a language calls a currency; its code where it has no word for it."""
    return words.get(f"currency_{currency}", currency)


def date_in_words(day: str, words: Mapping[str, str]) -> str:
    """Return a date that is written as `2024-06-30` as the language writes dates; `StudyError` for what is no date."""
    try:
        return words["date"].format(date=date.fromisoformat(day))
    except ValueError as error:
        raise StudyError(f"{day!r} is no date.\nWrite it as year-month-day, as 2024-06-30.") from error


def digits(value: float, decimals: int, style: Style) -> str:
    """Return a number with fixed decimals; one that rounds to zero has no sign."""
    fail_if_missing(value)
    text = f"{abs(value):,.{decimals}f}".replace(",", "\0").replace(".", style.decimal).replace("\0", style.thousands)
    negative = value < 0 and any(character in "123456789" for character in text)
    return f"{MINUS}{text}" if negative else text


def share(value: float, style: Style, decimals: int | None = None) -> str:
    """Return a share (0-100) as `12.3 %`."""
    return f"{digits(value, 1 if decimals is None else decimals, style)}{SPACE}%"


def fraction(value: float, style: Style, decimals: int | None = None) -> str:
    """Return a part of one (0-1) as `12.3 %`."""
    return share(100 * value, style, decimals)


def points(value: float, style: Style, decimals: int | None = None) -> str:
    """Return a difference of shares as `+3.2 percentage points`, always with its sign."""
    return f"{signed(value, 1 if decimals is None else decimals, style)} {style.points}"


def signed(value: float, decimals: int, style: Style) -> str:
    """Return a number with its sign, also when it is positive."""
    text = digits(value, decimals, style)
    return text if text.startswith(MINUS) or not any(character in "123456789" for character in text) else f"+{text}"


def count(value: float, style: Style, decimals: int | None = None) -> str:
    """Return a count as `1,234`."""
    return digits(value, decimals or 0, style)


def money(value: float, style: Style, decimals: int | None = None) -> str:
    """Return an amount in millions of the study's currency as `1,234 million KRW`."""
    shown = money_decimals(value) if decimals is None else decimals
    unit = f"{style.million}{SPACE}{style.currency}".strip()
    return style.with_unit(digits(value, shown, style), unit).replace(" ", SPACE)


def money_decimals(value: float) -> int:
    """Return the decimals of an amount: none for hundreds and more, two for less than ten."""
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def p(value: float, style: Style, decimals: int | None = None) -> str:
    """Return a p-value as `p = 0.034` or `p < 0.001`."""
    bare = p_bare(value, style)
    return f"p{SPACE}{bare[0]}{SPACE}{bare[1:]}" if bare[0] == "<" else f"p{SPACE}={SPACE}{bare}"


def p_bare(value: float, style: Style, decimals: int | None = None) -> str:
    """Return a p-value for a table: `0.034` or `<0.001`."""
    fail_if_missing(value)
    return f"<{digits(SMALLEST_P, 3, style)}" if value < SMALLEST_P else digits(value, 3, style)


def estimate(value: float, style: Style, decimals: int | None = None) -> str:
    """Return an estimate with three significant digits, or with the decimals given."""
    return digits(value, significant_decimals(value) if decimals is None else decimals, style)


def significant_decimals(value: float, figures: int = 3, most: int = 4) -> int:
    """Return how many decimals show `figures` significant digits, `most` at the most."""
    fail_if_missing(value)
    if value == 0:
        return 1
    return max(0, min(most, figures - 1 - math.floor(math.log10(abs(value)))))


KINDS: Mapping[str, Callable[..., str]] = {
    "share": share,
    "fraction": fraction,
    "points": points,
    "count": count,
    "money": money,
    "p": p,
    "p_bare": p_bare,
    "estimate": estimate,
    "signed": lambda value, style, decimals=None: signed(
        value, significant_decimals(value) if decimals is None else decimals, style
    ),
}


def kind_of_unit(unit: str | None) -> str:
    """Return the kind of number that a unit asks for: a share, money, or a plain estimate."""
    name = (unit or "").lower()
    if name in PERCENT_UNITS:
        return "share"
    return "money" if name.startswith("currency_million") else "estimate"


def written(kind: str, value: float, style: Style, decimals: int | None = None) -> str:
    """Return a number as text of a kind; an unknown kind is a `StudyError` with the near name."""
    if kind not in KINDS:
        raise StudyError(
            f"There is no number format {kind}.{did_you_mean(kind, KINDS)}\nThere are: {', '.join(sorted(KINDS))}."
        )
    return KINDS[kind](value, style, decimals)


def fail_if_missing(value: float) -> None:
    """Raise a `StudyError` for a number that isn't one."""
    if value is None or not math.isfinite(value):
        raise StudyError(
            "A number is missing, so it can't be written.\nAsk `is available` before a sentence or a cell uses it."
        )
