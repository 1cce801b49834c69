"""Figures of the printed context: lines and bars of what other sources print, hollow where it does not come out."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innosurvey.report.figures.style import COLOURS, INK, MARKERS, FigureStyle, canvas, wrapped
from innosurvey.report.printed import TO, PrintedWords

Tables = dict[str, pd.DataFrame]
Panels = dict[str, tuple[tuple[str, str], ...]]
HEADROOM = 1.2
LINE_OF_TEXT = 0.11
"""What a panel leaves above its highest point, and what a line of text takes of its height."""
COLUMNS = ["panel", "table", "name", "at", "value", "unit", "decimals", "doubt", "origin"]
SHARES: Panels = {
    "panel_shares": (("kim_2", "sme_business_share"), ("kim_2", "sme_employee_share")),
    "panel_employees": (("kim_2", "sme_employees"), ("kim_2", "large_employees")),
}
VENTURE: Panels = {
    "panel_numbers": (("kim_6", "partnerships"), ("kim_5", "firms")),
    "panel_funds": (("kim_6", "fund"), ("kim_5", "fund")),
}
MONEY = (("kim_3", "budget"), ("kim_4", "grant"))
OUTPUT: Panels = {
    "panel_per_task": tuple(("kim_4", f"{name}_per_task") for name in ("prototypes", "processes", "patents")),
    "panel_per_grant": tuple(("kim_4", f"{name}_per_grant") for name in ("prototypes", "processes", "patents")),
}


def frame_sme_share(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the share of SMEs in firms and employment, and the employees behind it, by year."""
    return printed(tables, SHARES)


