"""From a raw data set to a slice: variables under their names, codes as levels, keys, derived variables, design.

A slice is what the models of a survey are fitted on; here it has one group, `all`, and every row is a firm in a wave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from innosurvey import expressions
from innosurvey.certificate.columns import as_category, as_key, as_number_or_text, has_decimal_commas
from innosurvey.certificate.data import MADE, DataSpec, VariableSpec
from innosurvey.certificate.expect import fail_if_not_as_expected
from innosurvey.errors import DataError, StudyError, did_you_mean

EVERYONE = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A data set as a slice, and the one row that tells of it."""

    firms: pd.DataFrame
    told: pd.DataFrame


def prepare(raw: pd.DataFrame | str, spec: DataSpec, version: str, needs: Mapping[str, Sequence[str]]) -> Prepared:
    """Return the slice of a data set, with the variables that models need (`needs`: by where a model is declared).

    `raw` is the reason where the data set could not be had: the slice then has no row. Raises DataError for a column
    that is not there, a code without a level, a firm that stands twice in a wave, and where the data are not as
    `expect:` says.
    """
    if isinstance(raw, str):
        return Prepared(firms=_slice_of(pd.DataFrame(), spec), told=_told(spec, version, status=f"not run: {raw}"))
    raw = _long(raw.rename(columns=str), spec)
    table = _named(raw, spec)
    fail_if_not_as_expected(table, raw, spec)
    table = _derived(table, spec)
    _fail_if_models_need_others(table, needs, spec)
    firms = _slice_of(table, spec)
    _fail_if_rows_repeat(firms, spec)
    _fail_if_waves_have_a_population(firms, spec)
    told = _told(spec, version, rows=len(firms), firms=firms["firm_id"].nunique(), waves=firms["wave"].nunique())
    _fail_if_size_differs(told.iloc[0], spec)
    wanted = {name for names in needs.values() for name in names}
    others = [name for name in table.columns if name not in wanted]
    return Prepared(firms=firms.drop(columns=[name for name in others if name not in MADE], errors="ignore"), told=told)


def _long(raw: pd.DataFrame, spec: DataSpec) -> pd.DataFrame:
    """Return a wide data set with a row for each wave; the other columns repeat."""
    if not spec.long:
        return raw
    _fail_if_columns_absent(
        {f"long.{name}": column for name, columns in spec.long.items() for column in columns.values()}, raw, spec
    )
    taken = {column for columns in spec.long.values() for column in columns.values()}
    rest = raw.drop(columns=sorted(taken))
    waves = list(next(iter(spec.long.values())))
    parts = []
    for wave in waves:
        made: dict[str, Any] = {"_row": range(1, len(raw) + 1), spec.wave or "year": wave}
        made |= {name: raw[columns[wave]] for name, columns in spec.long.items()}
        parts.append(rest.assign(**made))
    return pd.concat(parts, ignore_index=True)


def _named(raw: pd.DataFrame, spec: DataSpec) -> pd.DataFrame:
    """Return the columns under the names of their variables: those that are declared, and all others as they are.

    A column that was given another name is no longer there under its own: a wrong name would be used by mistake.
    """
    declared = {variable.name: variable for variable in spec.variables}
    _fail_if_columns_absent({f"variables.{name}": one.column for name, one in declared.items()}, raw, spec)
    renamed = {one.column for one in declared.values() if one.column != one.name} - {
        one.column for one in declared.values() if one.column == one.name
    }
    others = [column for column in raw.columns if column not in declared and column not in renamed]
    hidden = [
        name for name, one in declared.items() if one.column != name and name in raw.columns and name not in renamed
    ]
    if hidden:
        raise StudyError(
            f"{spec.where}.variables.{hidden[0]}: {spec.called} has another column of this name.\n"
            f"Declare that column under another name, too, or give {declared[hidden[0]].column} another."
        )
    columns = {name: _column(raw[one.column], one, spec) for name, one in declared.items()}
    columns |= {name: as_number_or_text(raw[name], spec) for name in others}
    return pd.DataFrame(columns, index=raw.index)


