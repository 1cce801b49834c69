"""What the published files were made from: rules, files that no step makes, and the fingerprint of each rule's code.

`rules_behind` walks from the published files back to the raw ones as Snakemake would, so that it tells of those rules
alone that a study needs. `manifest` and `innosurvey.crate` say it in a file each.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

RAW = "raw/"
"""What the names of raw files begin with here, wherever their folder is on this machine."""
KINDS = (
    (RAW, "raw data"),
    ("resources/codebooks/", "codebook"),
    ("resources/codelists/", "code list"),
    ("resources/dictionary/", "dictionary"),
    ("resources/reference/", "reference data"),
    ("resources/regions/", "reference data"),
    ("resources/fonts/", "font"),
    ("resources/", "configuration"),
    ("workflow/schemas/", "schema"),
    ("workflow/", "template"),
)
"""What kind of input a file is, by the beginning of its path; the first that fits."""
SNAKEFILE = "Snakefile"
_CONSTRAINT = re.compile(r",[^{}]*\}")
"""What a wildcard may be, behind its name."""
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", flags=re.MULTILINE)


def rules_behind(
    targets: Iterable[str], rules: Sequence[Any], results: str, shown: Callable[[str], str], code: Callable[[str], str]
) -> dict[str, dict[str, Any]]:
    """Return the rules that make the target files, by name, those first that others rest on: what each is for
    (`about`), the fingerprint of its `code`, the inputs that no step makes (`reads`), the rules whose outputs it takes
    (`after`), and the patterns of its outputs below the results (`writes`).

    `rules` are Snakemake's; `results` is the folder of the results, `shown` names an input, `code` a script's
    fingerprint.
    """
    found: dict[str, dict[str, Any]] = {}
    jobs: set[tuple[str, tuple[tuple[str, str], ...]]] = set()

    def visit(file: str) -> str:
        rule = next(rule for rule in rules if rule.is_producer(file))
        wildcards = dict(rule.get_wildcards(file))
        job = (rule.name, tuple(sorted(wildcards.items())))
        if job in jobs:
            return rule.name
        jobs.add(job)
        reads, after = set(), set()
        for given in map(str, rule.expand_input(wildcards)[0]):
            if given.startswith(f"{results}/"):
                after.add(visit(given))
            else:
                reads.add(shown(given))
        entry = found.setdefault(rule.name, {"reads": set(), "after": set()})
        entry["reads"] |= reads
        entry["after"] |= after
        entry["about"] = " ".join((rule.docstring or "").split())
        entry["code"] = code(f"scripts/{rule.name}.py")
        entry["writes"] = {_CONSTRAINT.sub("}", str(pattern).removeprefix(f"{results}/")) for pattern in rule.output}
        return rule.name

    for target in targets:
        visit(target)
    return {
        name: {key: sorted(value) if isinstance(value, set) else value for key, value in entry.items()}
        for name, entry in found.items()
    }


def kind_of(file: str) -> str:
    """Return what kind of input a file of the project is."""
    if file.endswith(".lock"):
        return "environment"
    if file == SNAKEFILE:
        return "workflow"
    return next((kind for start, kind in KINDS if file.startswith(start)), "configuration")


def shown_name(path: str, root: Path, raw: Mapping[str, str]) -> str:
    """Return an input's name without what tells of this machine: its path in the project, `raw/<file>` for the raw
    files (path → file), and the bare name of a file that is elsewhere.
    """
    if path in raw:
        return f"{RAW}{raw[path]}"
    full = (root / path).resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else full.name


def manifest(
    published: Mapping[str, bytes],
    sources: Mapping[str, str],
    inputs: Mapping[str, str],
    rules: Mapping[str, Mapping[str, Any]],
    identity: Mapping[str, str],
) -> str:
    """Return the manifest as JSON: the study, checksums of the raw files (`sources`: file → sha256, or the version of a
    package that has them) and of all other inputs (name → sha256), the fingerprint of each rule's code, and each
    published file with size and sha256.
    """
    said = {
        **identity,
        "sources": dict(sorted(sources.items())),
        "inputs": [
            {"file": name, "kind": kind_of(name), "sha256": checksum}
            for name, checksum in sorted(inputs.items())
            if not name.startswith(RAW)
        ],
        "code": {name: entry["code"] for name, entry in sorted(rules.items())},
        "files": [
            {"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(published.items())
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def pinned(lock: str, project: str) -> dict[str, str]:
    """Return the packages that a project (pyproject.toml) asks for, in the versions that its lock file pins."""
    versions = dict(_PINNED.findall(lock))
    needed = [re.split(r"[^A-Za-z0-9._-]", entry)[0] for entry in tomllib.loads(project)["project"]["dependencies"]]
    return {name: versions[name] for name in sorted(needed) if name in versions}
