"""The gate between estimates and report: what too few firms stand behind is blanked before anything else sees it.

Each table has a clearance rule, written here: which counts must reach the threshold, and which columns hold numbers
about firms. A row below the threshold keeps its keys and loses those numbers. It fails closed: a table or a numeric
column that no rule knows is an error, and a missing count counts as zero.
Definitions side by side, whose counts are sums of one another, are audited in `linked`; of regions, whose counts add up
to zones and to the whole, the estimates themselves say what is withheld (`innosurvey/regions/withheld.py`).
ASSUME: nobody recovers a hidden cell from the margins of several tables, through what the rules of different cohorts
have in common.
"""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from innosurvey.errors import DisclosureError
from innosurvey.kept import Kept
from innosurvey.report.clearances import CLEARANCES, COEFFICIENT_KEY, FIT_KEY, Clearance
from innosurvey.report.linked import LINKED, hidden_with_them

UNASSIGNED = "unassigned"  # firms whose answers leave a cohort's rule open
SUPPRESSED = "suppressed"  # the column that marks a row whose numbers were blanked

# The tables whose rows rest on a fit: by which key, and the column with a term.
OF_FITS = (
    ("coefficients", COEFFICIENT_KEY, "term"),
    ("diagnostics", FIT_KEY, "name"),
    ("balance", FIT_KEY, "covariate"),
)
# How the models stage warns of levels that few firms have: `fewer than 10 firms behind industry[mining], wave[2018]`.
FEW_BEHIND = re.compile(r"fewer than \d+ firms behind ([^;]*)")


class Cleared(dict[str, pd.DataFrame]):
    """Tables as they passed the gate."""


def clear_tables(tables: Mapping[str, pd.DataFrame], minimum_n: int, kept: Kept | None = None) -> Cleared:
    """Return the tables with a boolean column `suppressed`, and NA for each number that fewer than `minimum_n` firms
    stand behind.

    Tables that passed before are given back; `kept` has the audits of the run before.

    Raises `DisclosureError` for a table or a numeric column without a clearance rule, and for a count that the rule
    needs and the table lacks.
    """
    if isinstance(tables, Cleared):
        return tables
    joined = {name: with_text_keys(name, table) for name, table in tables.items()}
    for name, key, term in OF_FITS:
        if name in joined:
            joined[name] = with_counts_of_fits(joined[name], joined.get("fits"), key, term)
    shown = {name: cleared(name, table, minimum_n) for name, table in sorted(joined.items()) if name not in LINKED}
    return Cleared(shown | cleared_together(joined, shown, minimum_n, kept or Kept()))


def cleared_with(name: str) -> tuple[str, ...]:
    """Return the tables that settle with a table what of it is shown, itself among them: it is cleared alike with these
    and with all.
    """
    if name in LINKED:
        return (*LINKED, "cohorts")
    return (name, "fits") if name in [table for table, _, _ in OF_FITS] else (name,)


def cleared_together(
    tables: Mapping[str, pd.DataFrame], shown: Mapping[str, pd.DataFrame], minimum_n: int, kept: Kept
) -> dict[str, pd.DataFrame]:
    """Return the tables whose counts are sums of one another, cleared so that none follows from others and the margins.

    `shown` are the other tables, cleared.
    """
    linked = {name: tables[name] for name in LINKED if name in tables}
    for name, table in linked.items():
        fail_if_no_rule_covers(name, table)
    if "cohorts" in shown:  # with their counts, and with what of them is hidden
        tables = {**tables, "cohorts": tables["cohorts"].assign(**{SUPPRESSED: shown["cohorts"][SUPPRESSED]})}
    hidden = hidden_with_them(tables, minimum_n, kept)
    return {name: cleared(name, table, minimum_n, hidden[name]) for name, table in linked.items()}


