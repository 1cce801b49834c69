"""`datapackage.json`: what is published, and what stands behind it, described for machines (Data Package, version 2).

Resources are the published tables, with size, checksum and the types of their columns; then, without data, the tables
that their numbers come from (`workflow/schemas/tables.yaml`) and the microdata as the dictionary declares them, which
are not shipped: whoever asks the owner for them knows what they will get.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from innosurvey.dictionary import MADE_BY_THE_PIPELINE, MISSING_KINDS, Dictionary, Variable

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {"text": "string", "integer": "integer", "number": "number", "truth": "boolean", "date": "date"}
"""Types of `tables.yaml` as the Data Package names them."""
VARIABLE_TYPES = {
    "string": "string", "int": "integer", "float": "number", "bool": "boolean", "enum": "string", "multi": "string",
    "date": "date",
}  # fmt: skip
KEPT_BACK = "Not shipped: described only."
_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def data_package(
    published: Mapping[str, bytes], contracts: Mapping[str, Any], dictionary: Dictionary, study: Mapping[str, Any]
) -> str:
    """Return the package as JSON: `published` tables by path, `contracts` of the tables behind them by name.

    `study` has name, title, release, attribution, synthetic, version, sources (file → sha256) and perhaps licence.
    """
    tables = {name: content for name, content in published.items() if name.endswith(".csv")}
    resources = [
        *(_shipped(name, content) for name, content in sorted(tables.items())),
        *(_estimates(name, contract) for name, contract in contracts.items()),
        _microdata(dictionary, study),
    ]
    package = {
        "$schema": PROFILE,
        "name": _name(study["name"]),
        "title": study["title"],
        "description": "Made by innosurvey." + (" Synthetic data: no firm exists." if study["synthetic"] else ""),
        "version": study["release"],
        "licenses": [study["licence"]] if study.get("licence") else None,
        "sources": [
            {"title": file, "hash": f"sha256:{checksum}"} for file, checksum in sorted(study["sources"].items())
        ],
        "contributors": [{"title": study["attribution"]}],
        "resources": resources,
    }
    return json.dumps(_filled(package), ensure_ascii=False, indent=1) + "\n"


def _shipped(path: str, content: bytes) -> dict[str, Any]:
    """Return a published table with the types that its cells have."""
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    fields = [{"name": name, "type": _type(row[place] for row in rows)} for place, name in enumerate(_different(head))]
    return {
        "name": _name(path.removesuffix(".csv")),
        "path": path,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _type(cells: Iterable[str]) -> str:
    filled = [cell for cell in cells if cell]
    if filled and all(_INTEGER.fullmatch(cell) for cell in filled):
        return "integer"
    return "number" if filled and all(_NUMBER.fullmatch(cell) for cell in filled) else "string"


def _different(names: Sequence[str]) -> list[str]:
    """Return column names of which none is blank or stands twice."""
    taken: dict[str, int] = {}
    found = []
    for place, name in enumerate(names, start=1):
        name = name or f"column {place}"
        taken[name] = taken.get(name, 0) + 1
        found.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return found


def _estimates(name: str, contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table of estimates by its contract."""
    fields = [_field(column, rule) for column, rule in contract["columns"].items()]
    schema = {"fields": fields, "primaryKey": list(contract.get("unique", ())), "missingValues": [""]}
    return {
        "name": f"estimates-{_name(name)}",
        "type": "table",
        "description": f"{KEPT_BACK} The numbers of the published tables are cleared rows of it: see tables/trace.csv.",
        "data": [],
        "schema": schema,
    }


def _field(name: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    limits = {"minimum": rule.get("minimum"), "maximum": rule.get("maximum"), "enum": rule.get("levels")}
    return {
        "name": name,
        "type": TYPES[rule["type"]],
        "constraints": {"required": not rule.get("empty", False)} | limits,
    }


def _microdata(dictionary: Dictionary, study: Mapping[str, Any]) -> dict[str, Any]:
    """Return the microdata as the dictionary declares them: each variable, and behind it why a value is lacking."""
    fields = [field for variable in dictionary.values() for field in _declared(variable)]
    return {
        "name": "firms",
        "type": "table",
        "description": (
            f"{KEPT_BACK} One row per firm and wave. Owner: {study['attribution']}. A variable is blank where its "
            "flag is a kind of missing."
        ),
        "data": [],
        "schema": {"fields": fields, "primaryKey": ["firm_id", "wave"], "missingValues": [""]},
    }


def _declared(variable: Variable) -> list[dict[str, Any]]:
    limits = {
        "minimum": variable.minimum,
        "maximum": variable.maximum,
        "enum": list(variable.levels) if variable.type == "enum" else None,
    }
    several = f"; several of: {', '.join(variable.levels)}, joined by |" if variable.type == "multi" else ""
    said = {
        "name": variable.variable,
        "title": variable.label_en or variable.variable,
        "type": VARIABLE_TYPES[variable.type],
        "description": f"{variable.label_ko or variable.label_en}{several}",
        "unit": variable.unit,
        "status": variable.status,
        "constraints": limits,
    }
    if variable.variable in ("firm_id", *MADE_BY_THE_PIPELINE):
        return [{**said, "constraints": limits | {"required": variable.variable in ("firm_id", "wave") or None}}]
    flag = {
        "name": f"{variable.variable}_flag",
        "type": "string",
        "constraints": {"enum": ["observed", "corrected", "imputed", *MISSING_KINDS, "not_collected"]},
    }
    return [said, flag]


def _name(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-")


def _filled(value: Any) -> Any:
    """Return the value without entries that say nothing."""
    if isinstance(value, Mapping):
        kept = {key: _filled(entry) for key, entry in value.items() if entry is not None and entry != ""}
        return {key: entry for key, entry in kept.items() if entry or key not in ("constraints", "primaryKey", "unit")}
    return [_filled(entry) for entry in value] if isinstance(value, list) else value
