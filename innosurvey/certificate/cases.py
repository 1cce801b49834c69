"""What is declared of a case: what is printed, how it was estimated, how far off a number may be.

A case is one printed table. Its columns are its models, each laid over the case's own `model:`; a case without
`columns:` has one. The models themselves are read as those of a study are (`innosurvey/certified.py`). Read at every
start of Snakemake: nothing heavy is imported.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from innosurvey.certificate.data import DataSpec, decimals_of, fail_if_data_unknown
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.specs import fail_if_key_missing, fail_if_unknown_keys, mapping_at

CASE_KEYS = (
    "title", "source", "data", "model", "published", "statistics", "tests", "tolerance", "errata", "columns", "note",
    "not_run",
)  # fmt: skip
COLUMN_KEYS = ("title", "data", "model", "published", "statistics", "tests", "tolerance", "errata", "not_run")
QUANTITIES = ("estimate", "se", "statistic", "p", "lower", "upper")
"""What may be printed of a term; a list is the first two."""
OF_TESTS = ("statistic", "df", "df2", "p")
"""What may be printed of a test, such as Sargan's; a number alone is its statistic."""
TEST = "test_"
"""What the quantity of a test's number begins with."""
EFFECT, HYPOTHESIS = "ame:", "hypothesis:"
"""How the names of coefficients begin that are no parameters of the likelihood."""
STATISTICS = ("n", "n_firms", "n_clusters", "r2", "loglik", "deviance", "aic", "bic")
"""What may be printed of a whole fit."""
COUNTS = ("n", "n_firms", "n_clusters", "test_df", "test_df2")
"""Statistics that must come out exactly."""
ERRATUM_KEYS = ("right", "reason")
SET_BY_THE_CERTIFICATE = ("family", "foreach", "check_of", "title", "question")
_CASE = re.compile(r"[a-z][a-z0-9_.-]*")
_COLUMN = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedNumber:
    """One printed number: of a term (`quantity` of QUANTITIES), of a test (`term` its name, `quantity` one of OF_TESTS
    behind TEST), or of the whole fit (`term` empty).

    `right` is what it is held against: the printed number, or what an erratum gives; None where the print is known to
    be wrong and nothing says what is right.
    """

    term: str
    quantity: str
    printed: float
    decimals: int
    right: float | None
    tolerance: float
    erratum: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseColumn:
    """One model of a printed table: its declaration as under `models:`, its data set, what is printed of it."""

    case: str
    column: str
    data: str
    model: Mapping[str, Any]
    published: tuple[PublishedNumber, ...]
    not_run: str = ""

    @property
    def id(self) -> str:
        """The id of its model: `w_t17_1_probit`, or `petersen2009_cluster__firm`."""
        name = re.sub(r"[.-]", "_", self.case)
        return f"{name}__{self.column}" if self.column else name

    @property
    def where(self) -> str:
        """Where it is declared."""
        return f"certificate.cases.{self.case}" + (f".columns.{self.column}" if self.column else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSpec:
    """One printed table."""

    id: str
    title: str
    source: str
    columns: tuple[CaseColumn, ...]
    note: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


def parse_cases(section: Mapping[str, Any] | None, data: Mapping[str, DataSpec]) -> dict[str, CaseSpec]:
    """Return the cases by id. StudyError for an entry that is not well declared, or two models of one id."""
    cases = {
        str(name): _parse_one(str(name), mapping_at(entry, f"certificate.cases.{name}"), data)
        for name, entry in mapping_at(section, "certificate.cases").items()
        if entry is not None
    }
    named: dict[str, str] = {}
    for column in (column for case in cases.values() for column in case.columns):
        if column.id in named:
            raise StudyError(
                f"{column.where}: its model would be called {column.id}, as that of {named[column.id]}.\n"
                "Give one of them another name."
            )
        named[column.id] = column.where
    return cases


def _parse_one(name: str, entry: Mapping[str, Any], data: Mapping[str, DataSpec]) -> CaseSpec:
    where = f"certificate.cases.{name}"
    if not _CASE.fullmatch(name):
        raise StudyError(f"{where}: a case is named with lower-case letters, digits, `-`, `.` and `_`, a letter first.")
    fail_if_unknown_keys(entry, CASE_KEYS, where)
    fail_if_key_missing(entry, ("title", "source"), where)
    declared = mapping_at(entry.get("columns"), f"{where}.columns") if "columns" in entry else {"": {}}
    columns = tuple(_column(name, str(column), parts, entry, data) for column, parts in declared.items())
    return CaseSpec(
        id=name,
        title=str(entry["title"]),
        source=str(entry["source"]),
        columns=columns,
        note=str(entry.get("note", "")),
        titles={
            str(column): str((parts or {}).get("title", str(column).replace("_", " ")))
            for column, parts in declared.items()
        },
    )


def _column(case: str, name: str, parts: Any, entry: Mapping[str, Any], data: Mapping[str, DataSpec]) -> CaseColumn:
    """Return one model of a case: the case's own declarations with those of the column laid over them."""
    where = f"certificate.cases.{case}" + (f".columns.{name}" if name else "")
    parts = mapping_at(parts, where)
    if name:
        fail_if_unknown_keys(parts, COLUMN_KEYS, where)
        if not _COLUMN.fullmatch(name):
            raise StudyError(f"{where}: a column is named with lower-case letters, digits and _, a letter first.")
    laid = {**entry, **parts}
    laid["model"] = {
        **mapping_at(entry.get("model"), f"certificate.cases.{case}.model"),
        **mapping_at(parts.get("model"), f"{where}.model"),
    }
    fail_if_key_missing(laid, ("data", "model"), where)
    fail_if_data_unknown(str(laid["data"]), data, f"{where}.data")
    for key in SET_BY_THE_CERTIFICATE:
        if key in laid["model"]:
            raise StudyError(f"{where}.model.{key}: a model of the certificate has none.\nTake it out.")
    return CaseColumn(
        case=case,
        column=name,
        data=str(laid["data"]),
        model=laid["model"],
        published=_published(laid, where),
        not_run=str(laid.get("not_run") or ""),
    )


def _published(laid: Mapping[str, Any], where: str) -> tuple[PublishedNumber, ...]:
    """Return all numbers that are printed of a model, with their tolerances and errata."""
    named = {key: mapping_at(laid.get(key), f"{where}.{key}") for key in ("published", "tests", "statistics")}
    fail_if_unknown_keys(named["statistics"], STATISTICS, f"{where}.statistics")
    printed = {str(name) for entries in named.values() for name in entries}
    if not printed:
        raise StudyError(f"{where}: nothing is printed of it.\nAdd `published: {{term: [estimate, standard error]}}`.")
    errata = mapping_at(laid.get("errata"), f"{where}.errata")
    for name in errata:
        if str(name) not in printed:
            raise StudyError(
                f"{where}.errata.{name}: nothing of that name is published.{did_you_mean(str(name), printed)}\n"
                f"Published: {', '.join(str(name) for entries in named.values() for name in entries)}."
            )
    tolerances = mapping_at(laid.get("tolerance"), f"{where}.tolerance")
    fail_if_unknown_keys(tolerances, (*QUANTITIES, "statistics", "tests"), f"{where}.tolerance")
    return tuple(
        number
        for key, entries in named.items()
        for name, value in entries.items()
        for number in _numbers((key, str(name)), value, errata.get(name), tolerances, where)
    )


def _values_of(key: str, printed: Any, where: str) -> dict[str, tuple[float, int]]:
    """Return what is printed, by quantity: a number alone, a map of quantities, or of a term [estimate, se]."""
    known = {"published": QUANTITIES, "tests": OF_TESTS, "statistics": ()}[key]
    if isinstance(printed, Mapping) and known:
        fail_if_unknown_keys(printed, known, where)
        named = {str(quantity): value for quantity, value in printed.items()}
    elif isinstance(printed, list | tuple) and key == "published":
        if len(printed) != 2:
            raise StudyError(
                f"{where}: {len(printed)} numbers where two are expected.\n"
                "Write [estimate, standard error], with null for one that is not printed, or "
                f"{{{', '.join(f'{name}: …' for name in QUANTITIES)}}}."
            )
        named = dict(zip(("estimate", "se"), printed, strict=True))
    else:
        named = {known[0] if known else where.rsplit(".", 1)[-1]: printed}
    values = {name: _as_printed(value, f"{where}.{name}") for name, value in named.items() if value is not None}
    if not values:
        raise StudyError(f"{where}: no number is given.\nWrite what is printed, or take the entry out.")
    return {f"{TEST}{name}" if key == "tests" else name: value for name, value in values.items()}


def _as_printed(value: Any, where: str) -> tuple[float, int]:
    """Return a number and the decimals that it is printed with; in quotes it keeps those that end in 0."""
    text = str(value).strip().replace("\N{MINUS SIGN}", "-")
    try:
        if isinstance(value, bool) or not math.isfinite(float(text)):
            raise ValueError
        return float(text), decimals_of(text)
    except ValueError:
        raise StudyError(f"{where}: `{value}` is no number.\nWrite the number as it is printed.") from None


def _numbers(
    named: tuple[str, str], printed: Any, erratum: Any, tolerances: Mapping[str, Any], where: str
) -> list[PublishedNumber]:
    """Return the printed numbers of one term, test or statistic."""
    key, name = named
    values = _values_of(key, printed, f"{where}.{key}.{name}")
    right: Mapping[str, tuple[float, int]] = {}
    reason = ""
    if erratum is not None:
        place = f"{where}.errata.{name}"
        erratum = mapping_at(erratum, place)
        fail_if_unknown_keys(erratum, ERRATUM_KEYS, place)
        fail_if_key_missing(erratum, ("reason",), place)
        reason = str(erratum["reason"])
        # What an erratum does not name is not judged.
        right = {} if erratum.get("right") is None else _values_of(key, erratum["right"], f"{place}.right")
        right = dict(zip(values, right.values(), strict=True)) if key == "statistics" and right else right
    return [
        PublishedNumber(
            term="" if key == "statistics" else name,
            quantity=quantity,
            printed=number,
            decimals=decimals,
            right=number if not reason else right[quantity][0] if quantity in right else None,
            tolerance=_tolerance(named, quantity, tolerances, where),
            erratum=reason,
        )
        for quantity, (number, decimals) in values.items()
    ]


def _tolerance(named: tuple[str, str], quantity: str, declared: Mapping[str, Any], where: str) -> float:
    """Return how far off a number may be. StudyError where the case does not say."""
    key, name = named
    if quantity in COUNTS:
        return 0.0
    asked = quantity if key == "published" else key
    value = declared.get(asked)
    if isinstance(value, Mapping):
        value = value.get(name)
        asked = f"{key}: {name}"
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        said = "is missing" if value is None else f"is `{value}`, which is no tolerance"
        raise StudyError(
            f"{where}.tolerance: that of `{asked}` {said}.\n"
            "Say how far off a computed number may be: half a unit of the last printed digit is 0.0005 for 0.123, "
            "and a little more where the print is rounded twice."
        )
    return float(value)
