"""Fitted models as tables by the journals' conventions: models in columns, standard errors in parentheses, sample and
fit below.

One table holds the fits of a family for one cohort, at most `WIDEST` columns; a fit that could not be estimated has no
column and stands in the annex with its reason. Levels of control variables are not listed but named in a note.
"""

from collections.abc import Mapping, Sequence

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import notes, ordered
from innosurvey.report.lookup import Row
from innosurvey.report.terms import CONSTANT, MARGINAL, hidden_variables, is_shown, term_words

WIDEST = 5
NUMBERS = (
    ("n", "observations", "count"),
    ("n_firms", "firms", "count"),
    ("n_clusters", "clusters", "count"),
    ("r2", "r2", "estimate"),
)
TEXTS = (("estimator", "estimator"), ("vcov", "covariance"), ("small_sample", "small_sample"))
Terms = Mapping[str, Row]


def regression_tables(draft: Draft, family: str) -> list[Table]:
    """Return the tables of a family of models: models without groups side by side, a model by group in a table of its
    own.
    """
    fits = [row for row in draft.lookup.rows("fits", family=family) if is_estimated(row)]
    by_layout: dict[str, list[Row]] = {}
    for fit in fits:
        layout = fit["cohort"] if fit["group"] == "all" else f"{fit['model']}-{fit['cohort']}"
        by_layout.setdefault(layout, []).append(fit)
    return [
        regression_table(draft, f"{family}-{layout}-{number}", part)
        for layout, members in by_layout.items()
        for number, part in enumerate(in_even_parts(members, WIDEST), start=1)
    ]


def in_even_parts(members: Sequence[Row], widest: int) -> list[Sequence[Row]]:
    """Return the members in as few parts as the width allows, all about as wide."""
    parts = -(-len(members) // widest)
    size = -(-len(members) // parts)
    return [members[start : start + size] for start in range(0, len(members), size)]


def is_estimated(fit: Row) -> bool:
    """True for a fit with numbers to show."""
    return str(fit["status"]).startswith("ok")


def regression_table(draft: Draft, name: str, fits: Sequence[Row]) -> Table:
    """Return one table of fits, coefficients above and footer below."""
    columns = [coefficients_of(draft, fit) for fit in fits]
    listed = [
        term
        for fit, terms in zip(fits, columns, strict=True)
        for term in terms
        if is_shown(term, fit["model"], draft.context)
    ]
    marginal = [term for term in ordered(listed) if term.startswith(MARGINAL)]
    plain = sorted(
        (term for term in ordered(listed) if not term.startswith(MARGINAL)), key=CONSTANT.__eq__
    )  # it comes last
    rows = [coefficient_row(draft, term, columns) for term in plain]
    if marginal:
        rows.append(TableRow(cells=(text_cell(draft.words["marginal_effects"]),), kind="group"))
        rows.extend(coefficient_row(draft, term, columns) for term in marginal)
    one_model = len({fit["model"] for fit in fits}) == 1 and len(fits) > 1
    subject = draft.label("model", fits[0]["model"]) if one_model else draft.label("family", fits[0]["family"])
    return Table(
        id=f"models-{name}",
        title=f"{subject}: {draft.label('cohort', fits[0]['cohort'])}",
        columns=(Column(title=draft.words["term"], align="left"), *(head(draft, fit, one_model) for fit in fits)),
        rows=(*rows, *foot(draft, fits)),
        notes=(*notes(draft, fits, "note_errors"), *hidden_note(draft, fits, columns)),
        source=draft.source(("coefficients", "fits")),
    )


def head(draft: Draft, fit: Row, one_model: bool) -> Column:
    """Return the head of a fit's column: the group when all columns are one model, else the model; the outcome above
    it.
    """
    title = draft.group_label(fit["cohort"], fit["group"]) if one_model else draft.label("model", fit["model"])
    return Column(title=title, over=words_of(draft, fit["outcome"]))


def words_of(draft: Draft, term: str) -> str:
    """Return a term in the draft's words."""
    return term_words(term, draft.context, draft.language, draft.words)


def coefficients_of(draft: Draft, fit: Row) -> dict[str, Row]:
    """Return the coefficients of a fit by term."""
    key = {name: fit[name] for name in ("model", "cohort", "group", "outcome")}
    return {row["term"]: row for row in draft.lookup.rows("coefficients", **key)}


def coefficient_row(draft: Draft, term: str, columns: Sequence[Terms]) -> TableRow:
    """Return a term's row over all fits."""
    return TableRow(
        cells=(text_cell(words_of(draft, term)), *(coefficient_cell(draft, terms.get(term)) for terms in columns))
    )


def coefficient_cell(draft: Draft, row: Row | None) -> Cell:
    """Return a coefficient with its standard error in parentheses on the line below; empty where the model lacks the
    term.
    """
    if row is None:
        return text_cell("")
    if not row["estimate"].available:
        return draft.cell(row["estimate"], "estimate", 3)
    runs = [draft.run(row["estimate"], "estimate", 3)]
    if row["se"].available:
        runs += [Run(text="(", line=1), draft.run(row["se"], "estimate", 3, line=1), Run(text=")", line=1)]
    return Cell(runs=tuple(runs), order=f"{float(row['estimate']):.10g}")


def foot(draft: Draft, fits: Sequence[Row]) -> list[TableRow]:
    """Return the footer: sample, fit, effects, estimator and covariance; a line that no fit has anything for is left
    out.
    """
    lines = []
    for column, word, kind in NUMBERS:
        if any(column in fit and fit[column].available for fit in fits):
            decimals = 3 if kind == "estimate" else None
            cells = (
                draft.cell(fit[column], kind, decimals) if fit[column].available else text_cell("") for fit in fits
            )
            lines.append(TableRow(cells=(text_cell(draft.words[word]), *cells), kind="foot"))
    texts = [
        ("fixed_effects", [fixed_effects(draft, fit) for fit in fits]),
        ("weighted", [weighted(draft, fit) for fit in fits]),
    ]
    texts += [(word, [named(draft, fit[column]) if column in fit else "" for fit in fits]) for column, word in TEXTS]
    for word, values in texts:
        if any(values):
            lines.append(TableRow(cells=(text_cell(draft.words[word]), *map(text_cell, values)), kind="foot"))
    return lines


def fixed_effects(draft: Draft, fit: Row) -> str:
    """Return the effects that a fit absorbs, from its specification."""
    effects = draft.context.models.get(fit["model"], {}).get("fixed_effects") or ()
    return ", ".join(draft.label("effect", effect) for effect in effects)


def weighted(draft: Draft, fit: Row) -> str:
    """Return `yes` for a fit with survey weights; nothing for the others."""
    return (
        draft.words["yes"]
        if draft.context.models.get(fit["model"], {}).get("weights", "none") not in ("none", None)
        else ""
    )


def hidden_note(draft: Draft, fits: Sequence[Row], columns: Sequence[Terms]) -> tuple[str, ...]:
    """Return the note that names the variables whose levels are not listed."""
    found = [
        hidden_variables(list(terms), fit["model"], draft.context) for fit, terms in zip(fits, columns, strict=True)
    ]
    names = ordered(name for names in found for name in names)
    if not names:
        return ()
    return (draft.words["controls_hidden"].format(terms=", ".join(draft.label("variable", name) for name in names)),)


def named(draft: Draft, rule: str) -> str:
    """Return an estimator or a covariance by its title, by its own name where it has none."""
    return draft.label("rule", rule) if f"rule_{rule}" in draft.words or rule in draft.context.rules else rule
