"""Write docs/reference.md from what the program itself reads: `make docs`.

Not a step of the workflow. Schemas, dictionary, edits and the expression language are the source, docs/reference.md.j2
is the page's form. With --check it only says whether the committed page is up to date.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innosurvey import files, yamlfile  # noqa: E402 - the checkout need not be installed
from innosurvey.expressions import FUNCTIONS  # noqa: E402
from innosurvey.expressions.functions import FUNCTIONS_BY_NAME  # noqa: E402

PAGE = ROOT / "docs/reference.md"
KINDS = {"object": "map", "string": "text", "boolean": "true or false", "integer": "whole number", "": "any"}
TEXTS = "#/$defs/texts"


def main() -> None:
    if "--check" not in sys.argv:
        PAGE.write_text(reference(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != reference():
        sys.exit("docs/reference.md is not up to date: run make docs.")


def reference() -> str:
    """Return the page."""
    form = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    form.filters |= {"row": row, "code": code, "listed": listed, "bounds": bounds}
    schema = load("workflow/schemas/config.schema.yaml")
    return form.from_string((ROOT / "docs/reference.md.j2").read_text(encoding="utf-8")).render(
        keys=list(keys(schema, schema["$defs"])),
        tables=load("workflow/schemas/tables.yaml"),
        variables=files.read_dictionary(ROOT / "resources/dictionary/variables.csv"),
        derived=load("resources/dictionary/derived.yaml")["derived"],
        edits=load("resources/edits/hard.yaml")["edits"],
        localisation=load("resources/edits/hard.yaml")["localisation"],
        checks=load("resources/edits/soft.yaml")["screen"],
        functions={name: (*bounds_of, FUNCTIONS_BY_NAME[name].__doc__) for name, bounds_of in FUNCTIONS.items()},
    )


def load(path: str) -> dict[str, Any]:
    return yamlfile.read(ROOT / path).data


def keys(node: Mapping[str, Any], named: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, bool, str, str]]:
    """Yield path, whether it must be there, kind of value and description of each key below a node of the schema."""
    for name, entry in below(node):
        full = {**named.get(str(entry.get("$ref", "")).rsplit("/", 1)[-1], {}), **entry}
        place = f"{path}.{name}".lstrip(".")
        if name != "<id>" or "description" in entry:
            yield place, name in node.get("required", []), kind_of(full), full.get("description", "")
        if entry.get("$ref") != TEXTS:  # its keys are languages
            for part in (full, *full.get("oneOf", [])):
                yield from keys(part, named, place)


def below(node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from node.get("properties", {}).items()
    if isinstance(node.get("additionalProperties"), dict):
        yield "<id>", node["additionalProperties"]


def kind_of(entry: Mapping[str, Any]) -> str:
    if "enum" in entry:
        return " or ".join(code(value) for value in entry["enum"])
    if "oneOf" in entry:
        return " or ".join(kind_of(choice) for choice in entry["oneOf"])
    if entry.get("type") == "array":
        return f"list of {kind_of(entry['items'])}" if "items" in entry else "list"
    kinds = entry.get("type", "")
    return " or ".join(KINDS.get(kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def row(cells: Iterable[object]) -> str:
    """Return a row of a table: line ends become spaces, bars are escaped."""
    return "| " + " | ".join(" ".join(str(cell or "").split()).replace("|", "\\|") for cell in cells) + " |"


def code(value: object) -> str:
    return f"`{value}`" if value not in (None, "") else ""


def listed(values: Iterable[object]) -> str:
    return ", ".join(code(value) for value in values)


def bounds(low: float | None, high: float | None) -> str:
    parts = [f"{sign} {value:g}" for sign, value in (("≥", low), ("≤", high)) if value is not None]
    return ", ".join(parts)


if __name__ == "__main__":
    main()
