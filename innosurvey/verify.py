"""Does the study come out again, byte for byte? Two builds compared, and the stamp that says they are equal.

The stamp holds a clock and a machine, so it stands beside what is published and not in it: a report that told when it
was verified would have other bytes each time, and could never be verified.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

STAMP = "verified.json"
"""The file of the stamp, in the folder of the results."""
COMPARED = ("estimates", "publish")
"""The folders of results whose bytes must come out again."""
MANIFEST = "manifest.json"
LIBRARIES = (
    "numpy", "scipy", "pandas", "pyarrow", "linearmodels", "statsmodels", "matplotlib", "typst", "snakemake",
)  # fmt: skip
"""What numbers, drawings and pages are made with."""
SURROUNDINGS = {"TZ": "Asia/Seoul", "LC_ALL": "C", "PYTHONHASHSEED": "12345", "OMP_NUM_THREADS": "2"}
"""What the second build finds around it, other than usual: a zone, a locale, a hash seed, a number of threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What was verified, when and on what: the manifest's checksum says of which results it is true."""

    study: str
    release: str
    manifest: str
    verified: str
    platform: str
    python: str
    libraries: Mapping[str, str]
    seconds: int
    files: int

    def as_json(self) -> str:
        """Return the stamp as JSON."""
        return json.dumps(asdict(self), indent=1) + "\n"


def differences(first: Mapping[str, bytes], second: Mapping[str, bytes]) -> list[str]:
    """Return what the files of a second build differ in from the first, one line a file: its name and the kind of
    difference, nothing of its content.
    """
    return [
        f"{name}: {kind}"
        for name in sorted({*first, *second})
        if (kind := _difference(first.get(name), second.get(name)))
    ]


def _difference(first: bytes | None, second: bytes | None) -> str:
    if first is None:
        return "only in the second build"
    if second is None:
        return "not in the second build"
    if first == second:
        return ""
    return "other bytes of the same size" if len(first) == len(second) else "of another size"


def faults(published: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the published files by their manifest: files that are gone, altered, or not in it."""
    listed = {one["file"]: one["sha256"] for one in manifest["files"]}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in published.items() if name != MANIFEST}
    gone = [f"{name}: not there" for name in listed if name not in sums]
    more = [f"{name}: not in the manifest" for name in sums if name not in listed]
    return [*gone, *more, *(f"{name}: altered" for name in sums if listed.get(name, sums[name]) != sums[name])]


def is_of(stamp: Mapping[str, object], manifest: bytes) -> bool:
    """Return whether a stamp is of the results that a manifest lists."""
    return stamp.get("manifest") == hashlib.sha256(manifest).hexdigest()


def as_text(stamp: Mapping[str, object]) -> str:
    """Return a stamp as a sentence."""
    libraries = stamp["libraries"]
    assert isinstance(libraries, Mapping)
    versions = ", ".join(f"{name} {version}" for name, version in libraries.items())
    return (
        f"Verified on {stamp['verified']}: {stamp['files']} files are the same bytes, rebuilt from the raw files in "
        f"{stamp['seconds']} s.\n{stamp['platform']}, Python {stamp['python']}; {versions}."
    )
