"""`ro-crate-metadata.json`: what was run on what, and what came out of it, for machines (Workflow Run RO-Crate).

The crate is the folder of what is published. It conforms to RO-Crate 1.1 and to Workflow Run Crate 0.5: a main workflow
(a copy of the Snakefile), one action for the whole run, and one for each rule with the script as its instrument. Inputs
and what steps make on the way are named with their checksums or patterns, and are not part of the crate. There is no
clock in it: the only date is that of the data release, and actions have no end, so that the same inputs give the same
bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from innosurvey.provenance import RAW, kind_of
from innosurvey.report.outputs import output_of

FILE = "ro-crate-metadata.json"
WORKFLOW = "workflow.smk"
"""The copy of the Snakefile among what is published."""
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
BASE = "https://w3id.org/ro/crate/1.1"
WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    WORKFLOW_CRATE: ("Workflow RO-Crate", "1.0"),
}
SNAKEMAKE = "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"
OWNER, MAKER, RUN, LICENCE, CODE_LICENCE = "#owner", "#innosurvey", "#run", "#licence", "#code-licence"
INPUT, STEP, SCRIPT, MADE, PARAMETER = "#input/", "#run/", "#script/", "#made/", "#parameter/"
FORMATS = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "smk": "text/plain",
    "svg": "image/svg+xml",
    "tex": "application/x-tex",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KEPT_BACK = {
    "microdata": "firms' answers, which never leave the house",
    "estimates": "estimates, not cleared for small cells and not published",
    "checks": "parts of the last look, published together as checks.json",
}
Entity = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a crate tells of: the study (name, title, release, attribution, synthetic, version, perhaps licence), the
    inputs by name with their checksums, raw files by what the configuration calls them (`waves.2018` → file), the rules
    as `rules_behind` has them, and the versions of the packages.
    """

    study: Mapping[str, Any]
    inputs: Mapping[str, str]
    raw: Mapping[str, str]
    rules: Mapping[str, Mapping[str, Any]]
    software: Mapping[str, str]


def run_crate(published: Mapping[str, bytes], after: Iterable[str], told: Told) -> str:
    """Return the crate of the published files (path → content) as JSON; `after` are those that are made later, and have
    no checksum in it.
    """
    files = {name: _file(name, published.get(name)) for name in sorted({*published, *after})}
    graph = [
        _descriptor(),
        _root(list(files), told),
        *({"@id": id_, "@type": "CreativeWork", "name": n, "version": v} for id_, (n, v) in PROFILES.items()),
        _workflow(files.pop(WORKFLOW), told),
        *_people_and_licences(told.study),
        *_software(told.software),
        *_inputs(told),
        *_made(told.rules),
        *_scripts(told.rules),
        _run(list(files), told),
        *_steps([*files, WORKFLOW], told.rules),
        *files.values(),
    ]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _descriptor() -> Entity:
    return {
        "@id": FILE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": _ids([BASE, WORKFLOW_CRATE]),
    }


def _root(files: list[str], told: Told) -> Entity:
    study = told.study
    invented = " Synthetic data: no firm exists." if study["synthetic"] else ""
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": study["title"],
        "description": f"Published results of the study {study['name']}, made by innosurvey.{invented}",
        "datePublished": study["release"],
        "version": study["release"],
        "license": {"@id": LICENCE},
        "author": {"@id": OWNER},
        "conformsTo": _ids(PROFILES),
        "mainEntity": {"@id": WORKFLOW},
        "mentions": _ids([RUN, *(STEP + rule for rule in told.rules)]),
        "hasPart": _ids(map(quote, files)),
    }


def _workflow(file: Entity, told: Told) -> Entity:
    return {
        **file,
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "innosurvey: raw files of innovation surveys to a validated report",
        "alternateName": "Snakefile",
        "version": told.study["version"],
        "creator": {"@id": MAKER},
        "license": {"@id": CODE_LICENCE},
        "programmingLanguage": {"@id": SNAKEMAKE},
        "softwareRequirements": _ids(f"#software/{name}" for name in told.software),
        "input": _ids(PARAMETER + name for name in told.raw),
    }


def _people_and_licences(study: Mapping[str, Any]) -> list[Entity]:
    licence = study.get("licence") or {}
    said = licence.get("title") or licence.get("name") or f"None is stated: ask the owner ({study['attribution']})."
    return [
        {"@id": OWNER, "@type": "Organization", "name": study["attribution"]},
        {"@id": MAKER, "@type": "Organization", "name": "The innosurvey developers"},
        _filled({"@id": LICENCE, "@type": "CreativeWork", "name": said, "url": licence.get("path")}),
        {
            "@id": CODE_LICENCE,
            "@type": "CreativeWork",
            "name": "Apache License 2.0",
            "url": "https://www.apache.org/licenses/LICENSE-2.0",
        },
    ]


