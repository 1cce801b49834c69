"""The specification curve (Simonsohn, Simmons and Nelson 2020) and the main answers without each industry.

A figure holds one question among one group of firms: a column of panels for each input, estimates above in the order of
their size, and below a point for each choice that was made. Colour is never alone: what is not clear is hollow, the
main answer a diamond.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innosurvey.report.choices import CHOICES, IDENTITY, choice_words, level_words
from innosurvey.report.context import localised
from innosurvey.report.figures.style import COLOURS, GREY, INK, LINE, WIDTH, FigureStyle, canvas, wrapped
from innosurvey.report.wording import lower_first
from innosurvey.report.words import words_in

Tables = dict[str, pd.DataFrame]
MOST_PANELS = 3
NUMBERS = ["estimate", "lower", "upper"]
CURVE_COLUMNS = [*IDENTITY, "input", "place", *NUMBERS, "clear", "main", *CHOICES]
LEFT_OUT_COLUMNS = [*IDENTITY, "outcome", "input", "column", "left_out", *NUMBERS]
ALL_FIRMS = "none"
_INCHES_ABOVE, _INCHES_A_ROW = 2.5, 0.2


def questions_of(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    """Return each question that was asked with the cohort and the group it was asked of, in their order."""
    found = tables.get("specifications", pd.DataFrame(columns=list(IDENTITY)))
    return list(found[list(IDENTITY)].drop_duplicates().itertuples(index=False, name=None))


def frame_curve(asked: tuple[str, str, str], tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return curve, input, place, estimate, lower, upper, clear, main and the choices of one question among one group,
    sorted by estimate.
    """
    found = tables["specifications"]
    found = found[(found[list(IDENTITY)] == list(asked)).all(axis=1)]
    inputs = list(found["input"].drop_duplicates())[:MOST_PANELS]
    found = found.assign(number=pd.to_numeric(found["number"]))  # a key is text; numbers sort by size
    first = found.groupby(["outcome", "input"], sort=False)["number"].transform("min")
    kept = found.assign(main=found["number"].eq(first) & found["outcome"].eq(found["outcome"].iloc[0]))
    kept = kept[kept["estimate"].notna() & kept["input"].isin(inputs)]
    kept = kept.assign(clear=kept["p"] < style.context.alpha, rank=kept["input"].map(inputs.index))
    kept = kept.sort_values(["rank", "estimate", "number"], kind="stable")
    return kept.assign(place=kept.groupby("input", sort=False).cumcount() + 1)[CURVE_COLUMNS].reset_index(drop=True)


