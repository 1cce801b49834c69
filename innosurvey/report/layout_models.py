"""Fitted models as tables by the journals' conventions: models in columns, standard errors or intervals below the
coefficients, stars where the study wants them, sample and fit at the foot.

One table holds the fits of a family for one cohort, at most `WIDEST` columns; a fit that could not be estimated has no
column and stands in the annex with its reason. Levels of control variables are not listed but named in a note.
"""

from collections.abc import Mapping, Sequence

from innosurvey.report.document import Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_coefficients import coefficient_cell, coefficient_notes
from innosurvey.report.layout_tables import ordered
from innosurvey.report.lookup import Row
from innosurvey.report.terms import (
    CONSTANT,
    HYPOTHESIS,
    equation_words,
    hidden_controls,
    is_marginal,
    is_of_interest,
    is_shown,
    on_told_scale,
    parts_of,
    prediction_words,
    term_words,
)

WIDEST = 5
NUMBERS = (("n", "observations", "count"), ("n_firms", "firms", "count"), ("n_clusters", "clusters", "count"))
LIKELIHOODS = (
    "logit", "probit", "poisson", "nb2", "ordered_logit", "ordered_probit", "multinomial_logit", "quantile",
    "presample_poisson", "fe_poisson",
)  # fmt: skip
# The engines' kinds of R²; those of the others are plain.
R2_OF = {
    "fe": "r2_within",
    **dict.fromkeys(LIKELIHOODS, "r2_pseudo"),
}
MOST_TERMS = 6
UNTOLD = ("neither", "within")  # predictions that follow from the others; their effects stay in the estimates
TEXTS = (("estimator", "estimator"), ("vcov", "covariance"), ("small_sample", "small_sample"))
Terms = Mapping[str, Row]


def regression_tables(draft: Draft, family: str) -> list[Table]:
    """Return the tables of a family of models: models of all firms side by side, then each model by the groups of its
    cohorts, with the terms that it asks about.
    """
    fits = [
        row
        for row in draft.lookup.rows("fits", family=family)
        if is_estimated(row) and not draft.context.is_check(row["model"])
    ]
    everyone = [fit for fit in fits if fit["group"] == "all"]
    by_model: dict[str, list[Row]] = {}
    for fit in fits:
        if fit["group"] != "all":
            by_model.setdefault(fit["model"], []).append(fit)
    side_by_side = [
        regression_table(draft, f"{family}-all-{number}", part)
        for number, part in enumerate(in_even_parts(everyone, WIDEST) if everyone else [], start=1)
    ]
    return [*side_by_side, *(grouped_table(draft, f"{family}-{model}", found) for model, found in by_model.items())]


def grouped_table(draft: Draft, name: str, fits: Sequence[Row]) -> Table:
    """Return one model by the groups of its cohorts: a row per group, a column per term that the model asks about, its
    average marginal effect where it has one. Several cohorts stand below one another under their names.
    """
    found = [coefficients_of(draft, fit) for fit in fits]
    model, cohorts = fits[0]["model"], ordered(fit["cohort"] for fit in fits)
    terms = asked_terms(draft, model, found)
    first = draft.label("cohort", cohorts[0]) if len(cohorts) == 1 else draft.words["group"]
    heads = [Column(title=first, align="left"), *(Column(title=words_of(draft, term)) for term in terms)]
    heads += [Column(title=draft.words["observations"]), Column(title=draft.words["firms"])]
    rows = []
    for cohort in cohorts:
        above = TableRow(cells=(text_cell(draft.label("cohort", cohort)),), kind="group")
        members = zip(fits, found, strict=True)
        rows += [above] if len(cohorts) > 1 else []
        rows += [grouped_row(draft, fit, terms, has) for fit, has in members if fit["cohort"] == cohort]
    marginal = (draft.words["note_marginal"],) if any(map(is_marginal, terms)) else ()
    return Table(
        id=f"models-{name}",
        title=draft.words["by_group"].format(model=draft.label("model", model)),
        columns=tuple(heads),
        rows=tuple(rows),
        notes=(*coefficient_notes(draft, fits), *marginal, *shared_note(draft, fits)),
        source=draft.source(("coefficients", "fits")),
    )


def grouped_row(draft: Draft, fit: Row, terms: Sequence[str], found: Terms) -> TableRow:
    """Return one group's row: its coefficients, its observations and its firms."""
    return TableRow(
        cells=(
            text_cell(draft.group_label(fit["cohort"], fit["group"])),
            *(coefficient_cell(draft, found.get(term)) for term in terms),
            draft.cell(fit["n"], "count", None),
            draft.cell(fit["n_firms"], "count", None),
        )
    )


def asked_terms(draft: Draft, model: str, columns: Sequence[Terms], most: int = MOST_TERMS) -> list[str]:
    """Return the terms that a model asks about, in their order: marginal effects on its first prediction where there
    are any.
    """
    asked = ordered(term for terms in columns for term in terms if is_of_interest(term, model, draft.context))
    return on_told_scale(asked)[:most]


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
    shown = [
        term
        for term in ordered(listed)
        if not is_marginal(term)
        or (
            parts_of(term)[0] not in UNTOLD
            and any(
                term in terms and is_of_interest(term, fit["model"], draft.context)
                for fit, terms in zip(fits, columns, strict=True)
            )
        )
    ]
    rows = [row for head, terms in sections_of(draft, shown) for row in section_rows(draft, head, terms, columns)]
    one_model = len({fit["model"] for fit in fits}) == 1 and len(fits) > 1
    subject = draft.label("model", fits[0]["model"]) if one_model else draft.label("family", fits[0]["family"])
    return Table(
        id=f"models-{name}",
        title=f"{subject}: {draft.label('cohort', fits[0]['cohort'])}",
        columns=(Column(title=draft.words["term"], align="left"), *(head(draft, fit, one_model) for fit in fits)),
        rows=(*rows, *foot(draft, fits)),
        notes=(*coefficient_notes(draft, fits), *shared_note(draft, fits), *hidden_note(draft, fits, columns)),
        source=draft.source(("coefficients", "fits")),
    )


