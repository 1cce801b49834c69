"""The claims at a glance: a row per claim with its verdict, the share of its checks that agree, and the effect that
decided, in units of the smallest that matters.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from innosurvey.report.context import localised
from innosurvey.report.figures.style import COLOURS, GREY, INK, LINE, FigureStyle, canvas, wrapped

Tables = dict[str, pd.DataFrame]
Row = Mapping[Any, Any]
COLUMNS = [
    "claim", "verdict", "checks", "checks_agree", "hypothesis", "sign", "matters", "effect", "lower", "upper",
    "relative", "relative_lower", "relative_upper",
]  # fmt: skip
MAIN = "main"
MARKS = {
    "supported": ("o", COLOURS[2], COLOURS[2]),
    "not supported": ("s", GREY, "white"),
    "reversed": ("X", COLOURS[1], COLOURS[1]),
    "not estimable": ("_", GREY, GREY),
}
ASKED = "#e3f1ec"
LINEAR = 1.0
"""Up to the smallest effect that matters the scale is even, beyond it logarithmic: effects lie far apart."""
TICKS = (1, 3, 10, 30, 100, 300)
ROW = 0.44  # inches
LABEL = 42  # signs of a line of a claim


def frame_claims_overview(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return a row per claim: its verdict, its checks, and the hypothesis that decided with its effect, also as a
    multiple of the smallest that matters (`relative`, above zero where it has the sign that is asked for).
    """
    claims, hypotheses = (tables.get(name, pd.DataFrame()) for name in ("claims", "hypotheses"))
    if claims.empty or hypotheses.empty:
        return pd.DataFrame()
    kept = claims[["claim", "verdict", "checks", "checks_agree"]].assign(hypothesis=claims["decisive"].fillna(""))
    main = hypotheses[hypotheses["check"] == MAIN]
    asked = main[["claim", "hypothesis", "sign", "matters", "effect", "lower", "upper"]]
    found = kept.merge(asked, on=["claim", "hypothesis"], how="left")
    turned = found["sign"].map({"negative": -1.0}).fillna(1.0)
    ends = {name: turned * found[name] / found["matters"] for name in ("effect", "lower", "upper")}
    found = found.assign(
        relative=ends["effect"],
        relative_lower=np.minimum(ends["lower"], ends["upper"]),
        relative_upper=np.maximum(ends["lower"], ends["upper"]),
    )
    return found[COLUMNS].reset_index(drop=True)


