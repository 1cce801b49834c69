"""Published beside computed: every printed number with the one that the pipeline finds, and what to say of both.

A number agrees when it is no further from what is printed than the case's tolerance, which is for the rounding of the
print. What could not be had is a row with its reason, never an agreement: a package that is not installed, a model that
is not estimated, a printed number that is known to be wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.certificate.cases import EFFECT, HYPOTHESIS, TEST, CaseColumn, PublishedNumber
from innosurvey.deviations import AGREES, DEVIATES, NOT_ESTIMATED, NOT_JUDGED, NOT_RUN, VERDICTS
from innosurvey.errors import StudyError, bullets, did_you_mean

NO_PARAMETER = (EFFECT, HYPOTHESIS)
ROUNDING = 1e-12
"""What a difference may pass its tolerance by: binary fractions of printed decimals."""
_NUMBER_COLUMNS = (
    "case", "column", "term", "quantity", "published", "decimals", "right", "computed", "difference", "tolerance",
    "verdict", "erratum",
)  # fmt: skip
_CASE_COLUMNS = (
    "case", "column", "data", "estimator", "outcome", "vcov", "small_sample", "engine", "observations", "numbers",
    "agree", "largest", "verdict", "reason", "warnings",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The numbers, a row per model of a case, and how many cases and numbers there are of each verdict."""

    numbers: pd.DataFrame
    cases: pd.DataFrame
    counts: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What is known of one model: the row of its fit, its terms and its tests as index → columns."""

    fit: Mapping[str, Any]
    terms: pd.DataFrame
    tests: pd.DataFrame


def compare_published(columns: Sequence[CaseColumn], told: pd.DataFrame, found: Mapping[str, pd.DataFrame]) -> Compared:
    """Return every published number beside the computed one.

    `told` has a row per data set, `found` the fits, coefficients and diagnostics of the models. Raises StudyError for a
    published term that the model does not have, with the terms that it has.
    """
    status = {str(row["data"]): str(row["status"]) for row in told.to_dict("records")}
    fits = {str(row["model"]): by_name(row) for row in found["fits"].to_dict("records")}
    unknown: list[str] = []
    rows: list[dict[str, Any]] = []
    cases: list[dict[str, Any]] = []
    for column in columns:
        fitted = Fitted(
            fit=fits.get(column.id, {}),
            terms=_of_model(found["coefficients"], column.id, "term"),
            tests=_of_model(found["diagnostics"], column.id, "name"),
        )
        obstacle = _obstacle(column, status, fitted.fit)
        unknown += [] if obstacle else _unknown(column, fitted)
        numbers = [_compared(column, number, fitted, obstacle) for number in column.published]
        rows += numbers
        cases.append(_case(column, fitted.fit, numbers, obstacle))
    if unknown:
        raise StudyError(
            f"certificate: what is published is not what the models have:\n{bullets(unknown)}\n"
            "Write terms as the model's table has them: log(x), C(size) has size[small], a product a:b."
        )
    numbers_table = pd.DataFrame(rows, columns=list(_NUMBER_COLUMNS))
    cases_table = pd.DataFrame(cases, columns=list(_CASE_COLUMNS))
    return Compared(numbers=numbers_table, cases=cases_table, counts=_counts(cases_table, numbers_table))


def by_name(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row by the names of its columns."""
    return {str(name): value for name, value in row.items()}


def _of_model(table: pd.DataFrame, model: str, index: str) -> pd.DataFrame:
    return table[table["model"] == model].set_index(index)


def _obstacle(column: CaseColumn, status: Mapping[str, str], fit: Mapping[str, Any]) -> str:
    """Return why a model has no numbers, beginning with the verdict; nothing where it has."""
    if column.not_run:
        return f"{NOT_RUN}: {column.not_run}"
    data = str(status.get(column.data, "ok"))
    if data != "ok":
        return data
    said = str(fit.get("status", f"{NOT_ESTIMATED}: it was not fitted"))
    return "" if said.startswith("ok") else said


def _unknown(column: CaseColumn, fitted: Fitted) -> list[str]:
    """Return a line for every published term or test that the fit does not have."""
    asked: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for number in column.published:
        if not number.term:
            continue
        if number.quantity.startswith(TEST):
            asked["tests", number.term, "test"] = tuple(map(str, fitted.tests.index))
        else:
            asked["published", number.term, "term"] = tuple(map(str, fitted.terms.index))
    return [
        f"{column.where}.{key}.{name}: no such {kind}.{did_you_mean(name, has)} There are: {', '.join(has) or 'none'}"
        for (key, name, kind), has in asked.items()
        if name not in has
    ]


