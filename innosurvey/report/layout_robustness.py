"""Robustness as tables: what all specifications of a question say together, and what each main answer hangs on."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from innosurvey.report.choices import IDENTITY, choice_words, curve_figure, level_words
from innosurvey.report.context import localised
from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, escaped, text_cell
from innosurvey.report.layout_tables import bounds_runs, interval_runs, notes, ordered, subtitle
from innosurvey.report.lookup import Row
from innosurvey.report.numbers import Number

DECIMALS = 3
SELECTION_DECIMALS = 1
EVERYONE_IN = "none"
KEY = (*IDENTITY, "outcome", "input")
TOGETHER = (
    "asked_about", "specifications", "median", "lowest_highest", "share_positive", "share_significant", "p_median",
    "p_share",
)  # fmt: skip
HINGES = (
    "asked_about", "main_answer", "without_industries", "without_firms", "adjusted_for_selection", "selection_needed",
)  # fmt: skip
Line = Callable[[Draft, Row], tuple[Cell, ...]]


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the chapter's template calls beside its tables."""
    return {
        "question_title": lambda curve: escaped(question_title(draft, curve)),
        "left_out_title": lambda row: escaped(left_out_title(draft, row)),
        "curve_figures": partial(curve_figures, draft),
    }


def question_title(draft: Draft, curve: str) -> str:
    """Return the title of a question; its id in words where it has none."""
    return localised(draft.context.robustness.get(curve, {}).get("title"), draft.language) or draft.label(
        "question", curve
    )


def curve_figures(draft: Draft, curve: str) -> list[str]:
    """Return the names of the figures drawn of a question, one for each group that it was asked of."""
    found = draft.lookup.rows("specification_tests", curve=curve)
    names = ordered(curve_figure(*(row[name] for name in IDENTITY)) for row in found)
    return [name for name in names if name in draft.figures]


def choice_title(draft: Draft, curve: str, kind: str, name: str) -> str:
    """Return a choice of a specification in words."""
    return choice_words(draft.context, draft.language, draft.words, (curve, kind, name))


def left_out_title(draft: Draft, row: Row) -> str:
    """Return the level that a row leaves out in words."""
    return level_words(draft.context, draft.language, row["column"], row["left_out"])


def specification_tests_table(draft: Draft) -> Table | None:
    """Return a row per outcome and input: how many specifications, where they lie, how many are clear, the joint
    tests.
    """
    found = draft.lookup.rows("specification_tests")
    return _table(draft, "specification_tests", TOGETHER, found, _together) if found else None


def main_answers_table(draft: Draft) -> Table | None:
    """Return a row per outcome and input: the main answer, and it without an industry, without a firm, and with
    selection on what is not observed.
    """
    found = draft.lookup.rows("main_answers")
    heads = [head for head in HINGES if head != "without_industries" or draft.lookup.rows("leave_out")]
    return _table(draft, "main_answers", heads, found, _hinges) if found else None


def _table(draft: Draft, name: str, heads: Sequence[str], found: Sequence[Row], line: Line) -> Table:
    rows: list[TableRow] = []
    for curve in ordered(row["curve"] for row in found):
        rows.append(subtitle(question_title(draft, curve)))
        rows += [TableRow(cells=(_asked(draft, row), *line(draft, row))) for row in found if row["curve"] == curve]
    return Table(
        id=name,
        title=draft.words[f"title_{name}"],
        columns=tuple(
            Column(title=draft.words[head], align="right" if place else "left") for place, head in enumerate(heads)
        ),
        rows=tuple(rows),
        notes=(draft.words[f"note_{name}"], *notes(draft, found)),
        source=draft.source(_sources(name)),
    )


def _sources(name: str) -> tuple[str, ...]:
    return (name,) if name == "specification_tests" else (name, "leave_out", "influence", "selection_bounds")


def _asked(draft: Draft, row: Row) -> Cell:
    """Return the outcome, and the input on the line below; the group where it is not all firms."""
    outcome, asked = (choice_title(draft, row["curve"], kind, row[kind]) for kind in ("outcome", "input"))
    group = "" if row["cohort"] == "all" else f", {draft.group_label(row['cohort'], row['group'])}"
    return Cell(runs=(Run(text=f"{outcome}{group}"), Run(text=asked, line=1)))


def _together(draft: Draft, row: Row) -> tuple[Cell, ...]:
    estimated = (draft.run(row["estimated"], "count"), Run(text=draft.words["part_of"]))
    return (
        Cell(runs=(*estimated, draft.run(row["specifications"], "count"))),
        draft.cell(row["median"], "estimate", DECIMALS),
        _range(draft, row["lowest"], row["highest"]),
        draft.cell(row["share_positive"], "fraction", 0),
        draft.cell(row["share_significant"], "fraction", 0),
        draft.cell(row["p_median"], "p_bare"),
        draft.cell(row["p_share"], "p_bare"),
    )


def _range(draft: Draft, lowest: Number, highest: Number) -> Cell:
    """Return two numbers as `lowest to highest`; a mark where there are none."""
    runs = bounds_runs(draft, (lowest, highest), DECIMALS, line=0)
    return Cell(runs=runs) if runs else draft.cell(lowest, "estimate", DECIMALS)


def _hinges(draft: Draft, row: Row) -> tuple[Cell, ...]:
    key = {name: row[name] for name in KEY}
    industries = [_without_industries(draft, key)] if draft.lookup.rows("leave_out") else []
    one = _of_least_squares(draft, "influence", key)
    firms = text_cell("") if one is None else _range(draft, one["smallest"], one["largest"])
    selection = _selection(draft, _of_least_squares(draft, "selection_bounds", key))
    return (_answer(draft, row), *industries, firms, *selection)


def _answer(draft: Draft, row: Row) -> Cell:
    if not row["estimate"].available:
        return draft.cell(row["estimate"], "estimate", DECIMALS)
    runs = [draft.run(row["estimate"], "estimate", DECIMALS), *interval_runs(draft, row, DECIMALS, line=1)]
    if row["p_adjusted"].available:
        runs += [Run(text=" ", line=1), draft.run(row["p_adjusted"], "p", line=1)]
    return Cell(runs=tuple(runs), order=f"{float(row['estimate']):.10g}")


def _without_industries(draft: Draft, key: dict[str, str]) -> Cell:
    ends = extremes(draft, **key)
    return _range(draft, ends[0]["estimate"], ends[1]["estimate"]) if ends else text_cell("")


def extremes(draft: Draft, **key: str) -> list[Row]:
    """Return the rows of the lowest and of the highest answer without a level; none where nothing was left out."""
    rows = [
        row
        for row in draft.lookup.rows("leave_out", **key)
        if row["left_out"] != EVERYONE_IN and row["estimate"].available
    ]
    return [min(rows, key=_estimate), max(rows, key=_estimate)] if rows else []


def _estimate(row: Row) -> float:
    return float(row["estimate"])


def _of_least_squares(draft: Draft, table: str, key: dict[str, str]) -> Row | None:
    found = [row for row in draft.lookup.rows(table, **key) if row["status"] == "ok"]
    return found[0] if found else None


def _selection(draft: Draft, row: Row | None) -> tuple[Cell, Cell]:
    if row is None:
        return text_cell(""), text_cell("")
    return (
        draft.cell(row["adjusted"], "estimate", DECIMALS),
        draft.cell(row["selection_needed"], "estimate", SELECTION_DECIMALS),
    )


TABLES: Mapping[str, Callable[[Draft], Table | None]] = {
    "specification_tests_table": specification_tests_table,
    "main_answers_table": main_answers_table,
}
