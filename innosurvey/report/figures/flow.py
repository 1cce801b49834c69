"""The sample flow: how many firms the frame has, how many were drawn, answered, were left out, were linked, and are in
the analysis, wave by wave.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from innosurvey.report.context import lower_first
from innosurvey.report.figures.style import COLOURS, GREY, FigureStyle, canvas

Tables = dict[str, pd.DataFrame]
COLUMNS = ["wave", "step", "firms"]
LINE = 0.25  # between two lines of a box
GAP = 0.3  # between two boxes: room for the arrow
LISTS = {"flow_dropped": "flow_left_out", "flow_linked": "flow_registers"}  # steps that share a box, and its head


def frame_sample_flow(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return wave, step, firms: sums over strata of the weights and link tables, rows of the ledger; steps that a study
    lacks are not in it.
    """
    steps = [
        *frame_steps(tables),
        *raw_steps(tables),
        *dropped_steps(tables, style, reading=True),
        *link_steps(tables, style),
        *dropped_steps(tables, style, reading=False),
        *analysis_steps(tables, style),
    ]
    named = [(wave, style.word(step) if step.startswith("flow_") else step, firms) for wave, step, firms in steps]
    flow = pd.DataFrame(named, columns=COLUMNS)
    return flow if len(flow["step"].drop_duplicates()) > 1 else flow.iloc[:0]


def frame_steps(tables: Tables) -> list[tuple[str, str, float]]:
    """Return population and sample by wave."""
    weights = tables.get("weights", pd.DataFrame())
    if weights.empty or (weights["population"].isna() | (weights["population"] == weights["responded"])).all():
        return []  # a survey without a frame: its population is not known
    over_all = weights["stratum_id"] == "all"
    strata = weights[over_all] if over_all.any() else weights
    sums = strata.groupby("wave", sort=False)[["population", "sampled"]].sum()
    return [(wave, f"flow_{name}", float(sums.loc[wave, name])) for name in sums.columns for wave in sums.index]


def raw_steps(tables: Tables) -> list[tuple[str, str, float]]:
    """Return the rows of the raw files."""
    ledger = tables.get("ledger", pd.DataFrame())
    if ledger.empty:
        return []
    read = ledger[(ledger["stage"] == "ingest") & (ledger["action"] == "read")]
    return [(str(wave), "flow_raw", float(rows)) for wave, rows in zip(read["wave"], read["rows"], strict=True)]


def dropped_steps(tables: Tables, style: FigureStyle, *, reading: bool) -> list[tuple[str, str, float]]:
    """Return the rows that a rule left out: when the file was read, before its firms were looked up in the registers,
    or after.
    """
    ledger = tables.get("ledger", pd.DataFrame())
    if ledger.empty:
        return []
    dropped = ledger[
        (ledger["action"] == "dropped") & (ledger["rows"] > 0) & ((ledger["stage"] == "ingest") == reading)
    ]
    steps = []
    for wave, rule, rows in zip(dropped["wave"], dropped["rule"], dropped["rows"], strict=True):
        name = lower_first(style.named("rule", str(rule)))
        steps.append((str(wave), style.word("flow_dropped").format(rule=name), float(rows)))
    return steps


def link_steps(tables: Tables, style: FigureStyle) -> list[tuple[str, str, float]]:
    """Return the firms that each register knows."""
    links = tables.get("link", pd.DataFrame())
    if links.empty:
        return []
    over_all = links["stratum_id"] == "all"
    shown = links[(over_all if over_all.any() else True) & links["n"].notna()]
    steps: list[tuple[str, str, float]] = []
    for register, rows in shown[shown["register"] != "frame"].groupby("register", sort=False):
        name = style.word("flow_linked").format(register=lower_first(style.named("column", str(register))))
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
    """Draw one column per wave: a box per step with an arrow to the next; rules share one box, and so do registers."""
    waves = list(frame["wave"].drop_duplicates())
    depth = max(height_of(boxes_of(frame[frame["wave"] == wave], style)) for wave in waves)
    figure, (axis,) = canvas(0.6 + 0.72 * depth)
    tops: list[float] = []
    heads = {style.word(head) for head in LISTS.values()}
    for column, wave in enumerate(waves):
        rows = frame[frame["wave"] == wave]
        top = 0.0
        for step, lines in boxes_of(rows, style):
            height = 0.62 + LINE * (len(lines) - 1)
            draw_box(axis, column, (top, height), (step, lines), is_list=step in heads)
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
    """Return the boxes of a wave: a head and its lines; what rules left out, and the registers, are lines of one."""
    fronts = {style.word(step).split("{")[0]: style.word(head) for step, head in LISTS.items()}
    boxes: list[tuple[str, list[str]]] = []
    for step, firms in zip(rows["step"], rows["firms"], strict=True):
        number = style.number(firms, 0)
        front = next((front for front in fronts if step.startswith(front)), None)
        if front is None:
            boxes.append((step, [number]))
            continue
        line = f"{step.removeprefix(front)}: {number}"
        if boxes and boxes[-1][0] == fronts[front]:
            boxes[-1][1].append(line)
        else:
            boxes.append((fronts[front], [line]))
    return boxes


def height_of(boxes: list[tuple[str, list[str]]]) -> float:
    """Return how much room boxes take with the gaps between them."""
    return sum(0.62 + LINE * (len(lines) - 1) + GAP for _, lines in boxes)


def arrows_of(rows: pd.DataFrame, style: FigureStyle) -> list[float]:
    """Return where the arrow below each box but the last begins."""
    starts, top = [], 0.0
    for _, lines in boxes_of(rows, style)[:-1]:
        top += 0.62 + LINE * (len(lines) - 1)
        starts.append(top)
        top += GAP
    return starts


def draw_box(
    axis: Axes, column: int, place: tuple[float, float], text: tuple[str, list[str]], *, is_list: bool
) -> None:
    """Draw one box at a top and with a height: its head small, its numbers below; a list has a broken edge."""
    (top, height), (head, lines) = place, text
    shape = FancyBboxPatch((column - 0.44, top), 0.88, height, boxstyle="round,pad=0,rounding_size=0.06")
    shape.set(facecolor="white" if is_list else "#e3eef7", edgecolor=COLOURS[0], linestyle="--" if is_list else "-")
    axis.add_patch(shape)
    axis.text(column, top + 0.19, head, ha="center", va="center", fontsize=9)
    for number, line in enumerate(lines):
        size, weight = (9, "normal") if is_list else (11, "bold")
        axis.text(column, top + 0.45 + LINE * number, line, ha="center", va="center", fontsize=size, weight=weight)


def alt_sample_flow(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words: each wave's steps with their firms."""
    parts = []
    for wave, rows in frame.groupby("wave", sort=False):
        steps = ", ".join(
            f"{step} {style.number(firms, 0)}" for step, firms in zip(rows["step"], rows["firms"], strict=True)
        )
        parts.append(f"{style.context.label('wave', str(wave), style.language)}: {steps}")
    return f"{style.word('alt_flow')} {'; '.join(parts)}."