def draw_claims_overview(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw verdict, checks and effect side by side, a row per claim from the top."""
    places = range(len(frame) - 1, -1, -1)
    figure, (verdicts, checks, effects) = canvas(
        0.75 + ROW * len(frame), 1, 3, sharey=True, width_ratios=[1.2, 1.1, 2.5]
    )
    rows = list(zip(places, frame.to_dict("records"), strict=True))
    for place, row in rows:
        draw_verdict(verdicts, place, row, style)
        draw_checks(checks, place, row, style)
    draw_effects(effects, rows, frame, style)
    names = [wrapped(claim_words(claim, style), LABEL) for claim in frame["claim"]]
    verdicts.set_yticks(list(places), names, fontsize=8)
    verdicts.set_ylim(-0.6, len(frame) - 0.4)
    for axis, word in ((verdicts, "verdict"), (checks, "checks_agree"), (effects, "figure_relative_effect")):
        axis.set_title(style.word(word), fontsize=9)
        axis.tick_params(axis="y", length=0)
        axis.spines["left"].set_visible(False)
        for place in range(len(frame) - 1):
            axis.axhline(place + 0.5, color=LINE, linewidth=0.7)
    return figure


def claim_words(claim: str, style: FigureStyle) -> str:
    """Return a claim's id and title."""
    title = localised(style.context.claims.get(claim, {}).get("title"), style.language)
    return f"{claim}  {title}".strip()


def verdict_word(verdict: str, style: FigureStyle) -> str:
    """Return a verdict in words."""
    return style.word(f"verdict_{verdict.replace(' ', '_')}")


def draw_verdict(axis: Axes, place: float, row: Row, style: FigureStyle) -> None:
    """Draw the mark of a verdict, its words beside it."""
    mark, edge, face = MARKS[row["verdict"]]
    axis.plot(0.08, place, mark, color=edge, markerfacecolor=face, markersize=9, markeredgewidth=1.6, clip_on=False)
    axis.text(0.2, place, verdict_word(row["verdict"], style), va="center", fontsize=8.5)
    axis.set(xlim=(0, 1), xticks=[])
    axis.spines["bottom"].set_visible(False)


def draw_checks(axis: Axes, place: float, row: Row, style: FigureStyle) -> None:
    """Draw how many of the checks agree as a bar in the frame of all, with both numbers; nothing without checks."""
    axis.set(xlim=(0, 1), xticks=[])
    axis.spines["bottom"].set_visible(False)
    if not row["checks"] > 0:
        return
    wide, high = 0.5, 0.3
    share = row["checks_agree"] / row["checks"]
    axis.add_patch(Rectangle((0.02, place - high / 2), wide * share, high, facecolor=COLOURS[0], linewidth=0))
    axis.add_patch(Rectangle((0.02, place - high / 2), wide, high, fill=False, edgecolor=GREY, linewidth=0.8))
    said = f"{style.number(row['checks_agree'], 0)}{style.word('part_of')}{style.number(row['checks'], 0)}"
    axis.text(0.57, place, said, va="center", fontsize=8)


def draw_effects(axis: Axes, rows: Sequence[tuple[int, Row]], frame: pd.DataFrame, style: FigureStyle) -> None:
    """Draw each deciding effect with its interval on one scale, behind it where the claim asks it to be."""
    ends = frame[["relative", "relative_lower", "relative_upper"]].to_numpy(dtype=float)
    ends = ends[np.isfinite(ends)]
    low, high = min(-1.5, 1.3 * ends.min(initial=0)), max(3.0, 1.3 * ends.max(initial=0))
    axis.set_xscale("symlog", linthresh=LINEAR, linscale=0.6)
    for place, row in rows:
        if pd.isna(row["relative"]):
            continue
        left, right = (-1, 1) if row["sign"] == "none" else (1, high)
        axis.add_patch(Rectangle((left, place - 0.36), right - left, 0.72, facecolor=ASKED, linewidth=0, zorder=0))
        mark, edge, face = MARKS[row["verdict"]]
        if has_interval(row):
            axis.plot([row["relative_lower"], row["relative_upper"]], [place, place], color=edge, linewidth=1.8)
        axis.plot(row["relative"], place, mark, color=edge, markerfacecolor=face, markersize=6, markeredgewidth=1.3)
    axis.axvline(0, color=GREY, linewidth=0.9)
    ticks = [-tick for tick in TICKS if -tick >= low][::-1] + [0] + [tick for tick in TICKS if tick <= high]
    axis.set_xticks(ticks, [style.number(tick, 0) for tick in ticks], color=INK)
    axis.minorticks_off()
    axis.set_xlim(low, high)
    axis.grid(axis="x")


def has_interval(row: Row) -> bool:
    """True for an effect with an interval; a measure of differences among groups has none."""
    return bool(np.isfinite(row["relative_lower"]) and np.isfinite(row["relative_upper"]))


def alt_claims_overview(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the claims in words: verdict, checks that agree, and the deciding effect as a multiple."""
    said = []
    for row in frame.to_dict("records"):
        parts = [verdict_word(row["verdict"], style)]
        if row["checks"] > 0:
            agree, checks = (style.number(row[name], 0) for name in ("checks_agree", "checks"))
            parts.append(f"{style.word('checks_agree')} {agree}{style.word('part_of')}{checks}")
        if pd.notna(row["relative"]):
            ends = [style.number(row[name]) for name in ("relative_lower", "relative_upper") if has_interval(row)]
            interval = f" ({' – '.join(ends)})" if ends else ""
            parts.append(f"{style.word('figure_relative_effect')} {style.number(row['relative'])}{interval}")
        said.append(f"{claim_words(row['claim'], style)}: {', '.join(parts)}")
    return f"{style.word('alt_claims_overview')} {'; '.join(said)}."