def _column(cells: pd.Series, variable: VariableSpec, spec: DataSpec) -> pd.Series:
    where = f"{spec.where}.variables.{variable.name}"
    if variable.kind == "category":
        return as_category(cells, variable.levels, spec, where)
    column = as_number_or_text(cells, spec)
    if variable.kind == "number" and not pd.api.types.is_numeric_dtype(column):
        strange = int(pd.to_numeric(column.dropna(), errors="coerce").isna().sum())
        raise DataError(
            f"{where}: {strange} cells of the column {variable.column} are no numbers.\n"
            "Name codes that stand for no answer under `missing:`, or declare it `as: category`."
        )
    return column


def _derived(table: pd.DataFrame, spec: DataSpec) -> pd.DataFrame:
    """Return the table with the derived variables beside the others."""
    for name, derived in spec.derived.items():
        where = f"{spec.where}.derived.{name}"
        if name in table.columns:
            raise StudyError(f"{where}: {spec.called} has a column of this name.\nGive the derived one another name.")
        expressions.fail_if_unknown_names(derived.rule or "", {*table.columns, *spec.derived}, where)
        values = expressions.evaluate(derived.rule or "", table, where)
        table = table.assign(**{name: values.astype("float64") if values.dtype == "boolean" else values})
    return table


def _slice_of(table: pd.DataFrame, spec: DataSpec) -> pd.DataFrame:
    """Return the table with keys, group and design columns, sorted by wave and firm."""
    rows, design = len(table), spec.design
    _fail_if_columns_absent(
        {f"keys.{key}": name for key, name in (("firm", spec.firm), ("wave", spec.wave)) if name}
        | {f"design.{key}": name for key, name in design.items()},
        table if rows else None,
        spec,
    )
    numbered = pd.Series(range(1, rows + 1), index=table.index)
    firm = table[spec.firm] if rows and spec.firm else table.get("_row", numbered)
    wave = table[spec.wave] if rows and spec.wave else pd.Series(1, index=table.index)
    wave = firm.groupby(firm).cumcount() + 1 if rows and spec.numbered else wave
    stratum = table[design["stratum"]].astype("str") if rows and "stratum" in design else _all_alike(table, EVERYONE)
    weight = table[design["weight"]].astype("float64") if rows and "weight" in design else _all_alike(table, 1.0)
    population = table[design["population"]] if rows and "population" in design else _all_alike(table, pd.NA)
    sampled = firm.groupby([wave, stratum]).transform("nunique") if rows else _all_alike(table, 0)
    pooled = firm.groupby(stratum).transform("nunique") if rows else _all_alike(table, 0)
    made: Mapping[str, Any] = {
        "firm_id": as_key(firm),
        "wave": as_key(wave),
        "group": EVERYONE,
        "stratum_id": stratum.astype("str"),
        "pop_n_stratum": population.astype("Int64"),
        "sample_n_stratum": sampled.astype("int64"),
        "weight_design": weight,
        "weight_final": weight,
        "certainty": False,
        "pooled_stratum": stratum.astype("str"),
        "pooled_stratum_n": pooled.astype("int64"),
    }
    others = table.drop(columns=["_row", *MADE], errors="ignore")
    return (
        pd.concat([pd.DataFrame(made, index=table.index), others], axis=1)
        .sort_values(["wave", "firm_id"], kind="stable")
        .reset_index(drop=True)
    )


def _all_alike(table: pd.DataFrame, value: Any) -> pd.Series:
    return pd.Series([value] * len(table), index=table.index, dtype=object if value is pd.NA else None)


