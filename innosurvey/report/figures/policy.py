"""The policy frame as a grid: what firms lack in each field at each stage, and what reaches them."""

from collections.abc import Sequence
from typing import Literal

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from innosurvey.report.context import in_words, localised
from innosurvey.report.figures.style import COLOURS, GREY, INK, MARKERS, FigureStyle, canvas, wrapped

Tables = dict[str, pd.DataFrame]
PLACE = ["cohort", "group", "field"]
COLUMNS = [*PLACE, "barrier", "need", "need_is", "government", "instrument", "reach", "reach_is"]
TILE, TILE_BOTTOM = 0.92, 0.44
"""Of a grid cell one unit wide and high: the tile's right and upper edge, and its lower edge."""
POINTS_TOP, POINTS_ROOM, POINTS_LEFT, POINTS_RIGHT = 0.39, 0.34, 0.06, 0.66
"""Below the tile: where the points of the governments begin and how high and wide they may spread."""
DARKEST = 0.55
"""Of the colour scale: dark words must stay readable on every tile."""
HATCH = "///"


def frame_policy_frame(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return for each stage and field the barrier that most firms have and, by government in their order, the
    instrument that most use; NA where it is suppressed.
    """
    found = tables.get("policy", pd.DataFrame())
    if found.empty or found["need"].isna().all():
        return pd.DataFrame()
    needs = largest(found, "need", PLACE)[[*PLACE, "barrier", "need", "need_is"]]
    governments = list(found["government"].fillna("").drop_duplicates())
    reached = largest(found, "reach", [*PLACE, "government"])[[*PLACE, "government", "instrument", "reach", "reach_is"]]
    reached = reached.sort_values("government", key=lambda names: names.map(governments.index), kind="stable")
    return needs.merge(reached, on=PLACE)[COLUMNS].reset_index(drop=True)


def largest(found: pd.DataFrame, column: str, by: list[str]) -> pd.DataFrame:
    """Return of each group of rows the one with the largest number, the first of equals, in the table's order."""
    ranked = found.assign(government=found["government"].fillna(""))
    ranked = ranked.sort_values(column, ascending=False, kind="stable", na_position="last")
    return ranked.drop_duplicates(by).sort_index(kind="stable")


def draw_policy_frame(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw a row per field and a column per stage: a tile with the need, below it a point per government."""
    stages, fields = list(frame["group"].drop_duplicates()), list(frame["field"].drop_duplicates())
    figure, (axis,) = canvas(0.8 + 0.86 * len(fields))
    scale = Normalize(0, frame["need"].max())
    for (_, group, field), cells in frame.groupby(PLACE, sort=False):
        place = (stages.index(str(group)), len(fields) - 1 - fields.index(str(field)))
        draw_tile(axis, cells.iloc[0], place, scale, style)
        draw_reach(axis, cells, place, frame["reach"].max(), style)
    label_axes(axis, [style.group(frame["cohort"].iloc[0], stage) for stage in stages], "x", TILE / 2)
    titles = [wrapped(title_of(style, "fields", field), 14) for field in reversed(fields)]
    label_axes(axis, titles, "y", (TILE_BOTTOM + TILE) / 2)
    axis.xaxis.tick_top()
    axis.spines[:].set_visible(False)
    governments = [name for name in frame["government"].drop_duplicates() if name]
    for number, government in enumerate(governments):
        axis.plot([], [], MARKERS[number], color=COLOURS[number], label=title_of(style, "governments", government))
    if governments:
        figure.legend(loc="outside lower left", ncols=len(governments))
    return figure


def label_axes(axis: Axes, titles: Sequence[str], side: Literal["x", "y"], middle: float) -> None:
    """Write the titles of columns (`x`) or rows (`y`) beside the middles of their cells."""
    places = [place + middle for place in range(len(titles))]
    axis.set(**{f"{side}lim": (-0.05, len(titles)), f"{side}ticks": places, f"{side}ticklabels": titles})
    axis.tick_params(axis=side, length=0, labelsize=10)


def draw_tile(axis: Axes, cell: pd.Series, place: tuple[float, float], scale: Normalize, style: FigureStyle) -> None:
    """Draw the need: the darker the larger, with its number, in a frame where it is clear."""
    left, bottom = place
    known = pd.notna(cell["need"])
    face = mpl.colormaps["Blues"](DARKEST * scale(cell["need"])) if known else "white"
    clear = cell["need_is"] == "clear"
    axis.add_patch(
        Rectangle(
            (left, bottom + TILE_BOTTOM),
            TILE,
            TILE - TILE_BOTTOM,
            facecolor=face,
            edgecolor=INK if clear else "#9aa3ad",
            linewidth=2.4 if clear else 0.5,
            hatch="" if known else HATCH,
        )
    )
    axis.text(
        left + TILE / 2,
        bottom + (TILE_BOTTOM + TILE) / 2,
        style.number(cell["need"]) if known else style.word("not_shown"),
        ha="center",
        va="center",
        fontsize=12 if known else 8,
        weight="bold" if known else "normal",
    )


def draw_reach(axis: Axes, cells: pd.DataFrame, place: tuple[float, float], widest: float, style: FigureStyle) -> None:
    """Draw the reach of each government on a line from zero, with its number; words where there is none."""
    left, step = place[0] + POINTS_LEFT, POINTS_ROOM / max(len(cells), 2)
    for number, cell in enumerate(cells.to_dict("records")):
        height = place[1] + POINTS_TOP - (number + 0.5) * step
        if pd.isna(cell["reach"]):
            axis.text(left, height, reach_words(cell["reach_is"], style), va="center", fontsize=8, color=GREY)
            continue
        end = left + cell["reach"] / widest * (POINTS_RIGHT - POINTS_LEFT)
        axis.plot([left, end], [height, height], color="#c3c9d1", linewidth=2, solid_capstyle="butt", zorder=1)
        axis.plot(end, height, MARKERS[number], color=COLOURS[number], markersize=5.5, clip_on=False)
        axis.text(end + 0.06, height, style.number(cell["reach"]), va="center", fontsize=8.5)


def reach_words(reach_is: str, style: FigureStyle) -> str:
    """Return why there is no reach: the questionnaire does not ask for it, or it is not shown."""
    return style.word("not_asked" if reach_is == "not asked" else "not_shown")


def title_of(style: FigureStyle, kind: str, name: str) -> str:
    """Return the title of a field or a government of the frame."""
    return localised(style.context.policy.get(kind, {}).get(name), style.language) or in_words(name)


def alt_policy_frame(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the grid in words: stage by stage each field's need, and its reach by government."""
    cohort = frame["cohort"].iloc[0]
    stages = []
    for group, of_stage in frame.groupby("group", sort=False):
        fields = []
        for field, cells in of_stage.groupby("field", sort=False):
            first = cells.iloc[0]
            need = percent(first["need"], style) or style.word("not_shown")
            said = [f"{style.item(first['barrier'])} {need}"]
            for government, reach, reach_is in cells[["government", "reach", "reach_is"]].itertuples(index=False):
                title = f"{title_of(style, 'governments', government)} " if government else ""
                said.append(f"{title}{percent(reach, style) or reach_words(reach_is, style)}")
            fields.append(f"{title_of(style, 'fields', str(field))}: {', '.join(said)}")
        stages.append(f"{style.group(cohort, str(group))} – {'; '.join(fields)}")
    return f"{style.word('alt_policy_frame')} {'. '.join(stages)}."


def percent(value: float, style: FigureStyle) -> str:
    """Return a share as text; nothing where there is none."""
    return f"{style.number(value)} %" if pd.notna(value) else ""
