"""The README of a replication package, after the template of the social science data editors (AEA and others), filled
from what the study declares and what its build left: no line of it is typed for one study.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innosurvey.access import Access
from innosurvey.archive import PUBLISHED
from innosurvey.exhibits import actions_of, exhibits_of

TEMPLATE = "https://social-science-data-editors.github.io/template_README/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """What the README is filled with: the study's identity, who may have which raw file, whether the package holds the
    raw files and in which folder they stand, the manifest, the crate and the first document of what is published, the
    history of the steps that were done, the stage of each rule, the machine (name → value), the command that builds the
    study, and the stamp of the last verification, if there is one of these results.
    """

    title: str
    attribution: str
    licence: Mapping[str, str]
    synthetic: bool
    access: Mapping[str, Access]
    codebooks: Mapping[str, str]
    with_data: bool
    raw: str
    manifest: Mapping[str, Any]
    crate: Mapping[str, Any]
    document: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    stage_of: Mapping[str, str]
    machine: Mapping[str, str]
    command: str
    stamp: Mapping[str, Any] | None = None


def readme(told: Replication) -> str:
    """Return the README as Markdown; the same package gives the same text."""
    parts = (_overview, _availability, _datasets, _requirements, _programs, _instructions, _exhibits, _references)
    return "\n\n".join(part(told).strip() for part in parts) + "\n"


def _overview(told: Replication) -> str:
    about = told.manifest
    return f"""# Replication package: {told.title}

Study `{about["study"]}`, data release {about["release"]}, built by innosurvey {about["version"]}. One command builds
all tables, figures and pages from the raw files: `{told.command}`. What was published is in `published/`, with a page
that lists it (`published/index.html`); `ro-crate-metadata.json` describes data, code and run for machines, and
`SHA256SUMS` has the checksum of every file. The project's own documentation begins at `README.md`. This file is written
by `innosurvey archive`, after the [template of the social science data editors]({TEMPLATE})."""


def _availability(told: Replication) -> str:
    closed = [entry.file for entry in told.access.values() if not entry.open]
    if told.synthetic:
        said = (
            "All microdata are synthetic: they describe no existing firm, and nothing in this package is confidential."
        )
    elif not told.access:
        said = "The study has no survey. Its data sets are published ones, which packages of the lock files carry."
    elif closed:
        said = (
            f"{len(closed)} of {len(told.access)} raw files may not be passed on and are **not** in this package. No "
            "row of them, nor anything made of them for single firms, is in it; published numbers passed the checks of "
            "`published/checks.json`."
        )
    else:
        said = "All raw files are declared open by the study."
    held = "The raw files are part of the package." if told.with_data else "The raw files are not part of the package."
    details = "\n\n".join(_source(entry, told) for entry in told.access.values())
    licence = told.licence.get("title") or told.licence.get("name") or f"none stated; ask {told.attribution}"
    return f"""## Data availability and provenance statements

Owner of the data, as it wants to be named: {told.attribution}

### Statement about rights

{"The study declares every raw file in this package as open." if told.with_data else "No raw file is in this package."}
Licence of what is published: {licence}. Licence of the code: Apache-2.0 (`LICENSE`).

### Statement on confidential data

{said}

### Summary of availability

{held if told.access else said}

### Details on each data source

{details or "See the list of data sets."}"""


def _source(entry: Access, told: Replication) -> str:
    facts = {
        "Provided": "yes" if told.with_data and entry.open else "no",
        "Place in the package": f"`{told.raw}/{entry.file}`"
        + ("" if told.with_data else " (empty: put the file there)"),
        "sha256": f"`{told.manifest['sources'][entry.file]}`",
        "Codebook": f"`{told.codebooks[entry.file]}`",
        "Licence": entry.licence,
        "Address": entry.url,
        "How to get it": entry.how or f"ask the owner: {told.attribution}",
    }
    return f"#### {entry.file}\n\n" + "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)


def _datasets(told: Replication) -> str:
    kinds: dict[str, list[str]] = {}
    for one in told.manifest["inputs"]:
        kinds.setdefault(one["kind"], []).append(one["file"])
    rows = [(f"`{file}`", "raw data", f"`{checksum[:16]}…`") for file, checksum in told.manifest["sources"].items()]
    rows += [
        (f"`{one['file']}`", one["kind"], f"`{one['sha256'][:16]}…`")
        for one in told.manifest["inputs"]
        if one["kind"] not in ("template", "font")
    ]
    left = ", ".join(f"{len(kinds.get(kind, []))} {kind}s" for kind in ("template", "font"))
    return f"""## Dataset list

