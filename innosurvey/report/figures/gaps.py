"""Gaps between two groups as bars: what the terms explain of each, and what they don't."""

import pandas as pd
from matplotlib.figure import Figure

from innosurvey.report.context import lower_first
from innosurvey.report.figures.style import COLOURS, FigureStyle, canvas, wrapped

Tables = dict[str, pd.DataFrame]
PARTS = ("explained", "unexplained")


def frame_decomposition_bars(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return decomposition, outcome, part and its percentage of the gap, of all terms; the gaps that are clear."""
    found = tables.get("decompositions", pd.DataFrame())
    if found.empty:
        return found
    pooled = found[(found["wave"] == "all") & (found["term"].fillna("") == "") & found["share_of_gap"].notna()]
    keys = ["decomposition", "outcome"]
    clear = pooled.loc[(pooled["part"] == "gap") & (pooled["p"] < style.context.alpha), keys]
    kept = pooled[pooled["part"].isin(PARTS)].merge(clear, on=keys)
    return kept[[*keys, "part", "estimate", "share_of_gap"]].reset_index(drop=True)


def draw_decomposition_bars(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw two bars for each gap, from zero to their percentage of it."""
    gaps = list(frame[["decomposition", "outcome"]].drop_duplicates().itertuples(index=False, name=None))[::-1]
    figure, (axis,) = canvas(1.1 + 0.6 * len(gaps))
    for number, part in enumerate(PARTS):
        rows = frame[frame["part"] == part]
        places = [
            gaps.index((row.decomposition, row.outcome)) + (0.19 if number == 0 else -0.19) for row in rows.itertuples()
        ]
        axis.barh(places, rows["share_of_gap"], height=0.34, color=COLOURS[number], label=style.word(part))
    axis.axvline(0, color="#5f6b7a", linewidth=0.8)
    axis.set_yticks(range(len(gaps)), [wrapped(style.item(outcome), 40) for _, outcome in gaps])
    axis.set_xlabel(style.word("figure_of_the_gap"))
    axis.grid(axis="x")
    axis.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper left", ncols=2)
    return figure


def alt_decomposition_bars(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words."""
    said = [
        f"{style.item(outcome)}, {lower_first(style.word(part))}: {style.number(share)} %"
        for outcome, part, share in zip(frame["outcome"], frame["part"], frame["share_of_gap"], strict=True)
    ]
    return f"{style.word('alt_bars')} {'; '.join(said)}."
