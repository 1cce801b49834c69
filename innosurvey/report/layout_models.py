"""Fitted models as tables by the journals' conventions: models in columns, standard errors in parentheses, sample and
fit below.

One table holds the fits of a family for one cohort, at most `WIDEST` columns; a fit that could not be estimated has no
column and stands in the annex with
its reason. Dummies of control variables are not listed but named in a note.
"""

from collections.abc import Sequence

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import notes, ordered
from innosurvey.report.lookup import Row

WIDEST = 6
MARGINAL = "ame:"
DUMMY = "C("


def regression_tables(draft: Draft, family: str) -> list[Table]:
    """Return the tables of a family of models: models without groups side by side, a model by group in a table of its
    own."""
    fits = [row for row in draft.lookup.rows("fits", family=family) if is_estimated(row)]
    by_layout: dict[str, list[Row]] = {}
    for fit in fits:
        by_layout.setdefault(fit["cohort"] if fit["group"] == "all" else f"{fit['model']}-{fit['cohort']}", []).append(
            fit
        )
    tables = []
    for layout, members in by_layout.items():
        for part, start in enumerate(range(0, len(members), WIDEST), start=1):
            tables.append(regression_table(draft, f"{family}-{layout}-{part}", members[start : start + WIDEST]))
    return tables


def is_estimated(fit: Row) -> bool:
    """True for a fit with numbers to show."""
    return fit["status"].startswith("ok") or fit["status"] == ""


def regression_table(draft: Draft, name: str, fits: Sequence[Row]) -> Table:
    """Return one table of fits, coefficients above and footer below."""
    terms = {id(fit): coefficients_of(draft, fit) for fit in fits}
    listed = ordered(term for fit in fits for term in terms[id(fit)])
    plain = [term for term in listed if not term.startswith((DUMMY, MARGINAL))]
    marginal = [term for term in listed if term.startswith(MARGINAL) and not term.startswith(MARGINAL + DUMMY)]
    rows = [
        TableRow(
            cells=(
                text_cell(term_label(draft, term)),
                *(coefficient_cell(draft, terms[id(fit)].get(term)) for fit in fits),
            )
        )
        for term in plain
    ]
    if marginal:
        rows.append(TableRow(cells=(text_cell(draft.words["marginal_effects"]),), kind="group"))
        rows.extend(
            TableRow(
                cells=(
                    text_cell(term_label(draft, term)),
                    *(coefficient_cell(draft, terms[id(fit)].get(term)) for fit in fits),
                )
            )
            for term in marginal
        )
    same_model = len({fit["model"] for fit in fits}) == 1
    return Table(
        id=f"models-{name}",
        title=draft.label("model", fits[0]["model"]) if same_model else draft.label("cohort", fits[0]["cohort"]),
        columns=(Column(title=draft.words["term"], align="left"), *(head(draft, fit, same_model) for fit in fits)),
        rows=(*rows, *foot(draft, fits)),
        notes=(*notes(draft, fits, "note_errors"), *hidden_note(draft, listed)),
        source=draft.source(("coefficients", "fits")),
    )


def head(draft: Draft, fit: Row, same_model: bool) -> Column:
    """Return the head of a fit's column: the group when all columns are one model, else the model under its outcome."""
    if same_model and fit["group"] != "all":
        return Column(
            title=draft.group_label(fit["cohort"], fit["group"]), over=draft.label("variable", fit["outcome"])
        )
    return Column(title=draft.label("model", fit["model"]), over=draft.label("variable", fit["outcome"]))


def coefficients_of(draft: Draft, fit: Row) -> dict[str, Row]:
    """Return the coefficients of a fit by term."""
    key = {name: fit[name] for name in ("model", "cohort", "group", "outcome")}
    return {row["term"]: row for row in draft.lookup.rows("coefficients", **key)}


def coefficient_cell(draft: Draft, row: Row | None) -> Cell:
    """Return a coefficient with its standard error in parentheses on the line below; empty where the model lacks the
    term."""
    if row is None:
        return text_cell("")
    if not row["estimate"].available:
        return draft.cell(row["estimate"], "estimate", 3)
    runs = [draft.run(row["estimate"], "estimate", 3)]
    if row["se"].available:
        runs += [Run(text="(", line=1), draft.run(row["se"], "estimate", 3, line=1), Run(text=")", line=1)]
    return Cell(runs=tuple(runs), order=f"{float(row['estimate']):.10g}")


def foot(draft: Draft, fits: Sequence[Row]) -> list[TableRow]:
    """Return the footer: observations, firms, clusters, R², estimator and covariance; a line that no fit has is left
    out."""
    lines = []
    for column, word, kind in (
        ("n", "observations", "count"),
        ("n_firms", "firms", "count"),
        ("n_clusters", "clusters", "count"),
        ("r2", "r2", "estimate"),
    ):
        if any(column in fit and fit[column].available for fit in fits):
            cells = (
                draft.cell(fit[column], kind, 3 if kind == "estimate" else None)
                if fit[column].available
                else text_cell("")
                for fit in fits
            )
            lines.append(TableRow(cells=(text_cell(draft.words[word]), *cells), kind="foot"))
    for column, word in (("estimator", "estimator"), ("vcov", "covariance"), ("small_sample", "small_sample")):
        if any(column in fit and fit[column] for fit in fits):
            cells = (text_cell(named(draft, fit[column])) for fit in fits)
            lines.append(TableRow(cells=(text_cell(draft.words[word]), *cells), kind="foot"))
    return lines


def hidden_note(draft: Draft, terms: Sequence[str]) -> tuple[str, ...]:
    """Return the note that names the variables whose dummies are not listed."""
    hidden = ordered(
        term.removeprefix(MARGINAL)[len(DUMMY) :].split(")")[0]
        for term in terms
        if term.removeprefix(MARGINAL).startswith(DUMMY)
    )
    if not hidden:
        return ()
    return (draft.words["controls_hidden"].format(terms=", ".join(draft.label("variable", name) for name in hidden)),)


def term_label(draft: Draft, term: str) -> str:
    """Return a term in words: products with a sign, a level of a variable behind it, the marginal effect under its
    variable's name."""
    bare = term.removeprefix(MARGINAL)
    if bare in draft.context.terms:
        return draft.label("term", bare)
    if ":" in bare:
        return " × ".join(term_label(draft, part) for part in bare.split(":"))
    return draft.label("variable", bare)


def named(draft: Draft, rule: str) -> str:
    """Return an estimator or a covariance by its title, by its name where it has none."""
    return draft.label("rule", rule) if rule in draft.context.rules else rule
