"""The replication package of a study: what goes in, and what must not.

All that is needed to build the study again stands at its place in the project; beside it are what was published, a
README for those who replicate, a research object of the whole, and the checksums of all files. The guard at the end
looks at names and contents once more, whatever the steps before were told.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote, unquote

from innosurvey import crate
from innosurvey.access import Access
from innosurvey.errors import DisclosureError, StudyError, bullets
from innosurvey.provenance import RAW, SNAKEFILE

PUBLISHED = "published/"
README = "README-REPLICATION.md"
CHECKSUMS = "SHA256SUMS"
ROWS = (".parquet", ".feather")
"""Forms that firms' rows are kept in."""


def fail_if_raw_files_are_kept_back(access: Mapping[str, Access], place: str, study: str) -> None:
    """Raise a StudyError that names the raw files which may not be passed on."""
    closed = [f"{name} ({entry.how})" if entry.how else name for name, entry in access.items() if not entry.open]
    if closed:
        raise StudyError(
            f"{place}studies.{study}: {len(closed)} raw files are not declared open, so no package may hold them:\n"
            f"{bullets(closed)}\n"
            "Leave the raw files out with --without-data: the README then says how others get them. Or, if their owner "
            f"lets you pass them on, say so: `access: {{raw: open, licence: …}}` under studies.{study}."
        )


def fail_if_inputs_lie_outside(outside: Collection[str]) -> None:
    """Raise a StudyError for inputs that are not below the project's folder: nobody could build from the package."""
    if outside:
        raise StudyError(
            f"{len(outside)} inputs of the study are not in the project's folder:\n{bullets(sorted(outside))}\n"
            "Move them below it (codebooks to resources/codebooks/<study>/), and name them from there, or by a path "
            "from the project's folder, in the study file."
        )


def fail_if_confidential(contents: Mapping[str, bytes], closed: Mapping[str, str]) -> None:
    """Raise a DisclosureError for files that must not leave the house: what is below the results or holds firms' rows,
    by name, and raw files that are not open (`closed`: sha256 → file), by content, whatever their name is.
    """
    by_name = [name for name in contents if name.startswith("results/") or name.endswith(ROWS)]
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    by_content = [f"{name} is the raw file {closed[checksum]}" for name, checksum in sums.items() if checksum in closed]
    if by_name or by_content:
        raise DisclosureError(
            f"{len(by_name) + len(by_content)} files of the package must not leave the house:\n"
            f"{bullets([*by_name, *by_content])}\n"
            "No package was written. Take them out of the project's folders, or out of git."
        )


def packed_crate(published: str, contents: Mapping[str, bytes], raw: str) -> str:
    """Return the research object of the package, as JSON: that of what is published, where published files stand below
    `published/`, inputs that are in the package (raw files in the folder `raw`) are files of it, and the workflow is
    the Snakefile itself.
    """
    described = json.loads(published)
    renamed = {crate.INPUT + SNAKEFILE: SNAKEFILE, crate.WORKFLOW: SNAKEFILE}
    for entity in described["@graph"]:
        id_ = entity["@id"]
        if id_.startswith(crate.INPUT):
            name = unquote(id_.removeprefix(crate.INPUT))
            place = f"{raw}/{name.removeprefix(RAW)}" if name.startswith(RAW) else name
            if place in contents and place != SNAKEFILE:
                renamed[id_] = quote(place)
                entity.update({"@type": "File", "description": entity["description"].partition(";")[0]})
        elif entity["@type"] == "File":  # the workflow is of more types
            renamed[id_] = quote(PUBLISHED + unquote(id_))
    entities = [entity for entity in described["@graph"] if entity["@id"] != crate.INPUT + SNAKEFILE]
    graph = [_renamed(entity, renamed) for entity in entities]
    root = next(entity for entity in graph if entity["@id"] == "./")
    root["hasPart"] = [{"@id": entity["@id"]} for entity in graph if "File" in entity["@type"]]
    root["description"] += " With all that is needed to build them again."
    return json.dumps({**described, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return a value of the graph with all ids as they are now named."""
    if isinstance(value, Mapping):
        return {
            key: names.get(entry, entry) if key == "@id" else _renamed(entry, names) for key, entry in value.items()
        }
    return [_renamed(entry, names) for entry in value] if isinstance(value, list) else value


def checksums_of(contents: Mapping[str, bytes]) -> bytes:
    """Return the checksums of all files as `sha256sum --check` reads them."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(contents.items())]
    return "".join(lines).encode()
