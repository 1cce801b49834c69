"""Whether a configuration has the shape that its schema asks for: every breach with its file and line, its place and
the near name of a misspelt key.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from innosurvey import yamlfile
from innosurvey.errors import StudyError, bullets, did_you_mean

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.yaml"


def fail_if_shape_is_wrong(config: Mapping[str, Any], name: str, files: Sequence[yamlfile.YamlFile] = ()) -> None:
    """Raise a StudyError with every breach of the schema; its line is looked up in the `files` that the configuration
    was read from, the uppermost last.
    """
    found = sorted(_validator().iter_errors(config), key=lambda error: [str(part) for part in error.absolute_path])
    breaches = [f"{place_of(_path_of(error), files)}{_said_plainly(error)}" for error in found]
    if breaches:
        raise StudyError(
            f"{name}: {len(breaches)} entries are not as workflow/schemas/config.schema.yaml asks:\n{bullets(breaches)}"
        )


def place_of(path: Sequence[str], files: Sequence[yamlfile.YamlFile]) -> str:
    """Return `<file> line <n>: ` of an entry, in the uppermost file that has it, or else its nearest parent; nothing
    where no file has any of it.
    """
    for length in range(len(path), 0, -1):
        for file in reversed(files):
            if tuple(path[:length]) in file.lines:
                return f"{file.where(*path[:length])}: "
    return ""


def _path_of(error: Any) -> list[str]:
    """Return the path of keys to what breaks the schema: to the first key that it does not know, where that is it."""
    path = [str(part) for part in error.absolute_path]
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        path += [str(key) for key in error.instance if key not in known][:1]
    return path


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(yamlfile.read(SCHEMA).data)


def _said_plainly(error: Any) -> str:
    place = ".".join(str(part) for part in error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        letters = "letters, digits, - and _" if "\\w" in error.validator_value else "lower-case letters, digits and _"
        return f"{place}: `{error.instance}` is no name: use {letters}, since files are named after it"
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        strange = [key for key in error.instance if key not in known]
        return "; ".join(
            f"{place + '.' if place else ''}{key}: unknown key.{did_you_mean(key, known)}" for key in strange
        )
    if error.validator == "required":
        # The validator reports each missing key on its own, and only in its message.
        missing = error.message.split("'")[1]
        return f"{place or 'the top level'}: the key `{missing}` is missing"
    if error.validator == "dependentRequired":
        missing, needed_by = error.message.split("'")[1::2]
        return f"{place}: the key `{missing}` is missing, which goes with `{needed_by}`"
    if error.validator == "enum":
        allowed = error.validator_value
        near = did_you_mean(str(error.instance), allowed)
        return f"{place}: `{error.instance}` is not one of {', '.join(map(str, allowed))}.{near}"
    return f"{place}: {error.message}"
