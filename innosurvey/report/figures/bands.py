"""Items along a variable as smooth lines with their bands, one panel a curve, one line a group."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innosurvey.report.figures.style import COLOURS, MARKERS, FigureStyle, canvas

Tables = dict[str, pd.DataFrame]
TOLD = 3
"""How many points of a line the text in place of the figure tells: the first, the middle, the last."""


def frame_smooth_curves(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return curve, cohort, group, item, by, at, estimate, lower, upper of the points that may be shown."""
    found = tables.get("curves", pd.DataFrame())
    if found.empty:
        return found
    shown = found[found["estimate"].notna()].assign(at=found["at"].astype(float))  # a part of the key, and so a text
    points = shown.groupby(["curve", "group"], sort=False)["at"].transform("size")
    columns = ["curve", "cohort", "group", "item", "by", "at", "estimate", "lower", "upper"]
    return shown.loc[points > 1, columns].reset_index(drop=True)


def draw_smooth_curves(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw the panels below one another on one scale of the item."""
    curves = list(frame["curve"].drop_duplicates())
    figure, axes = canvas(2.9 * len(curves), rows=len(curves), sharey=True)
    for axis, curve in zip(axes, curves, strict=True):
        panel(axis, frame[frame["curve"] == curve], style)
    axes[0].set_ylim(bottom=0)  # once all panels, which share the scale, are drawn
    return figure


def panel(axis: Axes, rows: pd.DataFrame, style: FigureStyle) -> None:
    """Draw one curve: a line, a band and a marker at each value, group by group."""
    for number, group in enumerate(rows["group"].drop_duplicates()):
        line = rows[rows["group"] == group]
        colour = COLOURS[number % len(COLOURS)]
        axis.fill_between(line["at"], line["lower"], line["upper"], color=colour, alpha=0.18, linewidth=0)
        label = style.group(rows["cohort"].iloc[0], group)
        axis.plot(
            line["at"], line["estimate"], f"{MARKERS[number % len(MARKERS)]}-", color=colour, markersize=4, label=label
        )
    first = rows.iloc[0]
    if spans_decades(rows["at"]):
        axis.set_xscale("log")
    ticks = sorted(set(rows["at"]))
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.set_xticks([], minor=True)
    axis.set_xlabel(style.context.label("variable", first["by"], style.language))
    axis.set_ylabel(f"{style.item(first['item'])} ({style.unit(first['item'])})")
    axis.set_title(style.context.label("curve", first["curve"], style.language))
    axis.grid(axis="y")
    if len(rows["group"].drop_duplicates()) > 1:
        axis.legend(loc="best")


def spans_decades(at: pd.Series) -> bool:
    """Return whether values reach so far that a logarithmic axis shows them best."""
    return bool(at.min() > 0 and np.log10(at.max() / at.min()) > 1)


def alt_smooth_curves(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words: each line at its first, middle and last value."""
    said = []
    for _, line in frame.groupby(["curve", "group"], sort=False):
        told = line.iloc[np.unique(np.linspace(0, len(line) - 1, TOLD).round().astype(int))]
        points = zip(told["at"], told["estimate"], strict=True)
        first = line.iloc[0]
        said.append(
            f"{style.group(first['cohort'], first['group'])}: "
            + ", ".join(style.word("alt_at").format(share=style.number(value), at=f"{at:g}") for at, value in points)
        )
    item = style.item(frame["item"].iloc[0])
    by = style.context.label("variable", frame["by"].iloc[0], style.language)
    return f"{style.word('alt_bands')} {item}, {by}. {'; '.join(said)}."
