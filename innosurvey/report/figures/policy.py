"""The policy frame as a grid: what firms lack in each field at each stage, and what reaches them."""

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
COLUMNS = [*PLACE, "barrier", "need", "need_is", "government", "instrument", "reach"]
TILE, TILE_BOTTOM = 0.92, 0.44
"""Of a grid cell one unit wide and high: the tile's right and upper edge, and its lower edge."""
POINTS_TOP, POINTS_ROOM, POINTS_LEFT, POINTS_RIGHT = 0.39, 0.34, 0.06, 0.66
"""Below the tile: where the points of the governments begin and how high and wide they may spread."""
DARKEST = 0.55
"""Of the colour scale: dark words must stay readable on every tile."""
HATCH = "///"


def frame_policy_frame(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return for each stage and field the barrier that most firms have and, by government, the instrument that most
    use; NA where it is suppressed.
    """
    found = tables.get("policy", pd.DataFrame())
    if found.empty or found["need"].isna().all():
        return pd.DataFrame()
    needs = largest(found, "need", PLACE)[[*PLACE, "barrier", "need", "need_is"]]
    reached = largest(found, "reach", [*PLACE, "government"])[[*PLACE, "government", "instrument", "reach"]]
    return needs.merge(reached, on=PLACE)[COLUMNS].reset_index(drop=True)


def largest(found: pd.DataFrame, column: str, by: list[str]) -> pd.DataFrame:
    """Return of each group of rows the one with the largest number, the first of equals, in the table's order."""
    ranked = found.assign(government=found["government"].fillna(""))
    ranked = ranked.sort_values(column, ascending=False, kind="stable", na_position="last")
    return ranked.drop_duplicates(by).sort_index(kind="stable")


def draw_policy_frame(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw a row per field and a column per stage: a tile with the need, below it a point per government."""
    stages, fields = list(frame["group"].drop_duplicates()), list(frame["field"].drop_duplicates())
    governments = [name for name in frame["government"].drop_duplicates() if name]
    figure, (axis,) = canvas(0.8 + 0.86 * len(fields))
    scale = Normalize(0, frame["need"].max())
    widest = frame["reach"].max()
    for (_, group, field), cells in frame.groupby(PLACE, sort=False):
        left, bottom = stages.index(str(group)), len(fields) - 1 - fields.index(str(field))
        draw_tile(axis, cells.iloc[0], left, bottom, scale, style)
        for number, government in enumerate(governments):
            uses = cells[cells["government"] == government]
            if not uses.empty:
                height = bottom + POINTS_TOP - (number + 0.5) * POINTS_ROOM / len(governments)
                draw_point(axis, uses["reach"].iloc[0] / widest, uses["reach"].iloc[0], left, height, number, style)
        if not cells["government"].any():
            axis.text(
                left + POINTS_LEFT, bottom + POINTS_TOP, style.word("not_asked"), va="top", fontsize=8, color=GREY
            )
    for number, government in enumerate(governments):
        title = title_of(style, "governments", government)
        axis.plot([], [], MARKERS[number], color=COLOURS[number], label=title)
    cohort = frame["cohort"].iloc[0]
    axis.set_xticks([place + TILE / 2 for place in range(len(stages))], [style.group(cohort, one) for one in stages])
    heights = [len(fields) - 1 - place + (TILE_BOTTOM + TILE) / 2 for place in range(len(fields))]
    axis.set_yticks(heights, [wrapped(title_of(style, "fields", field), 14) for field in fields])
    axis.set_xlim(-0.04, len(stages))
    axis.set_ylim(-0.06, len(fields))
    axis.xaxis.tick_top()
    axis.tick_params(length=0, labelsize=10)
    axis.spines[:].set_visible(False)
    if governments:
        figure.legend(loc="outside lower left", ncols=len(governments))
    return figure


def draw_tile(axis: Axes, cell: pd.Series, left: float, bottom: float, scale: Normalize, style: FigureStyle) -> None:
    """Draw the need: the darker the larger, with its number, in a frame where it is clear."""
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
        style.number(cell["need"]) if known else "[c]",
        ha="center",
        va="center",
        fontsize=12,
        weight="bold",
    )


def draw_point(
    axis: Axes, part: float, value: float, left: float, height: float, number: int, style: FigureStyle
) -> None:
    """Draw the reach of one government on a line from zero, `part` of the widest, with its number."""
    start = left + POINTS_LEFT
    if pd.isna(value):
        axis.text(start, height, "[c]", va="center", fontsize=8)
        return
    end = start + part * (POINTS_RIGHT - POINTS_LEFT)
    axis.plot([start, end], [height, height], color="#c3c9d1", linewidth=2, solid_capstyle="butt", zorder=1)
    axis.plot(end, height, MARKERS[number], color=COLOURS[number], markersize=5.5, clip_on=False)
    axis.text(end + 0.06, height, style.number(value), va="center", fontsize=8.5)


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
            need = f"{style.item(cells['barrier'].iloc[0])} {percent(cells['need'].iloc[0], style)}"
            reached = [
                f"{title_of(style, 'governments', government)} {percent(reach, style)}"
                for government, reach in zip(cells["government"], cells["reach"], strict=True)
                if government
            ]
            said = ", ".join([need, *reached]) if reached else f"{need}, {style.word('not_asked')}"
            fields.append(f"{title_of(style, 'fields', str(field))}: {said}")
        stages.append(f"{style.group(cohort, str(group))} – {'; '.join(fields)}")
    return f"{style.word('alt_policy_frame')} {'. '.join(stages)}."


def percent(value: float, style: FigureStyle) -> str:
    """Return a share as text; its mark where it is suppressed."""
    return f"{style.number(value)} %" if pd.notna(value) else "[c]"