def _software(versions: Mapping[str, str]) -> list[Entity]:
    language = {
        "@id": SNAKEMAKE,
        "@type": "ComputerLanguage",
        "name": "Snakemake",
        "identifier": "https://doi.org/10.1093/bioinformatics/bts480",
        "url": "https://snakemake.readthedocs.io",
        "version": versions.get("snakemake"),
    }
    packages = [
        {"@id": f"#software/{name}", "@type": "SoftwareApplication", "name": name, "softwareVersion": version}
        for name, version in versions.items()
    ]
    return [_filled(language), *packages]


def _inputs(told: Told) -> list[Entity]:
    """Return the inputs, and the parameters of the workflow that raw files stand for."""
    names = {RAW + file: [name for name, of in told.raw.items() if of == file] for file in told.raw.values()}
    inputs = []
    for file, checksum in sorted(told.inputs.items()):
        entity: Entity = {
            "@id": INPUT + quote(file),
            "@type": "CreativeWork",
            "name": file,
            "description": f"Input, {kind_of(file)}; not part of the crate",
            "sha256": checksum,
        }
        if file in names:
            entity["exampleOfWork"] = _ids(PARAMETER + name for name in names[file])
        inputs.append(entity)
    parameters = [
        {
            "@id": PARAMETER + name,
            "@type": "FormalParameter",
            "name": name,
            "additionalType": "File",
            "workExample": {"@id": INPUT + quote(RAW + file)},
        }
        for name, file in told.raw.items()
    ]
    return [*inputs, *parameters]


def _made(rules: Mapping[str, Mapping[str, Any]]) -> list[Entity]:
    """Return what rules make on the way: a pattern for all files of a kind."""
    patterns = sorted({pattern for entry in rules.values() for pattern in entry["writes"] if _is_kept_back(pattern)})
    return [
        {
            "@id": MADE + quote(pattern),
            "@type": "CreativeWork",
            "name": pattern,
            "description": f"Not part of the crate: {KEPT_BACK[pattern.partition('/')[0]]}",
        }
        for pattern in patterns
    ]


def _scripts(rules: Mapping[str, Mapping[str, Any]]) -> list[Entity]:
    return [
        {
            "@id": SCRIPT + rule,
            "@type": "SoftwareSourceCode",
            "name": f"scripts/{rule}.py",
            "description": entry["about"],
            "version": entry["code"],
            "isPartOf": {"@id": WORKFLOW},
        }
        for rule, entry in rules.items()
    ]


def _run(files: list[str], told: Told) -> Entity:
    return {
        "@id": RUN,
        "@type": "CreateAction",
        "name": f"Build of {told.study['name']}, data release {told.study['release']}",
        "description": f"innosurvey report --study {told.study['name']}",
        "instrument": {"@id": WORKFLOW},
        "agent": {"@id": OWNER},
        "object": _ids(INPUT + quote(file) for file in sorted(told.inputs)),
        "result": _ids(map(quote, files)),
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }


def _steps(files: list[str], rules: Mapping[str, Mapping[str, Any]]) -> list[Entity]:
    """Return the action of each rule: what it read and what it wrote, published or not."""
    written: dict[str, list[str]] = {rule: [] for rule in rules}
    for file in files:
        output = output_of(file, None)
        if output is not None and output.kind.rule in written:
            written[output.kind.rule].append(quote(file))
    kept = {rule: [p for p in entry["writes"] if _is_kept_back(p)] for rule, entry in rules.items()}
    results = {rule: [*written[rule], *(MADE + quote(pattern) for pattern in kept[rule])] for rule in rules}
    return [
        {
            "@id": STEP + rule,
            "@type": "CreateAction",
            "name": rule,
            "description": entry["about"],
            "instrument": {"@id": SCRIPT + rule},
            "agent": {"@id": OWNER},
            "object": _ids(
                [
                    *(INPUT + quote(file) for file in entry["reads"]),
                    *(id_ for by in entry["after"] for id_ in results[by]),
                ]
            ),
            "result": _ids(results[rule]),
        }
        for rule, entry in rules.items()
    ]


def _file(name: str, content: bytes | None) -> Entity:
    """Return a published file; without size and checksum where it is made later."""
    return _filled({
        "@id": quote(name),
        "@type": "File",
        "name": name,
        "encodingFormat": FORMATS.get(name.rpartition(".")[2]),
        "contentSize": None if content is None else str(len(content)),
        "sha256": None if content is None else hashlib.sha256(content).hexdigest(),
    })  # fmt: skip


def _is_kept_back(pattern: str) -> bool:
    return pattern.partition("/")[0] in KEPT_BACK


def _ids(ids: Iterable[str]) -> list[Entity]:
    return [{"@id": id_} for id_ in ids]


def _filled(entity: Entity) -> Entity:
    return {key: value for key, value in entity.items() if value is not None}
