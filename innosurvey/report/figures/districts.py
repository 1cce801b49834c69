"""Tile maps: each region as an equal square, about where it lies. They need no boundary file, and a small region is as
easy to see as a large one. The tiles are a list of the study (`regions.tiles`).
"""

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from innosurvey.report.figures.style import FigureStyle, canvas

Tables = dict[str, pd.DataFrame]
Colour = tuple[float, float, float, float]
ITEMS = ("innovator", "product_innovation", "rnd_performer")
COLUMNS = ["cohort", "group", "item", "estimate", "lower", "upper"]
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
TILE, MARGIN = 0.94, 0.1
ROW_HEIGHT, SCALE_HEIGHT = 0.85, 0.8  # inches
HIDDEN = "[c]"


def frame_district_map(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return cohort, group, item, estimate, lower, upper of the first item that the regions have; NA where it is
    suppressed.
    """
    described, tiles = tables.get("describe", pd.DataFrame()), tiles_of(style)
    if described.empty or not tiles:
        return pd.DataFrame()
    ours = (described["cohort"] == cohort_of(style)) & (described["wave"] == "all")
    pooled = described[ours & described["group"].isin(tiles)]
    for item in ITEMS:
        rows = pooled[pooled["item"] == item]
        if rows["estimate"].notna().any():
            return rows[COLUMNS].reset_index(drop=True)
    return pd.DataFrame()


def frame_quotient_map(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return cohort, group, measure, estimate, lower, upper, p_adjusted of the location quotients that the study maps;
    NA where they are suppressed.
    """
    placed, measure = tables.get("regions", pd.DataFrame()), style.context.regions.get("map")
    if placed.empty or not measure or not tiles_of(style):
        return pd.DataFrame()
    ours = (placed["level"] == "region") & (placed["wave"] == "all") & (placed["statistic"] == "quotient")
    rows = placed[ours & (placed["measure"] == measure)]
    if not rows["estimate"].notna().any():
        return pd.DataFrame()
    named = rows.assign(cohort=cohort_of(style), group=rows["region"])
    return named[["cohort", "group", "measure", "estimate", "lower", "upper", "p_adjusted"]].reset_index(drop=True)


def tiles_of(style: FigureStyle) -> dict[str, tuple[int, int]]:
    """Return the tile (column, row) of each region."""
    return {name: (tile[0], tile[1]) for name, tile in (style.context.regions.get("tiles") or {}).items()}


def cohort_of(style: FigureStyle) -> str:
    """Return the cohort whose groups are the regions."""
    return str(style.context.regions.get("cohort", ""))


def draw_district_map(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw a square per region, the darker the higher, with its name and number."""
    item = frame["item"].iloc[0]
    return draw_tiles(frame, style, f"{style.item(item)}, {style.unit(item)}", decimals=1)


def draw_quotient_map(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw the location quotients as tiles; a heavy frame where they are clearly not 1."""
    measure = style.context.label("measure", frame["measure"].iloc[0], style.language)
    apart = frame[frame["p_adjusted"] < style.context.alpha]["group"]
    return draw_tiles(frame, style, f"{style.word('figure_quotient')}: {measure}", decimals=2, framed=set(apart))


def draw_tiles(
    frame: pd.DataFrame, style: FigureStyle, label: str, decimals: int, framed: set[str] | None = None
) -> Figure:
    """Draw the tiles with the scale of their colours below; a region without a number is hatched."""
    tiles = tiles_of(style)
    columns, rows = (max(tile[axis] for tile in tiles.values()) for axis in (0, 1))
    figure, (axis,) = canvas(ROW_HEIGHT * rows + SCALE_HEIGHT)
    scale = mpl.colors.Normalize(frame["estimate"].min(), frame["estimate"].max())
    colours = mpl.colormaps["cividis_r"]
    estimates = dict(zip(frame["group"], frame["estimate"], strict=True))
    for name, (column, row) in tiles.items():
        value = estimates.get(name, float("nan"))
        known = bool(pd.notna(value))
        face: Colour = colours(scale(value)) if known else WHITE
        heavy = name in (framed or set())
        number = style.number(value, decimals) + "*" * heavy if known else HIDDEN
        title = style.group(cohort_of(style), name).removesuffix("-gu")
        draw_tile(axis, (column, row), face, (title, number), heavy)
    axis.set_xlim(1 - MARGIN, columns + 1)
    axis.set_ylim(-rows - MARGIN, 0)
    axis.set_aspect("auto")
    axis.set_axis_off()
    bar = figure.colorbar(
        mpl.cm.ScalarMappable(scale, colours),
        ax=axis,
        orientation="horizontal",
        shrink=0.7,
        aspect=40,
        pad=0.02,
        use_gridspec=False,
    )
    bar.set_label(label, fontsize=11)
    bar.ax.tick_params(labelsize=10)
    return figure


def draw_tile(axis: Axes, tile: tuple[int, int], face: Colour, words: tuple[str, str], heavy: bool) -> None:
    """Draw one square with a name and, below it, a number."""
    column, row = tile
    axis.add_patch(
        Rectangle(
            (column, -row),
            TILE,
            TILE,
            facecolor=face,
            edgecolor="#000000" if heavy else "#9aa3ad",
            hatch="///" if words[1] == HIDDEN else "",
            linewidth=2.2 if heavy else 0.5,
        )
    )
    ink = "#000000" if luminance(face) > 0.179 else "#ffffff"
    behind = {"facecolor": face, "edgecolor": "none", "pad": 1.5} if words[1] == HIDDEN else None
    for text, height, size, weight in ((words[0], 0.66, 10.5, "normal"), (words[1], 0.32, 14, "bold")):
        axis.text(
            column + TILE / 2, -row + height, text, ha="center", va="center", color=ink, fontsize=size, weight=weight,
            bbox=behind,
        )  # fmt: skip


def luminance(colour: Colour) -> float:
    """Return the relative luminance of a colour (WCAG 2.2, contrast)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def alt_district_map(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the map in words: the item, and each region from the highest to the lowest."""
    item = frame["item"].iloc[0]
    return f"{style.word('alt_map')} {style.item_with_unit(item)}: {in_words(frame, style, 1)}."


def alt_quotient_map(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the map in words: the measure, and each region from the highest to the lowest."""
    measure = style.context.label("measure", frame["measure"].iloc[0], style.language)
    return f"{style.word('alt_quotients')} {measure}: {in_words(frame, style, 2)}."


def in_words(frame: pd.DataFrame, style: FigureStyle, decimals: int) -> str:
    """Return the regions with their numbers, from the highest to the lowest."""
    ranked = frame[frame["estimate"].notna()].sort_values("estimate", ascending=False, kind="stable")
    return ", ".join(
        f"{style.group(cohort_of(style), group)} {style.number(value, decimals)}"
        for group, value in zip(ranked["group"], ranked["estimate"], strict=True)
    )