def curve_title(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the title: every specification of which question, and among whom where it is not all firms."""
    curve, cohort, group = frame[list(IDENTITY)].iloc[0]
    name = localised(style.context.robustness.get(curve, {}).get("title"), style.language) or str(curve)
    among = "" if cohort == "all" else f" ({style.group(cohort, group)})"
    return f"{style.word('title_specification_curve')}: {name}{among}"


def draw_curve(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw the estimates above, the grid of choices below, a column for each input."""
    inputs = list(frame["input"].drop_duplicates())
    rows = choice_rows(frame)
    below = _INCHES_A_ROW * (len(rows) + 0.5)
    figure, axes = canvas(
        _INCHES_ABOVE + below, 2, len(inputs), sharex="col", height_ratios=[_INCHES_ABOVE - 0.5, below]
    )
    for column, name in enumerate(inputs):
        ours = frame[frame["input"] == name]
        above, grid = axes[column], axes[len(inputs) + column]
        draw_estimates(above, ours, style)
        above.set_title(wrapped(input_words(ours, style), int(75 / len(inputs))))
        draw_choices(grid, ours, rows)
        label_rows(grid, rows, frame, style, column == 0)
    axes[0].set_ylabel(style.word("figure_estimate"))
    legend(figure, axes[: len(inputs)], style)
    return figure


def legend(figure: Figure, axes: list[Axes], style: FigureStyle) -> None:
    """Write what the marks mean, each once, in the same order whatever the panels hold."""
    marks: dict[str, Artist] = {}
    for axis in axes:
        handles, labels = axis.get_legend_handles_labels()
        marks |= dict(zip(labels, handles, strict=True))
    known = [style.word(f"curve_{kind}") for kind in ("main", "positive", "negative", "unclear")]
    shown = [label for label in known if label in marks]
    figure.legend([marks[label] for label in shown], shown, loc="outside lower right", ncols=len(shown), fontsize=8)


def draw_estimates(axis: Axes, ours: pd.DataFrame, style: FigureStyle) -> None:
    """Draw the sorted estimates with their intervals; what is not clear is hollow, the main answer a diamond."""
    kinds = np.where(~ours["clear"].astype(bool), "unclear", np.where(ours["estimate"] > 0, "positive", "negative"))
    for kind, colour in (("positive", COLOURS[0]), ("negative", COLOURS[1]), ("unclear", GREY)):
        some = ours[kinds == kind]
        if some.empty:
            continue
        draw_strokes(
            axis, some["place"], (some["lower"], some["upper"]), {"color": colour, "linewidth": 0.9, "alpha": 0.55}
        )
        face = "white" if kind == "unclear" else colour
        axis.plot(
            some["place"], some["estimate"], "o", color=colour, markerfacecolor=face, markersize=2.8,
            label=style.word(f"curve_{kind}"),
        )  # fmt: skip
    main = ours[ours["main"].astype(bool)]
    axis.plot(main["place"], main["estimate"], "D", color=INK, markersize=5.5, label=style.word("curve_main"), zorder=4)
    axis.axhline(0, color=GREY, linewidth=0.9)
    axis.grid(axis="y")
    axis.tick_params(axis="x", length=0, labelbottom=False)


def draw_strokes(axis: Axes, places: "pd.Series[int]", ends: tuple[Any, Any], look: dict[str, Any]) -> None:
    """Draw upright strokes as one broken line: a mark of its own for each would make the file many times as large."""
    across = np.repeat(places.to_numpy(dtype=float), 3)
    lower, upper = (np.broadcast_to(np.asarray(end, dtype=float), len(places)) for end in ends)
    up = np.column_stack([lower, upper, np.full(len(places), np.nan)]).ravel()
    axis.plot(across, up, "-", solid_capstyle="butt", **look)


def choice_rows(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return kind and name of each row of the grid, in the order of the specifications; a kind without a choice has
    none.
    """
    rows = []
    for kind in CHOICES:
        names = list(frame.loc[frame["main"].astype(bool), kind].drop_duplicates())
        names += [name for name in frame[kind].drop_duplicates().sort_values(kind="stable") if name not in names]
        rows += [(kind, str(name)) for name in names] if len(names) > 1 else []
    return rows


def draw_choices(axis: Axes, ours: pd.DataFrame, rows: list[tuple[str, str]]) -> None:
    """Draw a point where a specification made the choice of a row; every other kind of choice stands on grey."""
    kinds = list(dict.fromkeys(kind for kind, _ in rows))
    for place, (kind, name) in enumerate(rows):
        if kinds.index(kind) % 2 == 0:
            axis.axhspan(place - 0.5, place + 0.5, color=LINE, alpha=0.45, linewidth=0)
        made = ours[ours[kind].astype(str) == name]
        plain, main = made[~made["main"].astype(bool)], made[made["main"].astype(bool)]
        draw_strokes(axis, plain["place"], (place - 0.25, place + 0.25), {"color": INK, "linewidth": 1.1})
        axis.plot(main["place"], [place] * len(main), "D", color=INK, markersize=4)
    axis.set_ylim(len(rows) - 0.5, -0.5)
    margin = 1 + len(ours) / 50  # the diamond fits in
    axis.set_xlim(1 - margin, len(ours) + margin)
    axis.tick_params(axis="both", length=0, labelbottom=False)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)


def label_rows(axis: Axes, rows: list[tuple[str, str]], frame: pd.DataFrame, style: FigureStyle, written: bool) -> None:
    """Write the names of the choices beside the first column of panels."""
    curve, words = str(frame["curve"].iloc[0]), words_in(style.language)
    labels = [choice_words(style.context, style.language, words, (curve, *row)) for row in rows]
    axis.set_yticks(range(len(rows)), labels if written else [""] * len(rows), fontsize=7.5)


def input_words(ours: pd.DataFrame, style: FigureStyle) -> str:
    """Return the input in words."""
    row = ours.iloc[0]
    choice = (str(row["curve"]), "input", str(row["input"]))
    return choice_words(style.context, style.language, words_in(style.language), choice)


def alt_curve(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words: by input how many specifications there are, where they lie, how many are clear."""
    parts = []
    for _, ours in frame.groupby("input", sort=False):
        told = style.word("alt_specifications").format(
            count=len(ours),
            lowest=style.number(ours["estimate"].min(), 3),
            highest=style.number(ours["estimate"].max(), 3),
            positive=int((ours["estimate"] > 0).sum()),
            clear=int(ours["clear"].sum()),
        )
        parts.append(f"{input_words(ours, style)}: {told}")
    return f"{style.word('alt_specification_curve')} {'; '.join(parts)}."


def frame_leave_one_out(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the main answers of each question's first outcome, of all firms and without each level in turn."""
    found = tables.get("leave_out", pd.DataFrame())
    if found.empty:
        return found
    first = found.groupby(list(IDENTITY), sort=False)["outcome"].transform("first")
    return found.loc[found["outcome"].eq(first) & found["estimate"].notna(), LEFT_OUT_COLUMNS].reset_index(drop=True)


def draw_leave_one_out(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw a panel for each question and input: all firms first, then without each industry."""
    panels = [part for _, part in frame.groupby([*IDENTITY, "input"], sort=False)]
    columns = min(2, len(panels))
    lines = -(-len(panels) // columns)
    longest = max(len(part) for part in panels)
    figure, axes = canvas((0.95 + 0.22 * longest) * lines, lines, columns)
    for place, (axis, part) in enumerate(zip(axes, panels, strict=False)):
        draw_answers(axis, part.iloc[::-1], style)
        labels = [wrapped(label, 34) for label in row_labels(part, style)[::-1]]
        axis.set_yticks(range(len(part)), labels if place % columns == 0 else [""] * len(part))
        axis.set_title(wrapped(panel_title(part, style), int(WIDTH * 5)))
    for axis in axes[len(panels) :]:
        axis.set_axis_off()
    return figure


def draw_answers(axis: Axes, part: pd.DataFrame, style: FigureStyle) -> None:
    """Draw the answers from the bottom up; that of all firms, the last, is a diamond with a dotted line."""
    for place, (estimate, lower, upper, left_out) in enumerate(part[[*NUMBERS, "left_out"]].itertuples(index=False)):
        everyone = left_out == ALL_FIRMS
        colour = INK if everyone else COLOURS[0]
        axis.hlines(place, lower, upper, color=colour, linewidth=1.6)
        axis.plot([estimate], [place], "D" if everyone else "o", color=colour, markersize=5)
        if everyone:
            axis.axvline(estimate, color=INK, linewidth=0.9, linestyle=":")
    axis.axvline(0, color=GREY, linewidth=0.9)
    axis.set_ylim(-0.6, len(part) - 0.4)
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x")
    axis.set_xlabel(style.word("figure_estimate"))


def row_labels(part: pd.DataFrame, style: FigureStyle) -> list[str]:
    """Return who each row leaves out: nobody, or the firms of a level."""
    return [
        style.word("left_out_none") if level == ALL_FIRMS else level_words(style.context, style.language, column, level)
        for column, level in zip(part["column"], part["left_out"], strict=True)
    ]


def panel_title(part: pd.DataFrame, style: FigureStyle) -> str:
    """Return the outcome and the input of a panel."""
    row, words = part.iloc[0], words_in(style.language)
    outcome, asked = (
        choice_words(style.context, style.language, words, (str(row["curve"]), kind, str(row[kind])))
        for kind in ("outcome", "input")
    )
    return f"{outcome} – {asked}"


def alt_leave_one_out(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words: each answer with its interval."""
    parts = []
    for _, part in frame.groupby([*IDENTITY, "input"], sort=False):
        everyone, *groups = row_labels(part, style)
        labels = [everyone, *(style.word("left_out").format(group=lower_first(group)) for group in groups)]
        told = ", ".join(
            f"{label} {style.number(estimate, 3)} ({style.number(lower, 3)} – {style.number(upper, 3)})"
            for label, estimate, lower, upper in zip(labels, *(part[name] for name in NUMBERS), strict=True)
        )
        parts.append(f"{panel_title(part, style)}: {told}")
    return f"{style.word('alt_dots')} {'; '.join(parts)}."
