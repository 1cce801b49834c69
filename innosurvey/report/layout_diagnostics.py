"""What stands beside the models: tests of what they rest on, and how alike the firms are that are compared."""

from collections.abc import Sequence

from innosurvey.report.context import lower_first
from innosurvey.report.document import Cell, Column, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_models import is_estimated, words_of
from innosurvey.report.lookup import Row
from innosurvey.report.reasons import fit_words
from innosurvey.report.said import in_language
from innosurvey.report.terms import HYPOTHESIS
from innosurvey.report.wording import upper_first

MEANS = ("treated", "control", "control_weighted")
DIFFERENCES = ("difference", "difference_weighted")
DECIMALS = 2


def diagnostic_tables(draft: Draft, family: str) -> list[Table]:
    """Return the tables beside the models of a family: balance of each comparison, once for the models in which it
    prints alike, then the tests of all models, of the fits on all firms.
    """
    fits = [
        fit
        for fit in draft.lookup.rows("fits", family=family)
        if is_estimated(fit) and fit["group"] == "all" and not draft.context.is_check(fit["model"])
    ]
    alike: dict[tuple[str, ...], list[Row]] = {}
    for fit in fits:
        alike.setdefault(_as_printed(balance_of(draft, fit)), []).append(fit)
    balances = [balance_table(draft, members) for printed, members in alike.items() if printed]
    tests = tests_table(draft, family, fits)
    return [*balances, *([tests] if tests is not None else [])]


def balance_of(draft: Draft, fit: Row) -> list[Row]:
    """Return the covariates' rows of a fit; none for a fit that compares no firms."""
    return draft.lookup.rows("balance", model=fit["model"], cohort=fit["cohort"], group=fit["group"])


def _as_printed(found: Sequence[Row]) -> tuple[str, ...]:
    """Return what the rows say with the decimals of print: models of the same firms, treatment and covariates agree."""
    return tuple(
        f"{row['covariate']} {name} {round(float(row[name]), DECIMALS) + 0.0 if row[name].available else ''}"
        for row in found
        for name in (*MEANS, *DIFFERENCES)
    )


def balance_table(draft: Draft, fits: Sequence[Row]) -> Table:
    """Return how alike supported firms and the others are in each covariate, of fits in which that prints alike."""
    model, *others = (draft.label("model", fit["model"]) for fit in fits)
    heads = ("balance_treated", "balance_control", "balance_weighted", "balance_before", "balance_after")
    rows = [
        TableRow(
            cells=(
                text_cell(words_of(draft, row["covariate"])),
                *(draft.cell(row[name], "estimate", DECIMALS) for name in (*MEANS, *DIFFERENCES)),
            )
        )
        for row in balance_of(draft, fits[0])
    ]
    same = [draft.words["note_balance_same"].format(models="; ".join(others))] if others else []
    return Table(
        id=f"balance-{fits[0]['model']}",
        title=draft.words["balance_title"].format(model=model),
        columns=(
            Column(title=draft.words["covariate"], align="left"),
            *(Column(title=draft.words[head]) for head in heads),
        ),
        rows=tuple(rows),
        notes=(draft.words["note_balance"], *same),
        source=draft.source(("balance",)),
    )


def tests_table(draft: Draft, family: str, fits: Sequence[Row]) -> Table | None:
    """Return the tests of the fits, model by model; None where there are none."""
    rows: list[TableRow] = []
    for fit in fits:
        found = draft.lookup.rows("diagnostics", model=fit["model"], cohort=fit["cohort"], group=fit["group"])
        told = [test for test in found if is_told(test)]
        if told:
            rows.append(TableRow(cells=(text_cell(draft.label("model", fit["model"])),), kind="group"))
            rows += [test_row(draft, test) for test in told]
    if not rows:
        return None
    return Table(
        id=f"tests-{family}",
        title=f"{draft.words['tests_title']}: {draft.label('family', family)}",
        columns=(
            Column(title=draft.words["test"], align="left"),
            Column(title=draft.words["statistic_of_test"]),
            Column(title="p"),
            Column(title=draft.words["what_it_tells"], align="left"),
        ),
        rows=tuple(rows),
        source=draft.source(("diagnostics",)),
    )


def is_told(test: Row) -> bool:
    """True for a test with a number, or with the reason why it has none; where propensities lie is left to the
    estimates.
    """
    said = test["statistic"].available or bool(test["note"])
    return bool(said) and not test.suppressed and not str(test["name"]).startswith("propensity of")


def test_row(draft: Draft, test: Row) -> TableRow:
    """Return one test: its name with terms in words, statistic, p and what it tells."""
    name, _, about = str(test["name"]).partition(": ")
    is_hypothesis = str(test["name"]).startswith(HYPOTHESIS)
    plain = words_of(draft, test["name"]) if is_hypothesis else said_of(draft, name)
    said = f"{plain}: {_terms_in_words(draft, said_of(draft, about))}" if about and not is_hypothesis else plain
    return TableRow(
        cells=(
            text_cell(upper_first(said) if said[:1].isascii() else said),  # a Greek letter stays small
            _statistic(draft, test),
            draft.cell(test["p"], "p") if test["p"].available else text_cell(""),
            text_cell(_note_in_words(draft, str(test["note"]))),
        )
    )


def said_of(draft: Draft, said: str) -> str:
    """Return a test's name, or what is behind it, in the draft's language."""
    return in_language(said, draft.language, draft.context.variables)


def _note_in_words(draft: Draft, note: str) -> str:
    """Return what a test tells; a note that is one variable, such as `young`, is that variable and no word."""
    return lower_first(words_of(draft, note)) if note in draft.context.variables else fit_words(draft, note)


def _statistic(draft: Draft, test: Row) -> Cell:
    """Return a test's statistic; nothing where it could not be made, which its note tells."""
    if not test["statistic"].available:
        return text_cell("")
    return draft.cell(test["statistic"], "estimate", 0 if float(test["statistic"]).is_integer() else 3)


def _terms_in_words(draft: Draft, about: str) -> str:
    """Return the words behind a test's name, a term among them by its title."""
    parts = about.split(" ")
    known = draft.context.variables
    return " ".join(words_of(draft, part) if part in known or "(" in part else part for part in parts)
