"""From a codebook's YAML to its specs: `from_yaml` refuses, with file, line and near name, whatever could not work.

That is an unknown key, variable, level, value map or unit, an answer without a meaning, or a skip rule that nobody
declared. What the sections of every configuration share is checked by `specs.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from innosurvey.codebook.decide import SECTION, fail_if_undecided
from innosurvey.codebook.heading import file_spec_of, period_of
from innosurvey.codebook.spec import Codebook, Combine, Table, VariableSource, code_text, name_on_one_line
from innosurvey.dictionary import MISSING_KINDS, Dictionary, Variable, VariableType
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.specs import exactly_one_of, fail_if_not_one_of, fail_if_unknown_keys, mapping_at
from innosurvey.yamlfile import YamlFile

UNITS = {"one": 1e-6, "thousand": 1e-3, "million": 1.0, "billion": 1e3}
"""Money units of raw files, as factors on the dictionary's million."""

_VARIABLE_KEYS = (
    "column", "columns", "constant", "combine", "values", "missing", "blank", "unit", "multiply", "asked_if", "type",
    "levels", "question", "note",
)  # fmt: skip
_TOP_KEYS = ("title", "table", "period", "file", "missing", "value_maps", "skips", "variables", "note", SECTION)


def from_yaml(file: YamlFile, dictionary: Dictionary) -> Codebook:
    """Return the codebook; a StudyError names file, line, rule and remedy of the first thing that cannot work."""
    data = file.data
    fail_if_unknown_keys(data, _TOP_KEYS, file.name)
    fail_if_undecided(file)
    table = data.get("table", "survey")
    fail_if_not_one_of(table, get_args(Table), f"{file.where('table')}, table")
    if not isinstance(data.get("variables"), dict):
        raise StudyError(
            f"{file.name}: the section `variables:` is missing or empty.\n"
            "Say there which raw column each canonical variable comes from."
        )
    builder = _Builder(file=file, dictionary=dictionary, table=table)
    return Codebook(
        name=file.name,
        title=str(data.get("title", "")),
        table=table,
        period=period_of(file),
        file=file_spec_of(file),
        variables={str(name): builder.source(str(name), entry) for name, entry in data["variables"].items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Builder:
    """What every variable of one codebook shares."""

    file: YamlFile
    dictionary: Dictionary
    table: str

    def source(self, name: str, entry: Any) -> VariableSource:
        where = self.file.where("variables", name)
        if not isinstance(entry, dict):
            raise StudyError(f"{where}: `{name}` needs an entry such as `{{column: Q1}}`.")
        fail_if_unknown_keys(entry, _VARIABLE_KEYS, where)
        declared = self._declared(name, entry, where)
        combine, columns, levels = self._columns(entry, declared, where)
        values = self._values(_given_values(entry, declared), declared, where, combine)
        missing = self._missing(entry, values or {}, where)
        return VariableSource(
            name=name,
            declared=declared,
            columns=columns,
            column_levels=levels,
            constant=_constant(entry["constant"], where) if "constant" in entry else None,
            combine=combine,
            values=values,
            missing=missing,
            blank=self._blank(entry, declared, where, combine),
            factor=self._factor(entry, declared, where),
            asked_if=self._asked_if(entry, where),
            question=str(entry.get("question", "")),
            where=where,
        )

    def _declared(self, name: str, entry: Mapping[str, Any], where: str) -> Variable:
        if self.table == "survey":
            if name not in self.dictionary:
                raise StudyError(
                    f"{where}: `{name}` is not a variable of the dictionary.{did_you_mean(name, self.dictionary)}\n"
                    "Use a name of resources/dictionary/variables.csv, or declare it under studies.<name>.variables "
                    "of the study file. The codebook of a register or frame says so: `table: register`."
                )
            return self.dictionary[name]
        kind = entry.get("type", "string")
        fail_if_not_one_of(kind, get_args(VariableType), f"{where}, type")
        return Variable(
            variable=name,
            type=kind,
            levels=tuple(str(level) for level in _list_at(entry.get("levels", []), f"{where}, levels")),
            unit=str(entry.get("unit", "")),
        )

    @staticmethod
    def _columns(
        entry: Mapping[str, Any], declared: Variable, where: str
    ) -> tuple[Combine | None, tuple[str, ...], tuple[str, ...]]:
        exactly_one_of(entry, ("column", "columns", "constant"), where)
        combine = entry.get("combine")
        if combine is not None:
            fail_if_not_one_of(combine, get_args(Combine), f"{where}, combine")
        if "columns" not in entry:
            return None, (_column_name(entry["column"], where),) if "column" in entry else (), ()
        columns = entry["columns"]
        if combine is None:
            raise StudyError(f"{where}: several `columns` need `combine: …` ({', '.join(get_args(Combine))}).")
        if isinstance(columns, dict) != (combine == "multi"):
            raise StudyError(
                f"{where}: `combine: multi` takes a map level → column; every other way takes a list of columns."
            )
        if combine != "multi":
            return combine, tuple(_column_name(column, where) for column in _list_at(columns, f"{where}, columns")), ()
        for level in columns:
            fail_if_not_one_of(str(level), declared.levels, f"{where}, level")
        names = tuple(_column_name(column, where) for column in columns.values())
        return combine, names, tuple(str(level) for level in columns)

    def _values(self, values: Any, declared: Variable, where: str, combine: str | None) -> Mapping[str, Any] | None:
        if isinstance(values, str):
            maps = mapping_at(self.file.data.get("value_maps"), self.file.where("value_maps"))
            if values not in maps:
                raise StudyError(f"{where}: no value map `{values}` under `value_maps:`.{did_you_mean(values, maps)}")
            values = maps[values]
        if values is None:
            if declared.type in ("bool", "enum") or combine == "multi":
                raise StudyError(
                    f"{where}: `{declared.variable}` is {declared.type}: say with `values:` what its codes mean."
                )
            return None
        kind = _kind_of_meaning(declared, combine)
        by_code = _by_code(values, f"{where}, values")
        return {code: _meaning(meaning, kind, declared, where) for code, meaning in by_code.items()}

    def _asked_if(self, entry: Mapping[str, Any], where: str) -> str | None:
        """Return the skip rule: an expression, or the one that `skips:` has under that name."""
        rule = entry.get("asked_if")
        skips = mapping_at(self.file.data.get("skips"), self.file.where("skips"))
        if rule is None or rule in skips:
            return None if rule is None else str(skips[rule])
        if str(rule).isidentifier() and str(rule) not in self.file.data["variables"]:
            near = did_you_mean(str(rule), [*skips, *self.file.data["variables"]])
            raise StudyError(
                f"{where}: asked_if `{rule}` is neither a rule under `skips:` nor a variable of this codebook.{near}\n"
                f"Rules under `skips:`: {', '.join(map(str, skips)) or 'none'}."
            )
        return str(rule)

    @staticmethod
    def _blank(entry: Mapping[str, Any], declared: Variable, where: str, combine: str | None) -> Any:
        """Return what a blank cell of an asked firm stands for (an unticked box is no); None when it is missing."""
        if "blank" not in entry:
            return None
        if entry["blank"] in MISSING_KINDS:
            raise StudyError(
                f"{where}: `blank: {entry['blank']}` is a kind of missing.\n"
                f'Write `missing: {{"": {entry["blank"]}}}` for it; `blank:` is for an answer.'
            )
        return _meaning(entry["blank"], _kind_of_meaning(declared, combine), declared, where)

    def _missing(self, entry: Mapping[str, Any], values: Mapping[str, Any], where: str) -> dict[str, str]:
        """Return code → kind of missing, the file's codes among them. StudyError for a code that is an answer, too."""
        kinds = {
            **_by_code(self.file.data.get("missing"), f"{self.file.where('missing')}, missing"),
            **_by_code(entry.get("missing"), f"{where}, missing"),
        }
        for kind in kinds.values():
            fail_if_not_one_of(str(kind), MISSING_KINDS, f"{where}, kind of missing")
        both = [code or "blank" for code, kind in kinds.items() if values.get(code, kind) != kind]
        if both:
            raise StudyError(
                f"{where}: `missing:` says that {', '.join(both)} is no answer, `values:` says what it means.\n"
                "Take the code out of one of them; `missing:` at the top of the codebook holds for every variable."
            )
        return {code: str(kind) for code, kind in kinds.items()}

    def _factor(self, entry: Mapping[str, Any], declared: Variable, where: str) -> float:
        factor = entry.get("multiply", 1.0)
        if isinstance(factor, bool) or not isinstance(factor, int | float) or factor == 0:
            raise StudyError(f"{where}: `multiply: {factor}` is no factor.\nGive a number, such as 100 or 0.001.")
        factor = float(factor)
        if "unit" not in entry or declared.type not in ("int", "float"):
            return factor
        fail_if_not_one_of(entry["unit"], UNITS, f"{where}, unit")
        if self.table == "survey" and declared.unit != "currency_million":
            raise StudyError(
                f"{where}: `unit` is for amounts of money; `{declared.variable}` is in {declared.unit or 'no unit'}.\n"
                "Use `multiply:` for a factor."
            )
        return factor * UNITS[entry["unit"]]


def _given_values(entry: Mapping[str, Any], declared: Variable) -> Any:
    """Return the entry's `values`; a constant level or truth value means itself."""
    if "constant" in entry and declared.type in ("bool", "enum"):
        return entry.get("values", {entry["constant"]: entry["constant"]})
    return entry.get("values")


def _by_code(entry: Any, where: str) -> dict[str, Any]:
    """Return a map by code as text. StudyError for a code that stands twice in different writings (1, "1", 1.0)."""
    by_code: dict[str, Any] = {}
    for code, meaning in mapping_at(entry, where).items():
        text = code_text(code)
        if text in by_code:
            raise StudyError(
                f"{where}: the code {text} stands twice; 1, 1.0 and '1' are one code.\nKeep one of the two entries."
            )
        by_code[text] = meaning
    return by_code


def _list_at(entry: Any, where: str) -> list[Any]:
    if not isinstance(entry, list) or (not entry and where.endswith("columns")):
        raise StudyError(f"{where}: expected a list, such as [a, b], not `{entry}`.")
    return entry


def _constant(value: Any, where: str) -> str:
    if value is None or isinstance(value, list | dict):
        raise StudyError(f"{where}: `constant` is one value, the same for every row.")
    return code_text(value)


def _column_name(column: Any, where: str) -> str:
    """Return the raw column's name as the readers write it: one line, single blanks."""
    if column is None or isinstance(column, list | dict) or not str(column).strip():
        raise StudyError(f"{where}: a column is one name.\nPut a name with a comma or colon in quotes.")
    return name_on_one_line(column)


def _kind_of_meaning(declared: Variable, combine: str | None) -> VariableType:
    """Return the type that one column's codes stand for: a truth value where several columns make one answer."""
    return "bool" if combine in ("multi", "any") and declared.type in ("multi", "bool") else declared.type


def _meaning(meaning: Any, kind: VariableType, declared: Variable, where: str) -> Any:
    """Return what a code stands for: a kind of missing, a truth value, a level or a number."""
    if isinstance(meaning, str) and meaning in MISSING_KINDS:
        return meaning
    if kind == "bool":
        if not isinstance(meaning, bool):
            raise StudyError(
                f"{where}: `{meaning}` is neither true, false nor a kind of missing ({', '.join(MISSING_KINDS)})."
            )
        return meaning
    if kind in ("enum", "multi"):
        fail_if_not_one_of(str(meaning), declared.levels, f"{where}, level")
        return str(meaning)
    if kind in ("int", "float"):
        if isinstance(meaning, bool) or not isinstance(meaning, int | float):
            raise StudyError(
                f"{where}: `{meaning}` is neither a number nor a kind of missing ({', '.join(MISSING_KINDS)})."
            )
        return float(meaning)
    return str(meaning)