def with_text_keys(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its key columns as text: a wave is `2018` whether the file's reader saw a number or a
    word."""
    keys = [column for column in CLEARANCES[name].key if column in table] if name in CLEARANCES else []
    return table.assign(**{key: texts_of(table[key]) for key in keys})


def texts_of(column: pd.Series) -> pd.Series:
    """Return a column as text, nothing where it is empty."""
    words = column.astype("object").mask(column.isna(), "")
    return words if isinstance(column.dtype, pd.StringDtype) else words.map(str).astype("object")


def cleared(name: str, table: pd.DataFrame, minimum_n: int, hidden: pd.Series | None = None) -> pd.DataFrame:
    """Return one table with its small rows blanked, and those that are `hidden` for the sake of others."""
    fail_if_no_rule_covers(name, table)
    rule = CLEARANCES[name]
    small = pd.Series(False, index=table.index) if hidden is None else hidden.copy()
    for count in rule.counts:
        small |= pd.to_numeric(table[count], errors="coerce").fillna(0) < minimum_n
    if rule.withheld:
        small |= table[rule.withheld].fillna(True).astype(bool)
    small |= recoverable(table, small, rule)
    shown = table.copy()
    for column in rule.numbers:
        if column in shown:
            shown[column] = pd.to_numeric(shown[column], errors="coerce").astype("float64").mask(small)
    for column in (name for name in rule.verdicts if name in shown):
        shown[column] = shown[column].astype("object").mask(small)
    shown[SUPPRESSED] = small
    return shown


def recoverable(table: pd.DataFrame, small: pd.Series, rule: Clearance) -> pd.Series:
    """Return which further rows are hidden so that no single hidden count can be had by subtracting the others.

    Where exactly one part of a whole is hidden and not empty, the smallest of the other parts that are not empty is
    hidden with it.
    """
    if not rule.parts_of:
        return pd.Series(False, index=table.index)
    whole = [table[name] for name in rule.parts_of if name in table]
    counts = pd.to_numeric(table[rule.counts[0]], errors="coerce").fillna(0)
    filled = (counts > 0) & (table["group"] != UNASSIGNED)  # who is in no group is in no table of the report
    alone = (small & filled).groupby(whole).transform("sum") == 1
    others = counts[alone & filled & ~small].sort_values(kind="stable")
    smallest = pd.concat(whole, axis=1).loc[others.index].drop_duplicates().index
    return pd.Series(table.index.isin(smallest), index=table.index)


def with_counts_of_fits(
    table: pd.DataFrame, fits: pd.DataFrame | None, key: Sequence[str] = COEFFICIENT_KEY, term: str = "term"
) -> pd.DataFrame:
    """Return what was estimated with the `n` of its fit; NA, thus suppressed, where the fit is not there, or where its
    warnings say that too few firms stand behind the term.
    """
    if fits is None:
        return table.assign(n=float("nan"))
    kept = [*key, "n", *(["warnings"] if "warnings" in fits else [])]
    counts = fits[kept].drop_duplicates(subset=list(key), keep=False)
    joined = table.merge(counts, on=list(key), how="left", validate="many_to_one")
    warnings = joined["warnings"].fillna("") if "warnings" in joined else [""] * len(joined)
    thin = [rests_on_few(name, warning) for name, warning in zip(joined[term], warnings, strict=True)]
    return joined.drop(columns="warnings", errors="ignore").assign(
        n=joined["n"].mask(pd.Series(thin, index=joined.index))
    )


def rests_on_few(term: str, warning: str) -> bool:
    """True when a fit's warnings name the term, or a part of it, among those that few firms stand behind."""
    named = {name.strip() for listed in FEW_BEHIND.findall(str(warning)) for name in listed.split(",")}
    return bool(named & {term, *term.removeprefix("ame:").split(":")})


def fail_if_no_rule_covers(name: str, table: pd.DataFrame) -> None:
    """Raise a `DisclosureError` for a table, a count or a numeric column that the clearance rules don't settle."""
    if name not in CLEARANCES:
        raise DisclosureError(
            f"Table {name} has no clearance rule, so nothing of it may be published.\n"
            f"Tables with a rule: {', '.join(sorted(CLEARANCES))}.  Add one in innosurvey/report/clearances.py."
        )
    rule = CLEARANCES[name]
    absent = [column for column in (*rule.counts, rule.withheld) if column and column not in table]
    if absent:
        raise DisclosureError(
            f"Table {name} lacks {', '.join(absent)}, by which it would be cleared. It has: {', '.join(table.columns)}."
        )
    settled = {*rule.key, *rule.counts, *rule.numbers, *rule.open_numbers}
    numeric = [
        column for column in table.select_dtypes("number") if column not in settled and table[column].notna().any()
    ]
    if numeric:
        raise DisclosureError(
            f"Table {name} has numbers that no clearance rule covers: {', '.join(map(str, numeric))}.\n"
            "Name them in innosurvey/report/clearances.py."
        )