def frame_venture_capital(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return numbers and funds of venture capital firms and partnerships by year."""
    return printed(tables, VENTURE)


def frame_programme_money(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the money of the programmes by single year; a sum over several years does not compare with one."""
    named = PrintedWords(style.context, style.language)
    frame = printed(tables, {named.title(table): ((table, series),) for table, series in MONEY})
    return frame[frame["at"].str.isdigit()].reset_index(drop=True) if len(frame) else frame


def frame_programme_output(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return output over input of the consortium programme by period."""
    found = tables.get("ratios", pd.DataFrame())
    if found.empty:
        return found
    found = found[~found["at"].str.contains(TO, regex=False)].assign(decimals=1, origin="computed")
    return chosen(found.rename(columns={"ratio": "name"}), OUTPUT)


def printed(tables: Tables, panels: Panels) -> pd.DataFrame:
    """Return the printed numbers of the panels' series, without printed sums."""
    series = tables.get("series", pd.DataFrame())
    if series.empty:
        return series
    return chosen(series[series["at"] != "sum"].rename(columns={"series": "name"}), panels)


def chosen(found: pd.DataFrame, panels: Panels) -> pd.DataFrame:
    """Return the rows of the panels' series with `COLUMNS`, panel by panel."""
    parts = [
        found[(found["table"] == table) & (found["name"] == name)].assign(panel=panel)
        for panel, members in panels.items()
        for table, name in members
    ]
    return pd.concat(parts, ignore_index=True)[COLUMNS].fillna({"doubt": ""})


def draw_lines(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw one panel below the other, each from zero: a line per series with its numbers, hollow where in doubt."""
    panels = list(frame["panel"].drop_duplicates())
    figure, axes = canvas(0.3 + 2.0 * len(panels), len(panels))
    for axis, panel in zip(axes, panels, strict=True):
        rows = frame[frame["panel"] == panel]
        places = place_of(rows)
        axis.set_ylim(0, HEADROOM * rows["value"].max())
        for number, (table, name) in enumerate(members(rows)):
            series = rows[(rows["table"] == table) & (rows["name"] == name)]
            line(axis, series, places, number)
            write_values(axis, series, places, rows, style)
        label_lines(axis, rows, places, style)
        label_places(axis, rows, places, style)
        axis.set_title(style.word(panel))
        without_scale(axis)
    return figure


def without_scale(axis: Axes) -> None:
    """Take the scale off: every number is written."""
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)


def draw_bars(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw one panel below the other: a bar per year with its number."""
    panels = list(frame["panel"].drop_duplicates())
    figure, axes = canvas(0.3 + 1.6 * len(panels), len(panels), sharex=True)
    places = {at: float(at) for at in frame["at"]}
    for number, (axis, panel) in enumerate(zip(axes, panels, strict=True)):
        rows = frame[frame["panel"] == panel]
        bars = axis.bar([places[at] for at in rows["at"]], rows["value"], width=0.6, color=COLOURS[number])
        axis.bar_label(bars, [written(row, style) for row in records(rows)], padding=2, fontsize=8.5)
        named = PrintedWords(style.context, style.language)
        series = named.series(rows["table"].iloc[0], rows["name"].iloc[0])
        axis.set_title(f"{panel}: {named.with_unit(series, rows['unit'].iloc[0])}")
        axis.set_xticks(list(places.values()), list(places))
        axis.tick_params(axis="x", labelbottom=True, length=0)
        axis.margins(y=0.15)
        without_scale(axis)
    return figure


def members(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the series of a panel in their order."""
    return list(rows[["table", "name"]].drop_duplicates().itertuples(index=False, name=None))


def place_of(rows: pd.DataFrame) -> dict[str, float]:
    """Return where each year or period stands: years by their number, others one beside the other."""
    at = list(rows["at"].drop_duplicates())
    return {name: float(name) if all(map(str.isdigit, at)) else float(place) for place, name in enumerate(at)}


def line(axis: Axes, series: pd.DataFrame, places: dict[str, float], number: int) -> None:
    """Draw one series; a number in doubt is a hollow point."""
    colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
    axis.plot([places[at] for at in series["at"]], series["value"], color=colour, linewidth=1.4, zorder=2)
    for doubted, face in ((False, colour), (True, "white")):
        rows = series[(series["doubt"] != "") == doubted]
        axis.plot(
            [places[at] for at in rows["at"]], rows["value"], marker, color=colour, markerfacecolor=face,
            markeredgewidth=1.4, markersize=6, zorder=3,
        )  # fmt: skip


def write_values(
    axis: Axes, series: pd.DataFrame, places: dict[str, float], rows: pd.DataFrame, style: FigureStyle
) -> None:
    """Write the numbers of one series on that side of its points on which the next series is farther off."""
    for row in records(series):
        others = [value for value in rows.loc[rows["at"] == row["at"], "value"] if value != row["value"]]
        above = min((value - row["value"] for value in others if value > row["value"]), default=float("inf"))
        room = float("inf") if row["value"] > 1.5 * LINE_OF_TEXT * axis.get_ylim()[1] else 0.0
        below = min((row["value"] - value for value in others if value < row["value"]), default=room)
        axis.annotate(
            written(row, style),
            (places[row["at"]], row["value"]),
            (0, 6 if above >= below else -13),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=INK,
        )


def label_lines(axis: Axes, rows: pd.DataFrame, places: dict[str, float], style: FigureStyle) -> None:
    """Write the name of each series behind its last point, one never over another."""
    named = PrintedWords(style.context, style.language)
    span = max(places.values()) - min(places.values())
    axis.set_xlim(min(places.values()) - 0.06 * span, max(places.values()) + 0.36 * span)
    last = [records(rows[(rows["table"] == table) & (rows["name"] == name)])[-1] for table, name in members(rows)]
    heights = apart([row["value"] for row in last], LINE_OF_TEXT * axis.get_ylim()[1])
    for number, (row, height) in enumerate(zip(last, heights, strict=True)):
        axis.annotate(
            wrapped(title_of(row, named).split(" per ")[0], 26), (places[row["at"]], height), (14, 0),
            textcoords="offset points", va="center", fontsize=8.5, color=COLOURS[number % len(COLOURS)],
        )  # fmt: skip


def apart(heights: Sequence[float], least: float) -> list[float]:
    """Return heights, the higher ones moved up until neighbours are `least` apart."""
    order = sorted(range(len(heights)), key=heights.__getitem__)
    moved = list(heights)
    for lower, higher in pairwise(order):
        moved[higher] = max(moved[higher], moved[lower] + least)
    return moved


def label_places(axis: Axes, rows: pd.DataFrame, places: dict[str, float], style: FigureStyle) -> None:
    """Write years and periods below the axis."""
    named = PrintedWords(style.context, style.language)
    table = rows["table"].iloc[0]
    axis.set_xticks(list(places.values()), [named.at(table, at) for at in places])


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as mappings."""
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


def written(row: Mapping[str, Any], style: FigureStyle) -> str:
    """Return a number with the digits that it is printed with."""
    return style.number(row["value"], int(row["decimals"]))


def alt_printed(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return lines in words: each series with its numbers, those in doubt named."""
    return f"{style.word('alt_printed')} {'; '.join(said_of_series(frame, style))}."


def alt_printed_bars(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return bars in words."""
    return f"{style.word('alt_printed_bars')} {'; '.join(said_of_series(frame, style))}."


def said_of_series(frame: pd.DataFrame, style: FigureStyle) -> list[str]:
    """Return each series of a figure in words."""
    named = PrintedWords(style.context, style.language)
    said = []
    for _, rows in frame.groupby(["panel", "table", "name"], sort=False):
        first = records(rows)[0]
        numbers = [f"{named.at(row['table'], row['at'])} {said_of(row, style)}" for row in records(rows)]
        said.append(f"{named.with_unit(title_of(first, named), first['unit'])}: {', '.join(numbers)}")
    return said


def title_of(row: Mapping[str, Any], named: PrintedWords) -> str:
    """Return the title of a series, or of a ratio."""
    return named.ratio(row["name"]) if row["origin"] == "computed" else named.series(row["table"], row["name"])


def said_of(row: Mapping[str, Any], style: FigureStyle) -> str:
    """Return a number in words, with what is to be known of it."""
    doubt = style.word("alt_in_doubt") if row["doubt"] else ""
    derived = style.word("legend_derived").lower() if row["origin"] == "derived" else ""
    return " ".join([written(row, style), *(f"({mark})" for mark in (doubt, derived) if mark)])


def sources_of(frame: pd.DataFrame, style: FigureStyle) -> list[str]:
    """Return the note that names source and table number of what a figure of printed tables shows; else nothing."""
    if not {"table", "doubt"} <= set(frame.columns):
        return []
    named = PrintedWords(style.context, style.language)
    cited = list(dict.fromkeys(named.cited(table) for table in frame["table"]))
    hollow = [style.word("figure_hollow")] if (frame["doubt"] != "").any() else []
    return [*hollow, style.word("figure_source").format(sources="; ".join(cited))]