def sections_of(draft: Draft, terms: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return the terms under their heads: the model's own equation without one, further equations, marginal effects by
    prediction, hypotheses. A constant comes last in its equation.
    """
    heads: dict[str, list[str]] = {"": []}
    for term in sorted(terms, key=lambda term: (is_marginal(term), term.startswith(HYPOTHESIS))):
        prediction, equation, _ = parts_of(term)
        if is_marginal(term):
            head = prediction_words(prediction, draft.words)
        else:
            head = equation_words(equation, draft.words) if equation else ""
        heads.setdefault(head, []).append(term)
    return [(head, sorted(found, key=lambda term: parts_of(term)[2] == CONSTANT)) for head, found in heads.items()]


def section_rows(draft: Draft, head: str, terms: Sequence[str], columns: Sequence[Terms]) -> list[TableRow]:
    """Return the rows of one part of a table of models, below its head if it has one."""
    above = [TableRow(cells=(text_cell(head),), kind="group")] if head and terms else []
    return [*above, *(coefficient_row(draft, term, columns) for term in terms)]


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


def foot(draft: Draft, fits: Sequence[Row]) -> list[TableRow]:
    """Return the footer: sample, fit, effects, and estimator and covariance where the columns differ; a line that no
    fit has anything for is left out.
    """
    shown = [(column, word, kind) for column, word, kind in NUMBERS if column != "n_clusters" or clusters_tell(fits)]
    lines = [foot_numbers(draft, fits, column, word, kind) for column, word, kind in shown]
    for word in ordered(R2_OF.get(fit["estimator"], "r2") for fit in fits):
        ours = [fit if R2_OF.get(fit["estimator"], "r2") == word else None for fit in fits]
        lines.append(foot_numbers(draft, ours, "r2", word, "estimate", 3))
    texts = [
        ("fixed_effects", [fixed_effects(draft, fit) for fit in fits]),
        ("weighted", [weighted(draft, fit) for fit in fits]),
    ]
    for column, word in TEXTS:
        values = [named(draft, fit[column]) if column in fit else "" for fit in fits]
        if len(set(values)) > 1:
            texts.append((word, values))
    written = [
        TableRow(cells=(text_cell(draft.words[word]), *map(text_cell, values)), kind="foot")
        for word, values in texts
        if any(values)
    ]
    return [*(line for line in lines if line is not None), *written]


def foot_numbers(
    draft: Draft, fits: Sequence[Row | None], column: str, word: str, kind: str, decimals: int | None = None
) -> TableRow | None:
    """Return a line of numbers, blank for a fit that has none; None when no fit has one."""
    cells = [
        draft.cell(fit[column], kind, decimals) if fit is not None and column in fit and fit[column].available else None
        for fit in fits
    ]
    if not any(cells):
        return None
    shown = (text_cell("") if cell is None else cell for cell in cells)
    return TableRow(cells=(text_cell(draft.words[word]), *shown), kind="foot")


def clusters_tell(fits: Sequence[Row]) -> bool:
    """True when some fit has other clusters than its firms: else the line of clusters would repeat that of firms."""
    return any(
        fit["n_clusters"].available and fit["n_firms"].available and fit["n_clusters"] != fit["n_firms"] for fit in fits
    )


def shared_note(draft: Draft, fits: Sequence[Row]) -> tuple[str, ...]:
    """Return the note that names estimator, covariance and small-sample rule where all columns have the same."""
    said = []
    for column, word in TEXTS:
        values = {named(draft, fit[column]) for fit in fits if column in fit} - {""}
        if len(values) == 1:
            said.append(draft.words["note_shared"].format(what=draft.words[word], value=values.pop()))
    return tuple(said)


def fixed_effects(draft: Draft, fit: Row) -> str:
    """Return the effects that a fit absorbs, from its specification."""
    effects = draft.context.models.get(fit["model"], {}).get("fixed_effects") or ()
    return ", ".join(draft.label("effect", effect) for effect in effects)


def weighted(draft: Draft, fit: Row) -> str:
    """Return `yes` for a fit with survey weights; nothing for the others."""
    declared = draft.context.models.get(fit["model"], {}).get("weights", "none")
    return draft.words["yes"] if declared not in ("none", None) else ""


def hidden_note(draft: Draft, fits: Sequence[Row], columns: Sequence[Terms]) -> tuple[str, ...]:
    """Return the note that names the variables whose levels are not listed."""
    found = [
        hidden_controls(list(terms), fit["model"], draft.context) for fit, terms in zip(fits, columns, strict=True)
    ]
    named = list(dict.fromkeys(names for controls in found for names in controls))
    if not named:
        return ()
    titles = (" × ".join(draft.label("variable", name) for name in names) for names in named)
    return (draft.words["controls_hidden"].format(terms=", ".join(titles)),)


def named(draft: Draft, rule: str) -> str:
    """Return an estimator or a covariance by its title, by its own name where it has none."""
    kind, _, by = rule.partition(":")
    if kind == "cluster" and by:
        names = by.replace(",", " ").split()
        return draft.words["clustered"].format(by=", ".join(draft.label("effect", name).lower() for name in names))
    return draft.label("rule", rule) if f"rule_{rule}" in draft.words or rule in draft.context.rules else rule
