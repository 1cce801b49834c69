"""What is declared of a data set: where it is, which column is what, and what must be true of it.

Read at every start of Snakemake: nothing heavy is imported.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from innosurvey.derive import DerivedSpec, parse_derived
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.specs import (
    exactly_one_of,
    fail_if_key_missing,
    fail_if_not_one_of,
    fail_if_unknown_keys,
    list_at,
    mapping_at,
    names_at,
)

DATA_KEYS = (
    "title", "package", "name", "file", "object", "reading", "missing", "keys", "variables", "derived", "long",
    "design", "expect", "note",
)  # fmt: skip
READING_KEYS = ("format", "encoding", "delimiter", "header_rows", "footer_rows", "sheet", "decimal", "thousands")
KEY_KEYS = ("firm", "wave", "numbered")
VARIABLE_KEYS = ("column", "levels", "as", "expect")
KINDS = ("number", "category")
EXPECTED_OF_DATA = ("rows", "firms", "waves")
EXPECTED_OF_COLUMN = ("whole", "least", "most", "mean", "sd", "missing", "values")
DESIGN_KEYS = ("weight", "stratum", "population")
NO_ANSWER = ("", "NA", "NaN", ".")
KEYS_MADE = ("firm_id", "wave", "weight_final")
"""Columns of every slice that a model may name: the keys, and the weight of the design."""
MADE = (
    *KEYS_MADE, "group", "stratum_id", "pop_n_stratum", "sample_n_stratum", "weight_design", "certainty",
    "pooled_stratum", "pooled_stratum_n",
)  # fmt: skip
"""All columns that every slice has: a data set can't bring others of these names."""
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must be true of a column: whole numbers, a range, a mean and a standard deviation (each a range or a number
    as it is printed), how many cells are missing, which values there are.
    """

    whole: bool = False
    least: float | None = None
    most: float | None = None
    mean: tuple[float, float] | None = None
    sd: tuple[float, float] | None = None
    missing: int | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSpec:
    """One variable: the column that it is, under which name, and what its codes mean.

    `levels` is code → level in the order of the levels; `kind` None: a number where every cell is one, else a category.
    """

    name: str
    column: str
    kind: str | None = None
    levels: Mapping[str, str] = field(default_factory=dict)
    expect: Expected = Expected()


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSpec:
    """One data set. `firm` and `wave` are the columns of its keys; rows that are `numbered` have no wave of their own,
    and are counted within their firm. `long` are the variables that several columns of a wide data
    set make, variable → wave → column.
    """

    id: str
    title: str = field(default="", repr=False)
    package: str = ""
    name: str = ""
    file: str = ""
    object: str | None = None
    reading: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = NO_ANSWER
    firm: str | None = None
    wave: str | None = None
    numbered: bool = False
    variables: tuple[VariableSpec, ...] = ()
    derived: Mapping[str, DerivedSpec] = field(default_factory=dict)
    long: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    design: Mapping[str, str] = field(default_factory=dict)
    rows: int | None = None
    firms: int | None = None
    waves: int | None = None
    note: str = field(default="", repr=False)

    @property
    def where(self) -> str:
        """Where it is declared."""
        return f"certificate.data.{self.id}"

    @property
    def called(self) -> str:
        """What a message calls it: the file, or the data set and its package."""
        return self.file or f"the data set {self.name} of the package {self.package}"


def parse_data(section: Mapping[str, Any] | None) -> dict[str, DataSpec]:
    """Return the data sets by id. StudyError for an entry that is not well declared."""
    return {
        str(name): _parse_one(str(name), mapping_at(entry, f"certificate.data.{name}"))
        for name, entry in mapping_at(section, "certificate.data").items()
        if entry is not None
    }


def _parse_one(name: str, entry: Mapping[str, Any]) -> DataSpec:
    where = f"certificate.data.{name}"
    fail_if_unknown_keys(entry, DATA_KEYS, where)
    if exactly_one_of(entry, ("package", "file"), where) == "package":
        fail_if_key_missing(entry, ("package", "name"), where)
    reading = mapping_at(entry.get("reading"), f"{where}.reading")
    fail_if_unknown_keys(reading, READING_KEYS, f"{where}.reading")
    keys = mapping_at(entry.get("keys"), f"{where}.keys")
    fail_if_unknown_keys(keys, KEY_KEYS, f"{where}.keys")
    _fail_unless_numbering_makes_sense(keys, f"{where}.keys")
    expected = mapping_at(entry.get("expect"), f"{where}.expect")
    fail_if_unknown_keys(expected, EXPECTED_OF_DATA, f"{where}.expect")
    design = mapping_at(entry.get("design"), f"{where}.design")
    fail_if_unknown_keys(design, DESIGN_KEYS, f"{where}.design")
    return DataSpec(
        id=name,
        title=str(entry.get("title", "")),
        package=str(entry.get("package", "")),
        name=str(entry.get("name", "")),
        file=str(entry.get("file", "")),
        object=None if entry.get("object") is None else str(entry["object"]),
        reading={key: tuple(value) if isinstance(value, list) else value for key, value in reading.items()},
        missing=(*NO_ANSWER, *(list_at(entry["missing"], f"{where}.missing") if "missing" in entry else ())),
        firm=_text(keys.get("firm")),
        wave=_text(keys.get("wave")),
        numbered=bool(keys.get("numbered", False)),
        variables=_variables(entry.get("variables"), where),
        derived=_derived(entry.get("derived"), where),
        long=_long(entry.get("long"), where),
        design={str(key): str(column) for key, column in design.items()},
        rows=_count(expected.get("rows"), f"{where}.expect.rows"),
        firms=_count(expected.get("firms"), f"{where}.expect.firms"),
        waves=_count(expected.get("waves"), f"{where}.expect.waves"),
        note=str(entry.get("note", "")),
    )


def _fail_unless_numbering_makes_sense(keys: Mapping[str, Any], where: str) -> None:
    numbered = keys.get("numbered", False)
    if not isinstance(numbered, bool):
        raise StudyError(f"{where}.numbered: write true or false, not `{numbered}`.")
    if numbered and (keys.get("firm") is None or keys.get("wave") is not None):
        raise StudyError(
            f"{where}.numbered: it numbers the rows of a firm where nothing else tells them apart.\n"
            "Name `firm`, and either `wave` or `numbered: true`."
        )


def _variables(section: Any, where: str) -> tuple[VariableSpec, ...]:
    """Return the declared variables; `name: column` is short for `name: {column: …}`."""
    found = []
    for name, entry in mapping_at(section, f"{where}.variables").items():
        place = f"{where}.variables.{name}"
        _fail_unless_name(str(name), place)
        entry = mapping_at({"column": entry} if isinstance(entry, str) else entry, place)
        fail_if_unknown_keys(entry, VARIABLE_KEYS, place)
        kind = entry.get("as")
        levels = _levels(entry.get("levels"), f"{place}.levels")
        if kind is not None:
            fail_if_not_one_of(kind, KINDS, f"{place}.as")
        if levels and kind == "number":
            raise StudyError(f"{place}: a number has no levels.\nTake out `levels:`, or `as: number`.")
        found.append(
            VariableSpec(
                name=str(name),
                column=str(entry.get("column", name)),
                kind="category" if levels else kind,
                levels=levels,
                expect=parse_expected(entry.get("expect"), f"{place}.expect"),
            )
        )
    return tuple(found)


def parse_expected(entry: Any, where: str) -> Expected:
    """Return what must be true of a column. StudyError for an unknown key or a value of the wrong kind."""
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, EXPECTED_OF_COLUMN, where)
    return Expected(
        whole=bool(entry.get("whole", False)),
        least=_number(entry.get("least"), f"{where}.least"),
        most=_number(entry.get("most"), f"{where}.most"),
        mean=_range(entry.get("mean"), f"{where}.mean"),
        sd=_range(entry.get("sd"), f"{where}.sd"),
        missing=_count(entry.get("missing"), f"{where}.missing"),
        values=tuple(map(str, names_at(where, "values", entry["values"]))) if "values" in entry else (),
    )


def _range(value: Any, where: str) -> tuple[float, float] | None:
    """Return a range; a single number stands for all that round to it, at as many decimals as it has."""
    if value is None:
        return None
    if isinstance(value, list | tuple):
        if len(value) != 2:
            raise StudyError(f"{where}: give a number, or a range [least, most].")
        low, high = (_number(bound, where) for bound in value)
        if low is None or high is None or low > high:
            raise StudyError(f"{where}: the range {list(value)} is empty.\nWrite [least, most].")
        return low, high
    number = _number(value, where)
    assert number is not None
    half = 0.5 * 10.0 ** -decimals_of(str(value))
    return number - half, number + half


def decimals_of(text: str) -> int:
    """Return how many decimals a number is written with: 2 for `0.10`, 4 for `1.2e-3`."""
    mantissa, _, exponent = text.strip().lower().partition("e")
    return max(0, len(mantissa.partition(".")[2]) - int(exponent or 0))


def _derived(section: Any, where: str) -> Mapping[str, DerivedSpec]:
    try:
        specs = parse_derived(mapping_at(section, f"{where}.derived"))
    except StudyError as error:
        dotted = "\nGive a column with a dot or a blank in its name another: `variables: {name: {column: the.name}}`."
        raise StudyError(f"{where}.{error}{dotted if 'has no parts' in str(error) else ''}") from None
    for name, spec in specs.items():
        _fail_unless_name(name, f"{where}.derived.{name}")
        if spec.rule is None:
            raise StudyError(f"{where}.derived.{name}: a data set has no code lists.\nWrite a rule, such as x * x.")
    return specs


def _long(section: Any, where: str) -> Mapping[str, Mapping[str, str]]:
    found = {
        str(name): {str(wave): str(column) for wave, column in mapping_at(columns, f"{where}.long.{name}").items()}
        for name, columns in mapping_at(section, f"{where}.long").items()
    }
    if len({tuple(columns) for columns in found.values()}) > 1:
        raise StudyError(f"{where}.long: the variables have different waves.\nGive each the same waves in one order.")
    return found


def _levels(declared: Any, where: str) -> Mapping[str, str]:
    if declared is None:
        return {}
    if isinstance(declared, Mapping):
        return {str(code): str(level) for code, level in declared.items()}
    return {level: level for level in list_at(declared, where)}


def _fail_unless_name(name: str, where: str) -> None:
    if not _NAME.fullmatch(name):
        raise StudyError(f"{where}: `{name}` is no name.\nUse letters, digits and _, since terms are written with it.")
    if name in MADE:
        raise StudyError(f"{where}: every data set is given a column {name}.\nChoose another name.")


def _number(value: Any, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StudyError(f"{where}: `{value}` is no number.")
    return float(value)


def _count(value: Any, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise StudyError(f"{where}: `{value}` is no count.\nWrite a whole number.")
    return value


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def fail_if_data_unknown(name: str, data: Mapping[str, DataSpec], where: str) -> None:
    """Raise a StudyError, with the near name, for a data set that is not declared."""
    if name not in data:
        raise StudyError(
            f"{where}: there is no data set {name}.{did_you_mean(name, data)}\n"
            f"certificate.data has: {', '.join(data) or 'none'}."
        )
