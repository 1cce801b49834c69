"""The tile map of Seoul: 25 districts as equal squares, about where they lie. It needs no boundary file, and a small
district is as easy to see as a large one.
"""

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from innosurvey.report.figures.style import FigureStyle, canvas

Tables = dict[str, pd.DataFrame]
ITEMS = ("innovator", "product_innovation", "rnd_performer")

# Rows from north to south, columns from west to east.
TILES = (
    (None, None, None, "Dobong-gu", "Nowon-gu", None),
    (None, "Eunpyeong-gu", "Gangbuk-gu", "Seongbuk-gu", "Jungnang-gu", None),
    (None, "Seodaemun-gu", "Jongno-gu", "Jung-gu", "Dongdaemun-gu", None),
    ("Gangseo-gu", "Mapo-gu", "Yongsan-gu", "Seongdong-gu", "Gwangjin-gu", "Gangdong-gu"),
    ("Yangcheon-gu", "Yeongdeungpo-gu", "Dongjak-gu", "Seocho-gu", "Gangnam-gu", "Songpa-gu"),
    ("Guro-gu", "Geumcheon-gu", "Gwanak-gu", None, None, None),
)
PLACES = {name: (row, column) for row, names in enumerate(TILES) for column, name in enumerate(names) if name}


def frame_district_map(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return cohort, group, item, estimate, lower, upper of the first item that the districts have; NA where it is
    suppressed.
    """
    described = tables.get("describe", pd.DataFrame())
    if described.empty:
        return described
    pooled = described[(described["cohort"] == "gu") & (described["wave"] == "all") & described["group"].isin(PLACES)]
    for item in ITEMS:
        rows = pooled[pooled["item"] == item]
        if rows["estimate"].notna().any():
            return rows[["cohort", "group", "item", "estimate", "lower", "upper"]].reset_index(drop=True)
    return pd.DataFrame()


def draw_district_map(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw a square per district, the darker the higher, with its name and number."""
    figure, (axis,) = canvas(6.2)
    scale = mpl.colors.Normalize(frame["estimate"].min(), frame["estimate"].max())
    colours = mpl.colormaps["cividis_r"]
    estimates = dict(zip(frame["group"], frame["estimate"], strict=True))
    for name, (row, column) in PLACES.items():
        value = estimates.get(name, float("nan"))
        known = pd.notna(value)
        face: tuple[float, float, float, float] = colours(scale(value)) if known else (1.0, 1.0, 1.0, 1.0)
        axis.add_patch(
            Rectangle(
                (column, -row),
                0.96,
                0.96,
                facecolor=face,
                edgecolor="#9aa3ad",
                hatch="" if known else "///",
                linewidth=0.5,
            )
        )
        ink = "#000000" if luminance(face) > 0.179 else "#ffffff"
        label = style.group("gu", name).removesuffix("-gu")
        axis.text(column + 0.48, -row + 0.62, label, ha="center", va="center", color=ink, fontsize=8)
        axis.text(
            column + 0.48,
            -row + 0.32,
            style.number(value) if known else "[c]",
            ha="center",
            va="center",
            color=ink,
            fontsize=11,
            weight="bold",
        )
    axis.set_xlim(-0.1, 6.1)
    axis.set_ylim(-5.1, 1.1)
    axis.set_aspect("equal")
    axis.set_axis_off()
    bar = figure.colorbar(mpl.cm.ScalarMappable(scale, colours), ax=axis, shrink=0.6)
    item = frame["item"].iloc[0]
    bar.set_label(f"{style.item(item)}, {style.unit(item)}")
    return figure


def luminance(colour: tuple[float, float, float, float]) -> float:
    """Return the relative luminance of a colour (WCAG 2.2, contrast)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def alt_district_map(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the map in words: the item, and each district from the highest to the lowest."""
    ranked = frame[frame["estimate"].notna()].sort_values("estimate", ascending=False, kind="stable")
    shown = ", ".join(
        f"{style.group('gu', group)} {style.number(value)}"
        for group, value in zip(ranked["group"], ranked["estimate"], strict=True)
    )
    item = frame["item"].iloc[0]
    return f"{style.word('alt_map')} {style.item(item)} ({style.unit(item)}): {shown}."
