"""The chain from R&D to innovation to productivity as a path diagram: a card per equation with its inputs, an arrow
from each equation to those that take what it predicts, with the estimate and its interval.

All lengths are inches: what a card holds decides its height, the cards of a panel its own, the panels the figure's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from innosurvey.report.figures.style import COLOURS, GREY, INK, WIDTH, FigureStyle, canvas, wrapped
from innosurvey.report.terms import equation_words, parts_of, term_words
from innosurvey.report.words import words_in

Tables = dict[str, pd.DataFrame]
Row = Mapping[Any, Any]
CHAIN = "cdm"
COLUMNS = ["model", "equation", "outcome", "source", "term", "estimate", "lower", "upper", "clear"]
OWN = "productivity"
"""The name of a chain's own equation, which stands last; the others by the stage that they are in."""
STAGES = (("selection", "intensity"), ("knowledge", "second_knowledge"), (OWN,))
CARD, ROOM = 1.86, 1.16  # how wide a card is, and the room between two
LINE, HEAD, EDGE, GAP = 0.148, 0.17, 0.09, 0.34  # of a row, of a line of the title, inside a card, between two
TITLE_SIGNS, ROW_SIGNS = 27, 24  # how many letters a line of a card holds; a row has its number beside them
TITLE_SIZE, ROW_SIZE = 8.5, 7.5
MARGIN = 0.05
BEHIND = (0.66, 0.29)  # of the numbers on a steep arrow
STEEP = 0.3  # an arrow that climbs more has its numbers on it, a flatter one above it
MARKS = {"up": ("^", COLOURS[0]), "down": ("v", COLOURS[1]), "unclear": ("o", GREY)}


