"""The estimates that speak to a hypothesis: the main one and the checks beside it.

A check is the same hypothesis asked otherwise: in one wave, without the weights, with the groups made alike in
industry and size, by another definition of the groups (the declared variants).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf, isnan, nan

import pandas as pd

from innosurvey.claims.spec import MAIN, Estimand, HypothesisSpec
from innosurvey.claims.verdict import Effect
from innosurvey.groupings import BY_WAVE, EVERYONE

POOLED = "all"
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One estimate for a hypothesis. `check` says which; `n` is the number of firms of the smaller side; `unit` is the
    item's statistic or the model's estimator.
    """

    check: str
    wave: str
    estimand: Estimand
    effect: Effect
    n: float = nan
    unit: str = ""
    lower: float = nan
    upper: float = nan
    effect_size: float = nan
    effect_kind: str = ""


def evidence_for(hypothesis: HypothesisSpec, tables: Tables) -> Iterator[Evidence]:
    """Yield the main evidence, always, then each check that there is an estimate for, then the declared variants.

    `tables` are the gathered estimates by name: compare, unweighted, adjusted, omnibus and ranks (each also
    `_unweighted`), coefficients, fits.
    """
    main = _found(MAIN, POOLED, hypothesis.estimand, tables)
    yield main
    for check, table in CHECK_TABLES.get(hypothesis.estimand.kind, {}).items():
        if len(_rows(hypothesis.estimand, tables[table], POOLED)):
            found = _found(check, POOLED, hypothesis.estimand, tables, table)
            if found.effect != main.effect:  # a survey without weights would agree with itself
                yield found
    for wave, estimand in _by_wave(hypothesis.estimand, tables):
        yield _found(f"wave {wave}", wave, estimand, tables)
    for name, estimand in hypothesis.variants.items():
        yield _found(name, POOLED, estimand, tables)


CHECK_TABLES: Mapping[str, Mapping[str, str]] = {
    "comparison": {"unweighted": "unweighted", "adjusted": "adjusted"},
    "ranking": {"unweighted": "ranks_unweighted"},
    "heterogeneity": {"unweighted": "omnibus_unweighted"},
}
"""By kind of estimand the checks, and the tables that hold the same estimates made otherwise."""
TABLE_OF = {"comparison": "compare", "coefficient": "coefficients", "ranking": "ranks", "heterogeneity": "omnibus"}


def _found(check: str, wave: str, estimand: Estimand, tables: Tables, table: str = "") -> Evidence:
    rows = _rows(estimand, tables[table or TABLE_OF[estimand.kind]], wave)
    if rows.empty:
        effect = Effect(reason=_why_absent(estimand, tables))
        return Evidence(check=check, wave=wave, estimand=estimand, effect=effect)
    read = READERS[estimand.kind]
    return replace(read(rows, estimand, tables), check=check, wave=wave)


def _rows(estimand: Estimand, table: pd.DataFrame, wave: str) -> pd.DataFrame:
    """Return the rows of the estimand's key, of one wave where the table has waves."""
    return _matching(table, {**estimand.key, **({"wave": wave} if "wave" in table else {})})


def _matching(table: pd.DataFrame, key: Mapping[str, str]) -> pd.DataFrame:
    chosen = pd.Series(True, index=table.index)
    for column, value in key.items():
        chosen &= table[column].astype("str") == value
    return table[chosen]


def _by_wave(estimand: Estimand, tables: Tables) -> list[tuple[str, Estimand]]:
    """Return the waves that have the estimate on their own, with its key there; of a coefficient of a model of all
    firms, the fits of the model by wave.
    """
    table = tables[TABLE_OF[estimand.kind]]
    if estimand.kind == "coefficient":
        fits = _matching(tables["fits"], {"model": estimand.key["model"], "cohort": BY_WAVE})
        waves = fits["group"].astype("str").tolist() if estimand.key["cohort"] == EVERYONE else []
        return [(wave, estimand.varied({"cohort": BY_WAVE, "group": wave})) for wave in waves]
    waves = [] if "wave" not in table else sorted(set(table["wave"].astype("str")) - {POOLED})
    return [(wave, estimand) for wave in waves if len(_rows(estimand, table, wave))]


