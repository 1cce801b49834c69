"""Figures over an ordered cohort: innovation over size classes, and the life cycle from start-up to decline."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innosurvey.report.figures.style import COLOURS, MARKERS, FigureStyle, canvas, wrapped

Tables = dict[str, pd.DataFrame]
SIZES = ("size_cis", "size_kis")
STAGES = ("stage_self", "stage_age")
SIZE_ITEMS = ("innovator", "product_innovation", "process_innovation", "rnd_performer")
STAGE_ITEMS = ("rd_intensity", "cooperation", "info_research", "product_innovation", "high_own_funds", "support_any")


def frame_size_curve(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the shares of innovating firms by size class, in the cohort's order."""
    return ordered_cohort(tables, SIZES, SIZE_ITEMS, style)


def frame_life_cycle(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return input, network and output items by stage, in the cohort's order."""
    return ordered_cohort(tables, STAGES, STAGE_ITEMS, style)


def ordered_cohort(tables: Tables, cohorts: Sequence[str], items: Sequence[str], style: FigureStyle) -> pd.DataFrame:
    """Return cohort, group, item, estimate, lower, upper of the first cohort that is there; groups in the
    configuration's order.
    """
    described = tables.get("describe", pd.DataFrame())
    if described.empty:
        return described
    pooled = described[(described["wave"] == "all") & described["estimate"].notna() & (described["group"] != "all")]
    for cohort in cohorts:
        found = pooled[(pooled["cohort"] == cohort) & pooled["item"].isin(items)]
        if len(found["group"].drop_duplicates()) > 1:
            listed = list(style.context.cohorts.get(cohort, {}).get("groups") or {}) or list(
                found["group"].drop_duplicates()
            )
            ranked = found.assign(
                _item=found["item"].map({item: place for place, item in enumerate(items)}),
                _group=found["group"].map({group: place for place, group in enumerate(listed)}),
            ).sort_values(["_item", "_group"], kind="stable")
            return ranked[["cohort", "group", "item", "estimate", "lower", "upper"]].reset_index(drop=True)
    return pd.DataFrame()


def draw_size_curve(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw one line per item over the size classes, with intervals."""
    figure, (axis,) = canvas(3.8)
    for number, item in enumerate(frame["item"].drop_duplicates()):
        line(axis, frame[frame["item"] == item], groups_of(frame), number, style.item(item))
    label_groups(axis, frame, style, 22)
    axis.set_ylabel(style.word("figure_share"))
    axis.set_ylim(bottom=0)
    figure.legend(loc="outside upper left", ncols=2)
    return figure


def draw_life_cycle(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw one small panel per item over the stages, with intervals."""
    items = list(frame["item"].drop_duplicates())
    columns = min(3, len(items))
    rows = -(-len(items) // columns)
    figure, axes = canvas(2.4 * rows, rows, columns, sharex=True)
    for axis, item in zip(axes, items, strict=False):
        line(axis, frame[frame["item"] == item], groups_of(frame), 0, "")
        unit = style.unit(item)
        title = style.item(item)
        axis.set_title(wrapped(title if not unit or "percent" in title.lower() else f"{title} ({unit})", 34))
        axis.set_ylim(bottom=0)
        label_groups(axis, frame, style, 7)
    for axis in axes[len(items) :]:
        axis.set_axis_off()
    return figure


def groups_of(frame: pd.DataFrame) -> list[str]:
    """Return the groups in the order of the frame's fullest item."""
    return list(frame["group"].drop_duplicates())


def line(axis: Axes, series: pd.DataFrame, groups: Sequence[str], number: int, label: str) -> None:
    """Draw one item over the groups: points, intervals, and a line to guide the eye."""
    places = [groups.index(group) + 0.06 * (number - 1.5) * bool(label) for group in series["group"]]
    errors = (series["estimate"] - series["lower"], series["upper"] - series["estimate"])
    axis.errorbar(
        places,
        series["estimate"],
        yerr=[part.clip(lower=0).fillna(0) for part in errors],
        fmt=f"{MARKERS[number % len(MARKERS)]}-",
        color=COLOURS[number % len(COLOURS)],
        markersize=5,
        linewidth=1.2,
        elinewidth=1.6,
        label=label or None,
    )


def label_groups(axis: Axes, frame: pd.DataFrame, style: FigureStyle, width: int) -> None:
    """Write the groups below the axis and a light grid behind it."""
    groups = groups_of(frame)
    cohort = frame["cohort"].iloc[0]
    labels = [broken(style.group(cohort, group), width) for group in groups]
    axis.set_xticks(range(len(groups)), labels, fontsize=7.5 if width < 15 else 9, linespacing=1.1)
    axis.set_xlim(-0.4, len(groups) - 0.4)
    axis.grid(axis="y")


def broken(label: str, width: int) -> str:
    """Return a label in lines of about `width` signs; a long Korean word, which has no space to be broken at, in two
    halves.
    """
    if " " in label or label.isascii() or 2 * len(label) <= width:  # a Korean sign is as wide as two others
        return wrapped(label, width)
    middle = len(label) // 2
    return f"{label[:middle]}\n{label[middle:]}"


def alt_curve(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words: each item from group to group."""
    cohort = frame["cohort"].iloc[0]
    parts = []
    for item in frame["item"].drop_duplicates():
        rows = frame[frame["item"] == item]
        unit = style.unit(item)
        shown = ", ".join(
            f"{style.group(cohort, group)} {style.with_unit(value, 2 if value < 5 else 1, unit)}"
            for group, value in zip(rows["group"], rows["estimate"], strict=True)
        )
        parts.append(f"{style.item(item)}: {shown}")
    return f"{style.word('alt_lines')} {'; '.join(parts)}."
