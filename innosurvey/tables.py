"""The one module that reads and writes the pipeline's tables, each against its contract (`files` has texts and bytes).

Contracts stand in `workflow/schemas/tables.yaml`: a table's columns with their types, whether they may be empty, and
their allowed values. They are checked when a table is read and before it is written, so that a stage never passes on
what the next can't use. A run that dies leaves no half table (`files.replacing`).
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from innosurvey import contract, dictionary, files, yamlfile
from innosurvey.errors import DataError, bullets

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / "workflow" / "schemas" / "tables.yaml"
FLOAT_FORMAT = "%.10g"
"""Digits that are equal on every processor; the last bits are not."""
ROUNDING = 1e-9
"""What a share may pass its bound by."""


class ContractBreach(RuntimeError):
    """A table that is not what the next stage was promised: a fault of its writer, not of the researcher."""


_COLUMN_BY_COLUMN = {"split_blocks": True, "self_destruct": True}
"""A wide table is handed over a column at a time: putting columns of a type together would copy them all."""
_CSV_DTYPES = {"text": "str", "integer": "Int64", "number": "float64", "truth": "boolean"}
_IS_TYPE = {
    "text": lambda column: (
        pd.api.types.is_string_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype) or column.isna().all()
    ),
    "integer": lambda column: pd.api.types.is_integer_dtype(column) or column.isna().all(),
    "number": lambda column: pd.api.types.is_numeric_dtype(column) or column.isna().all(),
    "truth": lambda column: pd.api.types.is_bool_dtype(column) or column.isna().all(),
    "date": pd.api.types.is_datetime64_any_dtype,
}


def read(name: str, path: str | Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the table at `path`, checked against the contract `name`.

    With `columns` only those of them that the table has are read (and checked): the rest of a wide table costs nothing.
    """
    if Path(path).suffix == ".parquet":
        present = None if columns is None else _those_present(columns, path)
        frame = pd.read_parquet(path, engine="pyarrow", columns=present, to_pandas_kwargs=_COLUMN_BY_COLUMN)
    else:
        chosen = None if columns is None else columns.__contains__
        frame = pd.read_csv(path, dtype=_dtypes(name), keep_default_na=False, na_values=[""], usecols=chosen)
    fail_if_contract_is_broken(name, frame, str(path), columns)
    return frame


def _those_present(columns: Sequence[str], path: str | Path) -> list[str]:
    """Return those of the columns that a parquet file has, in the order given, each once."""
    from pyarrow import parquet

    has = set(parquet.read_schema(path).names)
    return [column for column in dict.fromkeys(columns) if column in has]


def empty(name: str) -> pd.DataFrame:
    """Return the table of the contract `name` without rows, its columns typed as they would be when read."""
    return pd.DataFrame({column: pd.Series(dtype=dtype) for column, dtype in _dtypes(name).items()})


def write(name: str, frame: pd.DataFrame, path: str | Path, declared: dictionary.Dictionary | None = None) -> None:
    """Check the table against the contract `name` and write it in one move (parquet or CSV, by the ending).

    With `declared` its variables are held against the dictionary as well: types, levels, flags, and ranges where the
    contract says `bounded`.
    """
    fail_if_contract_is_broken(name, frame, str(path))
    if declared is not None:
        _fail_if_breached(name, str(path), contract.breaches(frame, declared, bounded=_is_bounded(name)))
    if Path(path).suffix == ".parquet":
        with files.replacing(path) as temporary:
            frame.to_parquet(temporary, index=False, compression="zstd")
    else:
        text = frame.to_csv(index=False, float_format=FLOAT_FORMAT, lineterminator="\n", na_rep="")
        files.write_text(text, path)


def read_if_any(name: str, paths: Sequence[str], columns: Sequence[str] | None = None) -> pd.DataFrame | None:
    """Return the first of the tables, or None where a rule's optional input is empty."""
    return read(name, paths[0], columns) if len(paths) else None


def read_keyed(
    name: str,
    keys: Sequence[str],
    paths: Sequence[str],
    columns: Mapping[str, Sequence[str]] | Sequence[str] | None = None,
) -> dict[str, pd.DataFrame]:
    """Return several tables of one contract by key, in the order of `keys`; `columns` as in `read`, or by key.

    By key, the whole of a table that lacks one of its columns is read, so that it can be said what it has.
    """
    if not isinstance(columns, Mapping):
        return {key: read(name, path, columns) for key, path in zip(keys, paths, strict=True)}
    found = {}
    for key, path in zip(keys, paths, strict=True):
        wanted = columns.get(key)
        lacks = wanted is not None and len(_those_present(wanted, path)) < len(set(wanted))
        found[key] = read(name, path, None if lacks else wanted)
    return found