def _compared(column: CaseColumn, number: PublishedNumber, fitted: Fitted, obstacle: str) -> dict[str, Any]:
    """Return the row of one published number."""
    computed = float("nan") if obstacle else _computed(number, fitted)
    difference = computed - (number.printed if number.right is None else number.right)
    return {
        "case": column.case,
        "column": column.column,
        "term": number.term,
        "quantity": number.quantity,
        "published": number.printed,
        "decimals": number.decimals,
        "right": number.right if number.erratum and number.right is not None else float("nan"),
        "computed": computed,
        "difference": difference,
        "tolerance": number.tolerance,
        "verdict": _verdict(number, difference, obstacle),
        "erratum": number.erratum,
    }


def _verdict(number: PublishedNumber, difference: float, obstacle: str) -> str:
    if obstacle:
        return obstacle.split(":", 1)[0]
    if number.right is None:
        return NOT_JUDGED
    return AGREES if abs(difference) <= number.tolerance * (1 + 1e-9) + ROUNDING else DEVIATES


def _computed(number: PublishedNumber, fitted: Fitted) -> float:
    """Return the number that the pipeline finds; NaN where the fit has none of that kind, which agrees with nothing."""
    if number.term:
        is_test = number.quantity.startswith(TEST)
        table = fitted.tests if is_test else fitted.terms
        found = table.get(number.quantity.removeprefix(TEST) if is_test else number.quantity, pd.Series(dtype=float))
        return float(found.get(number.term, float("nan")))
    fit = fitted.fit
    likelihood, count = (
        float(fit["loglik"]),
        sum(not str(term).startswith(NO_PARAMETER) for term in fitted.terms.index),
    )
    made = {
        "deviance": -2 * likelihood,
        "aic": -2 * likelihood + 2 * count,
        "bic": -2 * likelihood + np.log(float(fit["n"])) * count,
    }
    value = made.get(number.quantity, fit.get(number.quantity))
    return float("nan") if value is None or pd.isna(value) else float(value)


def _case(
    column: CaseColumn, fit: Mapping[str, Any], numbers: Sequence[Mapping[str, Any]], obstacle: str
) -> dict[str, Any]:
    """Return the row of one model of a case: how it was estimated, and what became of its numbers."""
    verdicts = [number["verdict"] for number in numbers]
    ratios = [
        abs(number["difference"]) / number["tolerance"]
        for number in numbers
        if number["verdict"] in (AGREES, DEVIATES) and number["tolerance"] > 0
    ]
    verdict = next((worst for worst in (NOT_RUN, NOT_ESTIMATED, DEVIATES, AGREES) if worst in verdicts), NOT_JUDGED)
    said = {name: fit.get(name, "") for name in ("outcome", "vcov", "small_sample", "engine", "warnings")}
    return {
        "case": column.case,
        "column": column.column,
        "data": column.data,
        "estimator": str(column.model.get("estimator", "")),
        **{name: "" if value is None or pd.isna(value) else value for name, value in said.items()},
        "observations": 0 if obstacle else int(fit["n"]),
        "numbers": len(numbers),
        "agree": verdicts.count(AGREES),
        "largest": max(ratios, default=float("nan")),
        "verdict": verdict,
        "reason": obstacle,
    }


def _counts(cases: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Return how many cases and numbers have each verdict, and how many there are; a case has its worst model's."""
    order = {verdict: place for place, verdict in enumerate((NOT_RUN, NOT_ESTIMATED, DEVIATES, AGREES, NOT_JUDGED))}
    single = numbers["verdict"]
    worst = cases.groupby("case", sort=False)["verdict"].agg(lambda found: min(found, key=lambda one: order[one]))
    rows = [
        {
            "verdict": verdict,
            "cases": int((worst == verdict).sum()),
            "numbers": int((single == verdict).sum()),
        }
        for verdict in VERDICTS
    ]
    return pd.DataFrame([{"verdict": "all", "cases": len(worst), "numbers": len(numbers)}, *rows])


def joined(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return tables of one kind, one below the other."""
    kept = list(parts)
    filled = [part for part in kept if len(part)]
    return pd.concat(filled or kept[:1], ignore_index=True)