def _from_comparison(rows: pd.DataFrame, estimand: Estimand, tables: Tables) -> Evidence:
    row = rows.iloc[0]
    return Evidence(
        check=MAIN,
        wave=POOLED,
        estimand=estimand,
        effect=_effect(row, "difference"),
        n=min(row["n_group"], row["n_reference"]),
        unit=str(row.get("statistic", "")),
        lower=_number(row, "lower"),
        upper=_number(row, "upper"),
        effect_size=_number(row, "effect_size"),
        effect_kind=_text(row, "effect_kind"),
    )


def _from_coefficient(rows: pd.DataFrame, estimand: Estimand, tables: Tables) -> Evidence:
    row, fit = rows.iloc[0], _fit_of(estimand, tables["fits"])
    return Evidence(
        check=MAIN,
        wave=POOLED,
        estimand=estimand,
        effect=_effect(row, "estimate"),
        n=nan if fit is None else _number(fit, "n_firms"),
        unit="" if fit is None else str(fit["estimator"]),
        lower=_number(row, "lower"),
        upper=_number(row, "upper"),
    )


def _fit_of(estimand: Estimand, fits: pd.DataFrame) -> pd.Series | None:
    """Return the row of the fit that a coefficient belongs to, or None."""
    rows = _matching(fits, {name: estimand.key[name] for name in ("model", "cohort", "group")})
    return rows.iloc[0] if len(rows) else None


def _why_absent(estimand: Estimand, tables: Tables) -> str:
    """Return why there is no such row: a model that could not be fitted says so itself."""
    fit = _fit_of(estimand, tables["fits"]) if estimand.kind == "coefficient" else None
    if fit is not None and fit["status"] != "ok":
        return _reason(fit["status"])
    return "there is no such estimate" if fit is None else f"the model has no term {estimand.key['term']}"


def _from_heterogeneity(rows: pd.DataFrame, estimand: Estimand, tables: Tables) -> Evidence:
    row = rows.iloc[0]
    effect = _effect(row, "effect_size")
    return Evidence(
        check=MAIN, wave=POOLED, estimand=estimand, effect=effect, n=row["n"], unit=_text(row, "effect_kind")
    )


def _from_ranking(rows: pd.DataFrame, estimand: Estimand, tables: Tables) -> Evidence:
    """Return the contrast on which the rank hangs: an item is first only if it exceeds each other (Berger 1982).

    Where all differences have one direction that is the least certain of them; where they have not, no rank holds: the
    smallest difference, without significance.
    """
    if not rows["status"].astype("str").str.startswith("ok").all():
        reason = next(text for text in rows["status"].astype("str") if not text.startswith("ok"))
        return Evidence(check=MAIN, wave=POOLED, estimand=estimand, effect=Effect(reason=_reason(reason)))
    ordered = rows.assign(_t=rows["difference"] / rows["se"]).sort_values("_t", kind="stable")
    one_way = ordered["_t"].iloc[0] > 0 or ordered["_t"].iloc[-1] < 0
    row = ordered.iloc[0] if ordered["_t"].iloc[0] > 0 or not one_way else ordered.iloc[-1]
    effect = _effect(row, "difference")
    return Evidence(
        check=MAIN,
        wave=POOLED,
        estimand=estimand,
        effect=effect if one_way else replace(effect, p=1.0),
        n=row["n"],
        unit="share",
        lower=_number(row, "lower"),
        upper=_number(row, "upper"),
    )


READERS = {
    "comparison": _from_comparison,
    "coefficient": _from_coefficient,
    "ranking": _from_ranking,
    "heterogeneity": _from_heterogeneity,
}


def _effect(row: pd.Series, column: str) -> Effect:
    """Return the effect of a row; large samples without degrees of freedom count as infinite."""
    status = _text(row, "status") or "ok"
    if not status.startswith("ok"):
        return Effect(reason=_reason(status))
    df = _number(row, "df")
    value = _number(row, column)
    if isnan(value):
        return Effect(reason="the estimate is empty")
    return Effect(value=value, se=_number(row, "se"), df=inf if isnan(df) else df, p=_number(row, "p"))


def _reason(status: object) -> str:
    return str(status).removeprefix("not estimated: ").removeprefix("not adjusted: ")


def _number(row: pd.Series, column: str) -> float:
    value = row.get(column)
    return nan if value is None or pd.isna(value) else float(value)


def _text(row: pd.Series, column: str) -> str:
    value = row.get(column)
    return "" if value is None or pd.isna(value) else str(value)
