"""The sample flow: how many firms the frame has, how many were drawn, answered, were linked, and are in the analysis,
wave by wave.
"""

import pandas as pd
from matplotlib.figure import Figure

from innosurvey.report.figures.style import COLOURS, FigureStyle, canvas

Tables = dict[str, pd.DataFrame]
COLUMNS = ["wave", "step", "firms"]


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
    """Draw one panel per wave, one bar per step."""
    waves = list(frame["wave"].drop_duplicates())
    steps = list(frame["step"].drop_duplicates())[::-1]
    figure, axes = canvas(0.7 + 0.33 * len(steps), 1, len(waves), sharey=True, sharex=True)
    for axis, wave in zip(axes, waves, strict=True):
        rows = frame[frame["wave"] == wave]
        places = [steps.index(step) for step in rows["step"]]
        bars = axis.barh(places, rows["firms"], color=COLOURS[0], height=0.62)
        axis.bar_label(bars, labels=[style.number(value, 0) for value in rows["firms"]], padding=3, fontsize=8)
        axis.set_title(style.context.label("wave", wave, style.language))
        axis.set_yticks(range(len(steps)), steps)
        axis.tick_params(axis="y", length=0)
        axis.set_xlim(0, frame["firms"].max() * 1.3)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
    return figure


def alt_sample_flow(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words: each wave's steps with their firms."""
    parts = []
    for wave, rows in frame.groupby("wave", sort=False):
        steps = ", ".join(
            f"{step} {style.number(firms, 0)}" for step, firms in zip(rows["step"], rows["firms"], strict=True)
        )
        parts.append(f"{style.context.label('wave', str(wave), style.language)}: {steps}")
    return f"{style.word('alt_bars')} {'; '.join(parts)}."