def read_named(names: Sequence[str], paths: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return several tables, each read against the contract of its own name."""
    return {name: read(name, path) for name, path in zip(names, paths, strict=True)}


def write_each(name: str, frames: Sequence[pd.DataFrame], paths: Sequence[str], threads: int = 1) -> None:
    """Write several tables of one contract, each to its path, as many at a time as there are threads."""
    with ThreadPoolExecutor(threads) as workers:
        for written in [workers.submit(write, name, *each) for each in zip(frames, paths, strict=True)]:
            written.result()


def write_named(frames: Mapping[str, pd.DataFrame], paths: Mapping[str, str]) -> None:
    """Write several tables, each under the contract of its name, to the path of its name."""
    for name, frame in frames.items():
        write(name, frame, paths[name])


def read_codelist(path: str | Path) -> pd.DataFrame:
    """Return a code list: all columns as text, blanks as empty text. DataError for a file that is no table."""
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file.\nCorrect its name in the study's configuration.") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not utf-8 text (byte {error.start}).\nSave it as CSV in UTF-8.") from None
    except pd.errors.EmptyDataError:
        raise DataError(f"{path}: the file is empty.\nFetch it again from its source.") from None
    except pd.errors.ParserError as error:
        what = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        raise DataError(
            f"{path}: no table parted by commas ({what}).\n"
            "The first line names the columns: take out notes above it, and put a cell that holds a comma in quotes."
        ) from None
    if len(table.columns) == 1 and (sign := next((sign for sign in ";\t" if sign in table.columns[0]), None)):
        raise DataError(f"{path}: the columns are parted by {sign!r}.\nSave it as CSV with commas and decimal points.")
    return table


def read_totals(paths: Sequence[str]) -> pd.DataFrame | None:
    """Return a file of totals (CSV, all columns as text), None where a rule's optional input is empty."""
    return read_codelist(paths[0]) if len(paths) else None


def read_codelists(paths: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return code lists by the names of their files."""
    return {Path(path).stem: read_codelist(path) for path in paths}


def read_references(paths: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return reference files (crosswalks, price series) by their paths: all columns as text, blanks as empty text."""
    return {path: read_codelist(path) for path in paths}


def fail_if_contract_is_broken(
    name: str, frame: pd.DataFrame, where: str, columns: Sequence[str] | None = None
) -> None:
    """Raise a ContractBreach that lists every breach of the contract `name` (of `columns` only, where they are given),
    as columns and counts.
    """
    promised = _contracts().get(name)
    if promised is None:
        raise KeyError(f"no contract `{name}` in workflow/schemas/tables.yaml")
    rules = {column: rule for column, rule in promised["columns"].items() if columns is None or column in columns}
    breaches = [breach for column, rule in rules.items() for breach in _breaches(frame, column, rule)]
    if not promised.get("open"):
        breaches += [
            f"{column}: not a column of this table" for column in frame.columns if column not in promised["columns"]
        ]
    optional = [column for column, rule in promised["columns"].items() if rule.get("optional")]
    keys = [key for key in promised.get("unique", []) if key in frame.columns or key not in optional]
    checkable = keys and not breaches and all(key in frame.columns for key in keys)
    if checkable and (repeated := int(frame.duplicated(keys).sum())):
        breaches.append(f"{repeated} rows repeat the key {', '.join(keys)}")
    _fail_if_breached(name, where, breaches)


def _fail_if_breached(name: str, where: str, breaches: Sequence[str]) -> None:
    if breaches:
        raise ContractBreach(
            f"{where} breaks the contract of the table `{name}`:\n{bullets(breaches)}\n"
            "The stage that wrote it has a fault, or the file was edited."
        )


def _is_bounded(name: str) -> bool:
    """Tell whether the values of a table have been edited into the ranges that the dictionary declares."""
    return bool(_contracts()[name].get("bounded"))


def _breaches(frame: pd.DataFrame, name: str, rule: Mapping[str, Any]) -> list[str]:
    if name not in frame.columns:
        return [] if rule.get("optional") else [f"{name}: the column is absent"]
    column = frame[name]
    found = []
    if not _IS_TYPE[rule["type"]](column):
        found.append(f"{name}: {column.dtype} where {rule['type']} is expected")
    if not rule.get("empty", False) and (blanks := int(column.isna().sum())):
        found.append(f"{name}: {blanks} empty cells")
    if "levels" in rule and (strange := int((~column.dropna().isin(rule["levels"])).sum())):
        found.append(f"{name}: {strange} cells are none of {', '.join(rule['levels'])}")
    if "minimum" in rule and not found and (low := int((column.dropna() < rule["minimum"] - ROUNDING).sum())):
        found.append(f"{name}: {low} cells below {rule['minimum']}")
    if "maximum" in rule and not found and (high := int((column.dropna() > rule["maximum"] + ROUNDING).sum())):
        found.append(f"{name}: {high} cells above {rule['maximum']}")
    return found


@cache
def _contracts() -> dict[str, Any]:
    return yamlfile.read(CONTRACTS).data


def _dtypes(name: str) -> dict[str, Any]:
    """Return the dtypes of a CSV table's columns by its contract: '01' stays text, whole numbers may have gaps."""
    columns = _contracts().get(name, {"columns": {}})["columns"]
    return {column: _CSV_DTYPES[rule["type"]] for column, rule in columns.items() if rule["type"] in _CSV_DTYPES}