def _told(spec: DataSpec, version: str, **counts: Any) -> pd.DataFrame:
    """Return the row that tells of a data set: where it is from, its size, how many of its columns have a contract."""
    expected = sum(variable.expect != type(variable.expect)() for variable in spec.variables)
    row = {
        "data": spec.id,
        "source": spec.package or "file",
        "name": spec.name or spec.file,
        "version": version,
        "rows": 0,
        "firms": 0,
        "waves": 0,
        "contracts": expected,
        "status": "ok",
        **counts,
    }
    return pd.DataFrame([row])


def _fail_if_models_need_others(table: pd.DataFrame, needs: Mapping[str, Sequence[str]], spec: DataSpec) -> None:
    """Raise a StudyError for the variables that models name and the data set does not have, with the near names."""
    known = [str(name) for name in table.columns if name != "_row" and name not in MADE]
    lines = [
        f"  - {where}.model: {name}.{_reserved(name, table) or did_you_mean(name, known)}"
        for where, names in needs.items()
        for name in names
        if name not in known
    ]
    if lines:
        listed = "\n".join(lines)
        raise StudyError(
            f"{spec.where}: models name variables that {spec.called} does not have:\n{listed}\n"
            f"It has: {', '.join(known)}."
        )
    commas = [
        name
        for name in dict.fromkeys(one for names in needs.values() for one in names)
        if has_decimal_commas(table[name])
    ]
    if commas:
        raise DataError(
            f"{spec.where}: {spec.called} has numbers with a decimal comma: {', '.join(commas)}.\n"
            'Say so: `reading: {decimal: ","}`; or declare a column `as: category`.'
        )


def _reserved(name: str, table: pd.DataFrame) -> str:
    """Return the hint at a column whose name means something else in a slice."""
    if name not in MADE or name not in table.columns:
        return ""
    return f" Every slice has a column of this name: give this one another, as in `variables: {{my_{name}: {name}}}`."


def _fail_if_columns_absent(asked: Mapping[str, str], table: pd.DataFrame | None, spec: DataSpec) -> None:
    """Raise a DataError that names every column that is asked for and not there, with the near names."""
    absent = {key: name for key, name in asked.items() if table is not None and name not in table.columns}
    if absent and table is not None:
        lines = [f"{key}: {name}.{did_you_mean(name, table.columns)}" for key, name in absent.items()]
        listed = "\n".join(f"  - {line}" for line in lines)
        raise DataError(
            f"{spec.where}: columns that {spec.called} does not have:\n{listed}\n"
            f"It has: {', '.join(str(name) for name in table.columns if name != '_row')}."
        )


def _fail_if_rows_repeat(firms: pd.DataFrame, spec: DataSpec) -> None:
    repeated = int(firms.duplicated(["firm_id", "wave"]).sum())
    if repeated:
        raise DataError(
            f"{spec.where}.keys: {repeated} rows repeat firm ({spec.firm or 'row number'}) and wave "
            f"({spec.wave or 'none'}) of another.\n"
            "Name the columns that tell the rows apart. Without `keys:` every row is a firm of its own; "
            "`keys: {firm: …, numbered: true}` numbers the rows of groups that have no year."
        )


def _fail_if_waves_have_a_population(firms: pd.DataFrame, spec: DataSpec) -> None:
    if "population" in spec.design and len(set(firms["wave"])) > 1:
        raise StudyError(
            f"{spec.where}.design.population: the rows of a firm are drawn together, and over several of them the "
            "correction for a finite population is not computed.\n"
            "Take `population` out: the errors are then those of a design without it."
        )


def _fail_if_size_differs(told: pd.Series, spec: DataSpec) -> None:
    asked = {"rows": spec.rows, "firms": spec.firms, "waves": spec.waves}
    other = [
        f"{told[name]:,} {name}, not {count:,}" for name, count in asked.items() if count not in (None, told[name])
    ]
    if other:
        raise DataError(
            f"{spec.where}.expect: {spec.called} has {'; '.join(other)}.\n"
            "It is another edition or cut off: get the one that the case was declared with, or correct `expect:`."
        )
