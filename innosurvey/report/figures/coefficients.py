"""The coefficient plot: one panel per outcome, its first model, one point with its interval per regressor: the
average marginal effect where the model has one, as the text tells it. Controls' dummies and constants stay in the
tables.
"""

import pandas as pd
from matplotlib.figure import Figure

from innosurvey.report.figures.style import FigureStyle, canvas, dots, wrapped
from innosurvey.report.terms import is_marginal, is_of_interest, on_told_scale, term_words
from innosurvey.report.words import words_in

Tables = dict[str, pd.DataFrame]
MOST_PANELS = 6
COLUMNS = ["model", "outcome", "term", "estimate", "lower", "upper"]


def frame_coefficients(tables: Tables, style: FigureStyle) -> pd.DataFrame:
    """Return model, outcome, term, estimate, lower, upper of models on all firms: the first of each outcome, six at
    most.
    """
    rows = tables.get("coefficients", pd.DataFrame())
    if rows.empty:
        return rows
    main = ~rows["model"].map(style.context.is_check)
    shown = rows[main & (rows["group"] == "all") & rows["estimate"].notna() & rows["lower"].notna()]
    wanted = [
        "/" not in term and is_of_interest(term, model, style.context)
        for term, model in zip(shown["term"], shown["model"], strict=True)
    ]
    shown = shown[wanted]
    first = list(shown.drop_duplicates("outcome")["model"])[:MOST_PANELS]
    by_model = [shown.loc[shown["model"] == model, COLUMNS] for model in first]
    panels = [rows[rows["term"].isin(on_told_scale(list(rows["term"])))] for rows in by_model]
    return pd.concat(panels, ignore_index=True) if panels else shown[COLUMNS]


def draw_coefficients(frame: pd.DataFrame, style: FigureStyle) -> Figure:
    """Draw a panel per model, a row per term, and the line of no association."""
    models = list(frame["model"].drop_duplicates())
    columns = min(2, len(models))
    rows = -(-len(models) // columns)
    longest = max(frame.groupby("model", sort=False).size())
    figure, axes = canvas((0.85 + 0.3 * longest) * rows, rows, columns)
    for axis, model in zip(axes, models, strict=False):
        series = frame[frame["model"] == model].iloc[::-1]
        dots(axis, series, range(len(series)), 0, "")
        axis.axvline(0, color="#6b7280", linewidth=0.9)
        axis.set_yticks(range(len(series)), [wrapped(term_label(term, style), 26) for term in series["term"]])
        axis.set_ylim(-0.6, len(series) - 0.4)
        axis.set_title(wrapped(style.context.label("model", model, style.language), 30))
        axis.tick_params(axis="y", length=0)
        axis.grid(axis="x")
        marginal = series["term"].map(is_marginal).any()
        axis.set_xlabel(style.word("marginal_effects" if marginal else "figure_coefficient"))
    for axis in axes[len(models) :]:
        axis.set_axis_off()
    return figure


def term_label(term: str, style: FigureStyle) -> str:
    """Return a term in words."""
    return term_words(term, style.context, style.language, words_in(style.language))


def alt_coefficients(frame: pd.DataFrame, style: FigureStyle) -> str:
    """Return the figure in words: each model's terms with estimate and interval."""
    parts = []
    for model, rows in frame.groupby("model", sort=False):
        shown = ", ".join(
            f"{term_label(term, style)} {style.number(estimate, 3)} "
            f"({style.number(lower, 3)} – {style.number(upper, 3)})"
            for term, estimate, lower, upper in zip(*(rows[column] for column in COLUMNS[2:]), strict=True)
        )
        parts.append(f"{style.context.label('model', str(model), style.language)} {shown}")
    return f"{style.word('alt_dots')} {'; '.join(parts)}."
