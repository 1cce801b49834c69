"""Code lists: a code such as an industry or a district, looked up for a class, a name or a number.

A lookup takes the first `digits` characters of a variable (all of it when left out; of several variables, the first
that the firms have) and finds them in one column of a
code list. A code that the list lacks is an error unless `otherwise` says what it stands for: an industry must not fall
out of a table because a list was copied from another revision.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from innosurvey.errors import DataError, StudyError, bullets, did_you_mean
from innosurvey.specs import fail_if_key_missing, fail_if_unknown_keys, mapping_at

if TYPE_CHECKING:
    import pandas as pd

KEYS = ("variable", "digits", "codelist", "code", "value", "otherwise", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupSpec:
    """Which variable is looked up in which columns of which code list. `title` names the list's columns of titles.

    `instead`: the variables that stand in, in their order, where the firms do not have it, as the wave's own code does
    before the waves are harmonised.
    """

    variable: str
    instead: tuple[str, ...] = ()
    codelist: str
    code: str
    value: str
    digits: int | None = None
    otherwise: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    where: str = "lookup"

    @property
    def path(self) -> str:
        """Return where the code list stands in the project."""
        return f"resources/codelists/{self.codelist}.csv"

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the variable and those that stand in for it."""
        return (self.variable, *self.instead)

    def variable_in(self, columns: Collection[str]) -> str | None:
        """Return the first of the variables that is among the columns, None when none is."""
        return next((name for name in self.variables if name in columns), None)


def parse_lookup(entry: Any, where: str) -> LookupSpec:
    """Return the spec of a `lookup:` entry. StudyError for an unknown or missing key."""
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, KEYS, where)
    fail_if_key_missing(entry, ("variable", "codelist", "code", "value"), where)
    digits = entry.get("digits")
    if digits is not None and (not isinstance(digits, int) or digits < 1):
        raise StudyError(f"{where}.digits: expected a number of characters, such as 2.")
    given = entry["variable"]
    variables = [str(name) for name in given] if isinstance(given, list) and given else [str(given)]
    return LookupSpec(
        variable=variables[0],
        instead=tuple(variables[1:]),
        codelist=str(entry["codelist"]),
        code=str(entry["code"]),
        value=str(entry["value"]),
        digits=digits,
        otherwise=str(entry["otherwise"]) if "otherwise" in entry else None,
        title=dict(mapping_at(entry.get("title"), f"{where}.title")),
        where=where,
    )


def list_of(spec: LookupSpec, codelists: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the code list of a lookup, checked: it is there, has the columns, and no code stands twice."""
    if spec.codelist not in codelists:
        near = did_you_mean(spec.codelist, codelists)
        raise StudyError(
            f"{spec.where}: there is no code list {spec.codelist}.{near}\nThere are: {', '.join(codelists)}."
        )
    codelist = codelists[spec.codelist]
    for column in (spec.code, spec.value, *spec.title.values()):
        if column not in codelist.columns:
            near = did_you_mean(column, codelist.columns)
            has = ", ".join(map(str, codelist.columns))
            raise StudyError(
                f"{spec.where}: the code list {spec.codelist} has no column {column}.{near}\nIt has: {has}."
            )
    repeated = codelist.loc[codelist[spec.code].duplicated(), spec.code]
    if len(repeated):
        codes = ", ".join(map(str, repeated.unique()[:10]))
        raise DataError(f"{spec.where}: in the code list {spec.codelist} a code stands twice: {codes}.\nRemove one.")
    return codelist


def look_up(firms: pd.DataFrame, spec: LookupSpec, codelists: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the looked-up text per firm, missing where the variable is. DataError lists codes that the list lacks."""
    codelist = list_of(spec, codelists)
    codes = firms[spec.variable_in(firms.columns) or spec.variable].astype("str").str.strip()
    codes = codes.str[: spec.digits] if spec.digits else codes
    values = codes.map(dict(zip(codelist[spec.code].astype("str"), codelist[spec.value].astype("str"), strict=True)))
    unknown = values.isna() & codes.notna()
    if unknown.any() and spec.otherwise is None:
        raise DataError(_unknown_codes(spec, codes[unknown].value_counts(sort=False).sort_index(kind="stable")))
    return values.mask(unknown, spec.otherwise).astype("str")


def _unknown_codes(spec: LookupSpec, counts: pd.Series) -> str:
    lines = bullets(f"{code}: {count} firms" for code, count in counts.items())
    return (
        f"{spec.where}: codes of {spec.variable} that the code list {spec.codelist} does not have:\n{lines}\n"
        "Add them to the list, or say `otherwise: <value>` for all that it lacks."
    )


def values_of(spec: LookupSpec, codelists: Mapping[str, pd.DataFrame]) -> Collection[str]:
    """Return the values that a lookup can give, in the list's order, each once; `otherwise` comes last."""
    values = dict.fromkeys(list_of(spec, codelists)[spec.value].astype("str"))
    return [*values, *([spec.otherwise] if spec.otherwise and spec.otherwise not in values else [])]