def frame_cdm_path(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the links of every chain on all firms: the equation and its outcome, what it takes (`source` is the
    outcome that an earlier equation predicts, empty for an input), estimate, interval, and whether it is clear.
    """
    found = tables.get("coefficients", pd.DataFrame())
    if found.empty:
        return found
    about = style.context.models
    chains = [name for name, one in about.items() if one.get("estimator") == CHAIN and not style.context.is_check(name)]
    shown = found[found["model"].isin(chains) & (found["group"] == "all") & found["estimate"].notna()]
    links = [link_of(row, about[row["model"]], style.context.alpha) for row in shown.to_dict("records")]
    return pd.DataFrame([link for link in links if link], columns=COLUMNS)


def link_of(row: Row, about: Mapping[str, Any], alpha: float) -> dict[str, Any]:
    """Return a coefficient as a link; nothing for controls, constants and what stands beside the slopes."""
    _, equation, name = parts_of(row["term"])
    declared = about.get(equation) if equation else about
    if not declared:
        return {}
    predicted = name.startswith("predicted(")
    if not (predicted or name in declared.get("regressors", ())):
        return {}
    source = name.removeprefix("predicted(").removesuffix(")") if predicted else ""
    named = {"equation": equation or OWN, "outcome": declared.get("outcome", ""), "source": source, "term": name}
    numbers = {column: row[column] for column in ("model", "estimate", "lower", "upper")}
    return {**numbers, **named, "clear": bool(row["p"] < alpha)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One equation as it is drawn: its left lower corner, its height, and its links."""

    left: float
    bottom: float
    height: float
    equation: str
    title: tuple[str, ...]
    inputs: pd.DataFrame
    rows: tuple[tuple[str, ...], ...]

    @property
    def top(self) -> float:
        """Where the card ends."""
        return self.bottom + self.height

    @property
    def middle(self) -> float:
        """Half of its height."""
        return self.bottom + self.height / 2


def draw_cdm_path(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw a panel per chain, under its title where there are several."""
    models = list(frame["model"].drop_duplicates())
    panels = [placed(columns_of(frame[frame["model"] == model], style)) for model in models]
    heights = [max(card.top for card in cards.values()) + MARGIN for cards in panels]
    titled = 0.3 * (len(models) > 1)
    figure, axes = canvas(sum(heights) + (titled + 0.1) * len(models), len(models), height_ratios=heights)
    for axis, model, cards, height in zip(axes, models, panels, heights, strict=True):
        axis.set(xlim=(0, WIDTH), ylim=(0, height))
        axis.set_axis_off()
        if titled:
            axis.set_title(style.context.label("model", model, style.language))
        draw_panel(axis, frame[frame["model"] == model], cards, style)
    return figure


def draw_panel(axis: Axes, panel: pd.DataFrame, cards: dict[str, Card], style: FigureStyle) -> None:
    """Draw the cards of a chain and the arrows between them."""
    for card in cards.values():
        draw_card(axis, card, style)
    if "selection" in cards and "intensity" in cards:
        join(axis, (cards["selection"], cards["intensity"]))
    by_outcome = {outcome: equation for equation, outcome in zip(panel["equation"], panel["outcome"], strict=True)}
    for _, link in panel[panel["source"] != ""].iterrows():
        if link["source"] in by_outcome:
            draw_arrow(axis, cards[by_outcome[link["source"]]], cards[link["equation"]], link, style)


def columns_of(panel: pd.DataFrame, style: FigureStyle) -> list[list[Card]]:
    """Return the cards of a chain, stage by stage, not yet placed."""
    stages = [[name for name in stage if name in set(panel["equation"])] for stage in STAGES]
    return [[card_of(panel[panel["equation"] == name], style) for name in stage] for stage in stages if stage]


def card_of(links: pd.DataFrame, style: FigureStyle) -> Card:
    """Return the card of one equation at no place yet, as high as its words need."""
    words = words_in(style.language)
    inputs = links[links["source"] == ""]
    title = lines(term_words(links["outcome"].iloc[0], style.context, style.language, words), TITLE_SIGNS)
    rows = tuple(lines(term_words(term, style.context, style.language, words), ROW_SIGNS) for term in inputs["term"])
    height = 2 * EDGE + HEAD * len(title) + LINE * (1 + sum(map(len, rows))) + (0.06 if rows else 0)
    equation = str(links["equation"].iloc[0])
    return Card(left=0, bottom=0, height=height, equation=equation, title=title, inputs=inputs, rows=rows)


def height_of(cards: Sequence[Card]) -> float:
    """Return how high cards above one another stand."""
    return sum(card.height for card in cards) + GAP * (len(cards) - 1)


def placed(columns: Sequence[Sequence[Card]]) -> dict[str, Card]:
    """Return the cards by equation: those of the first stage above one another, the others around the middle of its
    last, from which the arrows start.
    """
    tops = [height_of(column) - column[-1].height / 2 if not number else height_of(column) / 2
            for number, column in enumerate(columns)]  # fmt: skip
    floor = min(top - height_of(column) for top, column in zip(tops, columns, strict=True)) - MARGIN
    cards = {}
    for number, (top, column) in enumerate(zip(tops, columns, strict=True)):
        height = top - floor
        for card in column:
            height -= card.height
            cards[card.equation] = replace(card, left=MARGIN + number * (CARD + ROOM), bottom=height)
            height -= GAP
    return cards


def draw_card(axis: Axes, card: Card, style: FigureStyle) -> None:
    """Draw a card: the equation's name, its outcome, and a row per input with the mark of its side."""
    axis.add_patch(
        FancyBboxPatch(
            (card.left, card.bottom),
            CARD,
            card.height,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor="#f3f5f8",
            edgecolor=GREY,
            linewidth=0.8,
        )
    )
    height = card.top - EDGE
    name = equation_words(card.equation, words_in(style.language))
    axis.text(card.left + EDGE, height, name, va="top", fontsize=7, color=GREY)
    height -= LINE
    for line in card.title:
        axis.text(card.left + EDGE, height, line, va="top", fontsize=TITLE_SIZE, weight="bold")
        height -= HEAD
    height -= 0.06
    for estimate, clear, row in zip(card.inputs["estimate"], card.inputs["clear"], card.rows, strict=True):
        side = side_of(estimate, clear)
        mark, colour = MARKS[side]
        face = "none" if side == "unclear" else colour
        axis.plot(card.left + EDGE + 0.04, height - 0.06, mark, color=colour, markerfacecolor=face, markersize=4)
        number, weight = style.number(estimate, 3), "bold" if clear else "normal"
        axis.text(card.left + CARD - EDGE, height, number, ha="right", va="top", fontsize=ROW_SIZE, weight=weight)
        for line in row:
            axis.text(card.left + EDGE + 0.14, height, line, va="top", fontsize=ROW_SIZE, color=INK)
            height -= LINE


def side_of(estimate: float, clear: bool) -> str:
    """Return which way a link points, if it is clear."""
    return "unclear" if not clear else "up" if estimate > 0 else "down"


def join(axis: Axes, cards: tuple[Card, Card]) -> None:
    """Draw the plain arrow from who does R&D to how much: what is spent is seen of those who do."""
    above, below = cards
    middle = above.left + CARD / 2
    axis.add_patch(
        FancyArrowPatch(
            (middle, above.bottom), (middle, below.top), arrowstyle="-|>", mutation_scale=9, color=GREY, shrinkA=1,
            shrinkB=1,
        )
    )  # fmt: skip


def draw_arrow(axis: Axes, start: Card, end: Card, link: pd.Series, style: FigureStyle) -> None:
    """Draw a link with its estimate and interval: strong where it is clear, dashed where it is not."""
    colour = MARKS[side_of(link["estimate"], link["clear"])][1]
    ends = ((start.left + CARD, start.middle), (end.left, end.middle))
    axis.add_patch(
        FancyArrowPatch(
            *ends,
            arrowstyle="-|>",
            mutation_scale=13,
            color=colour,
            linewidth=2.4 if link["clear"] else 1.3,
            linestyle="solid" if link["clear"] else (0, (4, 3)),
            shrinkA=1,
            shrinkB=1,
        )
    )
    across, along = (sum(side) / 2 for side in zip(*ends, strict=True))
    steep = abs(ends[1][1] - ends[0][1]) > STEEP
    estimate = style.number(link["estimate"], 3)
    interval = f"{style.number(link['lower'], 3)} – {style.number(link['upper'], 3)}"
    if steep:
        wide, high = BEHIND
        axis.add_patch(
            Rectangle((across - wide / 2, along - high / 2), wide, high, facecolor="white", linewidth=0, zorder=2)
        )
    apart = 0.075 if steep else 0.11
    weight = "bold" if link["clear"] else "normal"
    axis.text(across, along + apart, estimate, ha="center", va="center", fontsize=8.5, weight=weight)
    axis.text(across, along - apart, interval, ha="center", va="center", fontsize=7.2)


def lines(text: str, signs: int) -> tuple[str, ...]:
    """Return a text in lines of about so many signs."""
    return tuple(wrapped(text, signs).split("\n"))


def alt_cdm_path(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the chains in words: each equation's outcome with what it takes, estimate and interval."""
    words = words_in(style.language)
    chains = []
    for model, panel in frame.groupby("model", sort=False):
        equations = []
        for equation in (name for stage in STAGES for name in stage if name in set(panel["equation"])):
            rows = panel[panel["equation"] == equation]
            taken = ", ".join(
                f"{term_words(term, style.context, style.language, words)} {style.number(estimate, 3)} "
                f"({style.number(lower, 3)} – {style.number(upper, 3)})"
                for term, estimate, lower, upper in rows[["term", "estimate", "lower", "upper"]].itertuples(index=False)
            )
            outcome = term_words(rows["outcome"].iloc[0], style.context, style.language, words)
            equations.append(f"{outcome}: {taken}")
        chains.append(f"{style.context.label('model', str(model), style.language)} – {'; '.join(equations)}")
    return f"{style.word('alt_path')} {'. '.join(chains)}."
