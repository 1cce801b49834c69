"""Figures of a printed table of innovations by size of the firm: its classes over time, and the row that is printed
wrongly beside the one that the rest of the table gives.
"""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from innosurvey.report.figures.printed import COLUMNS, line, place_of
from innosurvey.report.figures.style import COLOURS, LINE, MARKERS, FigureStyle, canvas
from innosurvey.report.printed import PrintedWords

Tables = dict[str, pd.DataFrame]
BY_SIZE, COUNTS, DERIVED, PERIOD = "spru_1", "innovations", "derived_spru_1", "1970-74"
PRINTED_MARK: dict[str, Any] = {"color": COLOURS[0], "marker": MARKERS[0], "linestyle": "none", "markersize": 6}
DERIVED_MARK: dict[str, Any] = {
    "color": COLOURS[1], "marker": MARKERS[2], "linestyle": "none", "markersize": 6, "zorder": 4,
}  # fmt: skip


def frame_innovation_by_size(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the shares of size classes in a period's innovations as printed, and those worked out."""
    series = tables.get("series", pd.DataFrame())
    if series.empty:
        return series
    shares = series[(series["unit"] == "percent") & (series["series"] != COUNTS) & (series["at"] != "average")]
    wanted = (shares["table"] == BY_SIZE) | ((shares["table"] == DERIVED) & (shares["at"] == PERIOD))
    rows = shares[wanted].rename(columns={"series": "name"})
    return rows.assign(panel=rows["name"])[COLUMNS].fillna({"doubt": ""}).reset_index(drop=True)


def frame_corrected_row(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the period whose shares are printed wrongly, as printed and as worked out."""
    rows = frame_innovation_by_size(tables, style)
    if rows.empty or DERIVED not in set(rows["table"]):
        return rows.iloc[:0]
    return rows[rows["at"] == PERIOD].reset_index(drop=True)


def draw_innovation_by_size(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw a panel per size class: the printed line, hollow where in doubt, and the shares worked out."""
    names = list(frame["name"].drop_duplicates())
    rows = -(-len(names) // 2)
    figure, axes = canvas(0.6 + 1.6 * rows, rows, 2, sharex=True)
    places = place_of(frame)
    named = PrintedWords(style.context, style.language)
    for number, (axis, name) in enumerate(zip(axes, names, strict=False)):
        ours = frame[frame["name"] == name]
        line(axis, ours[ours["origin"] == "printed"], places, 0)
        derived = ours[(ours["origin"] == "derived")]
        axis.plot([places[at] for at in derived["at"]], derived["value"], **DERIVED_MARK)
        axis.set_title(named.series(BY_SIZE, name))
        axis.set_ylim(0, 1.18 * ours["value"].max())
        axis.set_xticks(list(places.values()), list(places), fontsize=8, rotation=35)
        axis.tick_params(axis="x", labelbottom=number >= len(names) - 2)
        axis.grid(axis="y")
    for axis in axes[len(names) :]:
        axis.set_axis_off()
        axis.legend(handles=legend_of(style), loc="center left", fontsize=9)
    figure.supylabel(style.word("figure_share_of_innovations"), fontsize=9)
    return figure


def draw_corrected_row(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw a line per size class between the printed share and the one worked out."""
    names = list(frame["name"].drop_duplicates())[::-1]
    figure, (axis,) = canvas(0.9 + 0.44 * len(names))
    named = PrintedWords(style.context, style.language)
    for place, name in enumerate(names):
        ours = frame[frame["name"] == name].set_index("origin")
        row = ours["value"]
        axis.plot([row.min(), row.max()], [place, place], color=LINE, linewidth=3, solid_capstyle="round", zorder=1)
        face = "white" if ours.loc["printed", "doubt"] else COLOURS[0]
        axis.plot(row["printed"], place, MARKERS[0], color=COLOURS[0], markerfacecolor=face, markersize=10)
        axis.plot(row["derived"], place, **DERIVED_MARK)
        said = f"{style.number(row['printed'])} → {style.number(row['derived'])}"
        axis.annotate(said, (row.max(), place), (9, 0), textcoords="offset points", va="center", fontsize=8.5)
    axis.set_yticks(range(len(names)), [named.series(BY_SIZE, name) for name in names])
    axis.set_xlim(0, 1.18 * frame["value"].max())
    axis.set_ylim(-0.6, len(names) - 0.4)
    axis.set_xlabel(style.word("figure_share_of_innovations"))
    axis.grid(axis="x")
    axis.tick_params(axis="y", length=0)
    figure.legend(handles=legend_of(style), loc="outside upper left", ncols=3)
    return figure


def legend_of(style: FigureStyle) -> list[Line2D]:
    """Return the marks of what is printed, what of it is in doubt, and what is worked out."""
    return [
        Line2D([], [], label=style.word("legend_printed"), **PRINTED_MARK),
        Line2D([], [], label=style.word("legend_in_doubt"), **PRINTED_MARK, markerfacecolor="white"),
        Line2D([], [], label=style.word("legend_derived"), **DERIVED_MARK),
    ]


def alt_corrected_row(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the row in words: each class as printed and as worked out."""
    named = PrintedWords(style.context, style.language)
    said = []
    for name in frame["name"].drop_duplicates():
        values = frame[frame["name"] == name].set_index("origin")["value"]
        said.append(
            f"{named.series(BY_SIZE, name)} {style.number(values['printed'])} % → {style.number(values['derived'])} %"
        )
    return f"{style.word('alt_corrected')} {'; '.join(said)}."
