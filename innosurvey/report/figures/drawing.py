"""Drawing the report's figures: of each that the study has the rows for, its pictures, its data and its words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from innosurvey.report.context import ReportContext
from innosurvey.report.disclosure import SUPPRESSED, clear_tables
from innosurvey.report.figures.kept import Drawing, Kept, kept_from
from innosurvey.report.figures.pixels import as_pixels
from innosurvey.report.figures.plans import FigurePlan, figures_of, module_of
from innosurvey.report.figures.printed import sources_of
from innosurvey.report.figures.style import FigureStyle, as_svg, house_style
from innosurvey.report.words import asked_for, words_in


def draw_figures(
    tables: Mapping[str, pd.DataFrame],
    context: Mapping[str, Any],
    language: str = "en",
    fonts: Sequence[str] = (),
    kept: Kept | None = None,
) -> dict[str, bytes]:
    """Return the files of every figure that the study has the rows for, by file name.

    A figure is `<id>.<language>.svg`, `<id>.<language>.png` and `<id>.csv`; `figures.<language>.json` says what
    each shows (title, alternative text, notes, tables). `fonts` are the font files that matplotlib may use. Numbers
    that too few firms stand behind are not in any of them. What `kept` has of an earlier run is not drawn again.
    """
    about = ReportContext.from_mapping(context)
    style = FigureStyle(context=about, language=language)
    kept = kept or kept_from({}, language, context, fonts, "")
    cleared = clear_tables(tables, about.minimum_n)
    files: dict[str, bytes] = {}
    words: dict[str, dict[str, Any]] = {}
    with house_style(fonts):
        for name, plan in figures_of(cleared).items():
            frame = plan.frame(cleared, style)
            if frame.empty:
                continue
            basis = kept.basis_of(plan, frame)
            if not kept.take(name, basis):
                kept.now[name] = drawn(name, plan, frame, style, basis)
            files[f"{name}.csv"] = frame.to_csv(index=False, float_format="%.10g", lineterminator="\n").encode()
            words[name] = {
                "title": plan.title(frame, style) if plan.title else style.word(f"title_{name}"),
                "alt": plan.alt(frame, style),
                "module": module_of(plan),
                "notes": [
                    *(style.word(note) for note in plan.notes),
                    *sources_of(frame, style),
                    *not_shown(cleared, frame, style),
                ],
                "tables": list(plan.tables),
            }
    add_pixels(kept.now)
    for name, drawing in kept.now.items():
        files |= {f"{name}.{language}.svg": drawing.svg, f"{name}.{language}.png": drawing.png}
    files[f"figures.{language}.json"] = json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True).encode()
    return files


def drawn(name: str, plan: FigurePlan, frame: pd.DataFrame, style: FigureStyle, basis: str) -> Drawing:
    """Return a figure's drawing, with the fixed words that it asked for."""
    words = words_in(style.language)  # before the asking is noted: reading a language compares all its words
    with asked_for() as asked:
        svg = as_svg(name, style.language, plan.draw(frame, style))
    return Drawing(basis=basis, words={key: words.get(key) for key in sorted(asked)}, svg=svg)


def add_pixels(drawings: dict[str, Drawing]) -> None:
    """Make the PNG of each drawing that has none yet."""
    pictures = as_pixels({name: drawing.svg for name, drawing in drawings.items() if not drawing.png})
    for name, picture in pictures.items():
        drawings[name] = replace(drawings[name], png=picture)


def not_shown(cleared: Mapping[str, pd.DataFrame], frame: pd.DataFrame, style: FigureStyle) -> list[str]:
    """Return the note that names what a figure of a cohort leaves out because too few firms stand behind it: whole
    groups, or of a group some items.
    """
    if not {"cohort", "group", "item"} <= set(frame.columns):
        return []
    described, cohort = cleared["describe"], frame["cohort"].iloc[0]
    same = (
        (described["cohort"] == cohort) & (described["wave"] == "all") & described["item"].isin(frame["item"].unique())
    )
    names = []
    for group, rows in described[same].groupby("group", sort=False):
        hidden = rows.loc[rows[SUPPRESSED], "item"]
        if not hidden.empty:
            items = "" if len(hidden) == len(rows) else f" ({'; '.join(style.item(item) for item in hidden)})"
            names.append(style.group(cohort, str(group)) + items)
    return [style.word("figure_not_shown").format(names=", ".join(names))] if names else []
