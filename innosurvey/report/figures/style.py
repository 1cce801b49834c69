"""How the figures look: one typeface, one palette that colour-blind readers tell apart, intervals on every estimate.

`FigureStyle` carries what a drawing needs beside its data; `as_svg` turns a drawing into bytes that are the same on
every run.
"""

import io
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from innosurvey.errors import StudyError
from innosurvey.report.assets import FONT_FAMILY
from innosurvey.report.context import ReportContext
from innosurvey.report.draft import unit_in_words
from innosurvey.report.formats import Style, digits, style_of
from innosurvey.report.words import words_at, words_in

# Okabe and Ito's palette, darkest contrasts first; markers differ too, so that colour is never alone.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "D", "^", "v", "P", "X")
GREY, LINE, INK = "#6b7280", "#d5dae0", "#1b1f24"
WIDTH = 8.0  # inches
DPI = 150  # to which texts are measured when room is made for them
SALT = "innosurvey"
# Coordinates to a hundredth of a point: nobody sees more, a page carries half as much, and longer ones look like firm
# ids to the scan for leaks. Scales keep five decimals: what they multiply is large.
MORE_DECIMALS = re.compile(rb"(scale\([^)]{1,40}\))|(\.\d{2})\d+")
MORE_THAN_FIVE = re.compile(rb"(\.\d{5})\d+")

SETTINGS: dict[Any, Any] = {
    "font.family": [FONT_FAMILY],
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "text.hinting": "none",
    "svg.fonttype": "path",
    "svg.hashsalt": SALT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureStyle:
    """The study's titles and units, in the language of the figures."""

    context: ReportContext
    language: str

    def word(self, name: str) -> str:
        """Return a fixed word."""
        return words_at(self.language, self.context.confidence)[name]

    def item(self, name: str) -> str:
        """Return an item's title."""
        return self.context.label("item", name, self.language)

    def named(self, kind: str, name: str) -> str:
        """Return a title as tables have it: the fixed words', else the configuration's, else the id in words."""
        return words_in(self.language).get(f"{kind}_{name}") or self.context.label(kind, name, self.language)

    def group(self, cohort: str, name: str) -> str:
        """Return a group's title."""
        return self.context.group_label(cohort, name, self.language)

    def unit(self, name: str) -> str:
        """Return an item's unit in words."""
        return unit_in_words(self.context.unit_of(name), words_in(self.language), self.context.currency)

    def item_with_unit(self, name: str) -> str:
        """Return an item's title with its unit behind it."""
        return self.word("printed_with_unit").format(title=self.item(name), unit=self.unit(name))

    def number(self, value: float, decimals: int = 1) -> str:
        """Return a number as text."""
        return digits(value, decimals, Style())

    def with_unit(self, value: float, decimals: int, unit: str) -> str:
        """Return a number as text, with its unit as the language writes them."""
        return style_of(words_in(self.language), self.context.currency).with_unit(self.number(value, decimals), unit)


@contextmanager
def house_style(fonts: Sequence[str]) -> Iterator[None]:
    """Draw with the vendored fonts and the house's settings, and leave matplotlib as it was."""
    for font in fonts:
        font_manager.fontManager.addfont(font)
    with mpl.rc_context(SETTINGS):
        yield


def canvas(height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, list[Axes]]:
    """Return a figure of the house's width and its axes, in reading order; `as_svg` finds the room for all."""
    figure = Figure(figsize=(WIDTH, height), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False, **options)
    return figure, [axis for row in axes for axis in row]


def as_svg(name: str, language: str, figure: Figure) -> bytes:
    """Return a figure as SVG. The same drawing gives the same bytes.

    Raises `StudyError` where it shows a character that the font lacks.
    """
    svg = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        try:
            ConstrainedLayoutEngine().execute(figure)
            figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
        except UserWarning as lost:
            raise StudyError(
                f"Figure {name} ({language}) shows a character that the report's fonts lack: {lost}\n"
                "Write it with others where it stands (configuration, data), or add it with tools/make_fonts.py."
            ) from lost
    return fewer_decimals(svg.getvalue())


def fewer_decimals(svg: bytes) -> bytes:
    """Return a drawing whose coordinates have two decimals, its scales five."""
    return MORE_DECIMALS.sub(lambda found: MORE_THAN_FIVE.sub(rb"\1", found[1]) if found[1] else found[2], svg)


def dots(axis: Axes, frame: pd.DataFrame, positions: Sequence[float], number: int, label: str) -> None:
    """Draw estimates as points with their intervals, left to right; `number` is the series."""
    errors = (frame["estimate"] - frame["lower"], frame["upper"] - frame["estimate"])
    axis.errorbar(
        frame["estimate"],
        positions,
        xerr=[part.clip(lower=0).fillna(0) for part in errors],
        fmt=MARKERS[number % len(MARKERS)],
        color=COLOURS[number % len(COLOURS)],
        markersize=5,
        elinewidth=1.6,
        capsize=0,
        label=label,
    )


def wrapped(text: str, width: int) -> str:
    """Return a label in lines of about `width` signs, broken at spaces; a Korean sign is as wide as two others."""
    lines = [""]
    for word in text.split():
        if lines[-1] and width_of(lines[-1]) + width_of(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def width_of(text: str) -> int:
    """Return how wide a text is, in signs of the Latin script."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
