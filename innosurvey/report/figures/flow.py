"""The sample flow: how many firms the frame has, how many were drawn, answered, were linked, and are in the analysis,
wave by wave.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from innosurvey.report.figures.style import COLOURS, GREY, FigureStyle, canvas

Tables = dict[str, pd.DataFrame]
COLUMNS = ["wave", "step", "firms"]
LINE = 0.25  # between two lines of a box
GAP = 0.3  # between two boxes: room for the arrow


def frame_sample_flow(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return wave, step, firms: sums over strata of the weights and link tables; steps that a study lacks are not in
    it.
    """
    steps = [*frame_steps(tables), *link_steps(tables, style), *analysis_steps(tables, style)]
    named = [(wave, style.word(step) if step.startswith("flow_") else step, firms) for wave, step, firms in steps]
    flow = pd.DataFrame(named, columns=COLUMNS)
    return flow if len(flow["step"].drop_duplicates()) > 1 else flow.iloc[:0]


def frame_steps(tables: Tables) -> list[tuple[str, str, float]]:
    """Return population and sample by wave."""
    weights = tables.get("weights", pd.DataFrame())
    if weights.empty or (weights["population"] == weights["responded"]).all():
        return []  # a survey without a frame: its population is not known
    over_all = weights["stratum_id"] == "all"
    strata = weights[over_all] if over_all.any() else weights
    sums = strata.groupby("wave", sort=False)[["population", "sampled"]].sum()
    return [(wave, f"flow_{name}", float(sums.loc[wave, name])) for name in sums.columns for wave in sums.index]


def link_steps(tables: Tables, style: FigureStyle) -> list[tuple[str, str, float]]:
    """Return the firms of the raw file, and of them those that each register knows."""
    links = tables.get("link", pd.DataFrame())
    if links.empty:
        return []
    over_all = links["stratum_id"] == "all"
    shown = links[(over_all if over_all.any() else True) & links["n"].notna()]
    steps = [
        (wave, "flow_raw", float(rows["n"].sum()))
        for wave, rows in shown[shown["register"] == shown["register"].iloc[0]].groupby("wave", sort=False)
    ]
    for register, rows in shown[shown["register"] != "frame"].groupby("register", sort=False):
        name = style.word("flow_linked").format(
            register=style.context.label("variable", str(register), style.language).lower()
        )
        steps += [
            (str(wave), name, float(linked))
            for wave, linked in rows.groupby("wave", sort=False)["linked"].sum().items()
        ]
    return steps


def analysis_steps(tables: Tables, style: FigureStyle) -> list[tuple[str, str, float]]:
    """Return the firms in the analysis."""
    cohorts = tables.get("cohorts", pd.DataFrame())
    if cohorts.empty:
        return []
    rows = cohorts[(cohorts["cohort"] == "all") & (cohorts["wave"] != "all") & cohorts["n"].notna()]
    return [(wave, "flow_analysis", float(n)) for wave, n in zip(rows["wave"], rows["n"], strict=True)]


def draw_sample_flow(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw one column per wave: a box per step with an arrow to the next; the registers share one box."""
    waves = list(frame["wave"].drop_duplicates())
    figure, (axis,) = canvas(5.2)
    tops: list[float] = []
    for column, wave in enumerate(waves):
        rows = frame[frame["wave"] == wave]
        top = 0.0
        for step, lines in boxes_of(rows, style):
            height = 0.62 + LINE * (len(lines) - 1)
            draw_box(axis, column, top, height, step, lines)
            top += height + GAP
        for start in arrows_of(rows, style):
            axis.annotate("", (column, start + GAP), (column, start), arrowprops={"arrowstyle": "-|>", "color": GREY})
        axis.text(
            column, -0.25, style.context.label("wave", wave, style.language), ha="center", weight="bold", fontsize=11
        )
        tops.append(top - GAP)
    axis.set_xlim(-0.52, len(waves) - 0.48)
    axis.set_ylim(max(tops) + 0.05, -0.6)
    axis.set_axis_off()
    return figure


def boxes_of(rows: pd.DataFrame, style: FigureStyle) -> list[tuple[str, list[str]]]:
    """Return the boxes of a wave: a head and its lines; the links to registers are lines of one box."""
    front = style.word("flow_linked").split("{register}")[0]
    boxes: list[tuple[str, list[str]]] = []
    for step, firms in zip(rows["step"], rows["firms"], strict=True):
        number = style.number(firms, 0)
        if not step.startswith(front):
            boxes.append((step, [number]))
        elif boxes and boxes[-1][0] == style.word("flow_registers"):
            boxes[-1][1].append(f"{step.removeprefix(front)}: {number}")
        else:
            boxes.append((style.word("flow_registers"), [f"{step.removeprefix(front)}: {number}"]))
    return boxes


def arrows_of(rows: pd.DataFrame, style: FigureStyle) -> list[float]:
    """Return where the arrow below each box but the last begins."""
    starts, top = [], 0.0
    for _, lines in boxes_of(rows, style)[:-1]:
        top += 0.62 + LINE * (len(lines) - 1)
        starts.append(top)
        top += GAP
    return starts


def draw_box(axis: Axes, column: int, top: float, height: float, head: str, lines: list[str]) -> None:
    """Draw one box: its head small, its numbers below; a list of registers has a broken edge."""
    several = len(lines) > 1
    shape = FancyBboxPatch((column - 0.44, top), 0.88, height, boxstyle="round,pad=0,rounding_size=0.06")
    shape.set(facecolor="white" if several else "#e3eef7", edgecolor=COLOURS[0], linestyle="--" if several else "-")
    axis.add_patch(shape)
    axis.text(column, top + 0.19, head, ha="center", va="center", fontsize=9)
    for place, line in enumerate(lines):
        size, weight = (9, "normal") if several else (11, "bold")
        axis.text(column, top + 0.45 + LINE * place, line, ha="center", va="center", fontsize=size, weight=weight)


def alt_sample_flow(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words: each wave's steps with their firms."""
    parts = []
    for wave, rows in frame.groupby("wave", sort=False):
        steps = ", ".join(
            f"{step} {style.number(firms, 0)}" for step, firms in zip(rows["step"], rows["firms"], strict=True)
        )
        parts.append(f"{style.context.label('wave', str(wave), style.language)}: {steps}")
    return f"{style.word('alt_flow')} {'; '.join(parts)}."