{_table(("file", "kind", "sha256"), rows)}

Beside these, {left}: `published/manifest.json` lists every input with its checksum."""


def _requirements(told: Replication) -> str:
    software = {
        entity["name"]: entity["softwareVersion"]
        for entity in told.crate["@graph"]
        if entity["@type"] == "SoftwareApplication"
    }
    machine = "\n".join(f"- {name}: {value}" for name, value in told.machine.items())
    taken = _taken(told)
    total = sum(seconds for seconds, _, _ in taken.values())
    peak = max((memory for _, memory, _ in taken.values()), default=0)
    rows = [(stage, str(jobs), f"{seconds:.0f}", f"{memory:.0f}") for stage, (seconds, memory, jobs) in taken.items()]
    stamp = told.stamp
    verified = (
        f"Verified on {stamp['verified']}: a second build in another folder, on {stamp['platform']} with Python "
        f"{stamp['python']}, gave the same bytes in {stamp['seconds']} s (`verified.json`)."
        if stamp
        else "These results have no stamp of `innosurvey verify`."
    )
    return f"""## Computational requirements

### Software requirements

Python ≥ 3.11 and `make`. `requirements.lock` pins all packages with their hashes; those asked for directly:

{", ".join(f"{name} {version}" for name, version in software.items())}

### Controlled randomness

Every random number comes from a seed in the configuration. Numerical libraries run on one thread, the clock, the zone
and the hash seed are fixed: the same files give the same bytes. {verified}

### Memory, runtime and storage

The steps took {total:.0f} s in all, one after the other, and at most {peak:.0f} MB of memory each. By stage:

{_table(("stage", "steps", "seconds", "peak memory (MB)"), rows)}

The package was written on:

{machine}"""


def _taken(told: Replication) -> dict[str, tuple[float, float, int]]:
    """Return seconds, peak memory (MB) and steps of each stage, of the last time that each step was done."""
    last = {}
    for event in told.steps:
        last[event["rule"], tuple(sorted(event["wildcards"].items()))] = event
    taken: dict[str, tuple[float, float, int]] = {}
    for (rule, _), event in last.items():
        stage = told.stage_of.get(rule, rule)
        seconds, memory, jobs = taken.get(stage, (0.0, 0.0, 0))
        taken[stage] = (seconds + event["seconds"], max(memory, event["memory_mb"]), jobs + 1)
    return taken


def _programs(told: Replication) -> str:
    rows = [
        (
            told.stage_of.get(entity["name"], ""),
            f"`{entity['name']}`",
            f"`scripts/{entity['name']}.py`",
            entity["description"],
        )
        for entity in actions_of(told.crate)
    ]
    return f"""## Description of programs

`Snakefile` and `workflow/rules/` say which step needs which; each rule has a script, which reads, calls the package
`innosurvey/` once, and writes.

{_table(("stage", "rule", "script", "what it does"), rows)}"""


def _instructions(told: Replication) -> str:
    fetch = "" if told.with_data else f"\n1. Get the raw files listed above and put them into `{told.raw}/`."
    return f"""## Instructions to replicators
{fetch}
1. `make setup` makes `.venv` from the lock file.
1. `{told.command}` builds everything in `results/{told.manifest["study"]}/`.
1. `diff -r published results/{told.manifest["study"]}/publish` says nothing where all came out the same.

`make check` reads configuration and raw files without building; `make plan` says what would run."""


def _exhibits(told: Replication) -> str:
    rows = [
        (
            f"{each.kind} {each.number}: {each.title}",
            f"`{PUBLISHED}{each.file}`",
            f"`{each.rule}`",
            ", ".join(f"`{name}`" for name in each.estimates),
            ", ".join(f"`scripts/{rule}.py`" for rule in each.rules),
            ", ".join(each.raw) or "none",
        )
        for each in exhibits_of(told.document, told.crate)
    ]
    heads = ("exhibit", "file", "made by rule", "from estimates", "of script", "raw data behind it")
    return f"""## List of tables, figures and programs

A rule's script has its name. Estimates stand in `results/{told.manifest["study"]}/estimates/` after a build; the source
of every single number is a row of `published/tables/trace.csv`.

{_table(heads, rows)}"""


def _references(told: Replication) -> str:
    cite = f"{told.attribution}. {told.title}. Data release {told.manifest['release']}."
    return f"""## References

- {cite} Built by innosurvey {told.manifest["version"]} (`CITATION.cff`).
- Vilhuber, L., Koren, M., Llull, J., Connolly, M. and Morrow, P.: Template README for social science replication
  packages. {TEMPLATE}"""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
