"""Figures that set groups of firms side by side: innovation types, active and dormant firms, information and barrier
profiles.
"""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from innosurvey.report.figures.style import FigureStyle, canvas, dots, wrapped
from innosurvey.report.formats import PERCENT_UNITS
from innosurvey.report.wording import trimmed

Tables = dict[str, pd.DataFrame]
OUTCOMES = ("outcome_goal", "project_outcome", "outcome_commercial", "outcome_oslo")
ACTIVITIES = ("activity_seoul", "activity_oslo4")
TYPES = ("product_innovation", "process_innovation", "organisational_innovation", "marketing_innovation")


def frame_innovation_types(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the shares of the four types of innovation by group of the certification cohorts, else of all firms."""
    return profile(tables, ("certified", "activity_oslo4", "all"), TYPES)


def frame_activity_dots(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the outcomes in percent of active and dormant firms."""
    return profile(tables, ACTIVITIES, [*style.context.items_of("output"), *style.context.items_of("economic")])


def frame_information_profile(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the sources of information of successful and failed firms."""
    return compared(profile(tables, OUTCOMES, style.context.items_of("information")), style)


def frame_barrier_profile(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return the barriers of successful and failed firms."""
    return compared(profile(tables, OUTCOMES, style.context.items_of("barriers")), style)


def compared(frame: pd.DataFrame, style: FigureStyle) -> pd.DataFrame:
    """Return the groups that a comparison of the cohort sets against each other, the reference first; all groups where
    no comparison chooses.
    """
    for comparison in style.context.comparisons.values():
        if not frame.empty and comparison["cohort"] == frame["cohort"].iloc[0] and comparison.get("groups"):
            return frame[frame["group"].isin([comparison["reference"], *comparison["groups"]])].reset_index(drop=True)
    return frame


def profile(tables: Tables, cohorts: Sequence[str], items: Sequence[str]) -> pd.DataFrame:
    """Return the percentages of the first cohort that the study has: cohort, group, item, estimate, lower, upper; items
    by group order.
    """
    described = tables.get("describe", pd.DataFrame())
    if described.empty:
        return described
    percent = described["unit"].isin(PERCENT_UNITS) | (described["statistic"] == "share")
    pooled = described[(described["wave"] == "all") & percent & described["estimate"].notna()]
    for cohort in cohorts:
        found = pooled[(pooled["cohort"] == cohort) & pooled["item"].isin(list(items))]
        found = found[(found["group"] != "all") | (cohort == "all")]
        if not found.empty:
            order = {item: place for place, item in enumerate(items)}
            ranked = found.assign(_place=found["item"].map(order)).sort_values("_place", kind="stable")
            return ranked[["cohort", "group", "item", "estimate", "lower", "upper"]].reset_index(drop=True)
    return pd.DataFrame()


def draw_profile(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw items as rows, groups as series: a point and its interval each, a line between the points of a row."""
    items = list(frame["item"].drop_duplicates())[::-1]
    groups = list(frame["group"].drop_duplicates())
    figure, (axis,) = canvas(0.9 + 0.32 * len(items))
    for place, item in enumerate(items):
        row = frame[frame["item"] == item]["estimate"]
        axis.plot(
            [row.min(), row.max()], [place, place], color="#c3c9d1", linewidth=3, solid_capstyle="round", zorder=1
        )
    for number, group in enumerate(groups):
        series = frame[frame["group"] == group]
        dots(
            axis,
            series,
            [items.index(item) for item in series["item"]],
            number,
            style.group(frame["cohort"].iloc[0], group),
        )
    axis.set_yticks(range(len(items)), [wrapped(label, 46) for label in trimmed([style.item(item) for item in items])])
    axis.set_xlabel(style.word("figure_share") if all_shares(frame, style) else style.word("unit_percent"))
    axis.set_xlim(left=0)
    axis.set_ylim(-0.6, len(items) - 0.4)
    axis.grid(axis="x")
    axis.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper left", ncols=min(3, len(groups)))
    return figure


def all_shares(frame: pd.DataFrame, style: FigureStyle) -> bool:
    """True when every item of a frame is a share of firms."""
    return all(style.context.items[item].statistic == "share" for item in frame["item"] if item in style.context.items)


def alt_profile(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words: each item with each group's estimate."""
    cohort = frame["cohort"].iloc[0]
    parts = []
    for item in frame["item"].drop_duplicates():
        rows = frame[frame["item"] == item]
        shown = ", ".join(
            f"{style.group(cohort, group)} {style.number(value)} %"
            for group, value in zip(rows["group"], rows["estimate"], strict=True)
        )
        parts.append(f"{style.item(item)}: {shown}")
    return f"{style.word('alt_dots')} {'; '.join(parts)}."
