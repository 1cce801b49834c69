"""What a release says of itself: who released it and why, of which data, and the checksums of all that it rests on."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import yaml

from innosurvey import yamlfile
from innosurvey.errors import StudyError

FORMAT = 1
"""The version of the form that baselines are stored in; another one is not read."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_PARTS = {
    "sources": "data",
    "configuration": "configuration",
    "code": "code",
    "environment": "environment",
    "disclosure": "disclosure rules",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What results rest on: checksums by file of the raw data, configuration (with codebooks), code (fingerprints by
    script) and environment (the lock file), and the settings of disclosure.
    """

    sources: Mapping[str, str]
    configuration: Mapping[str, str]
    code: Mapping[str, str]
    environment: Mapping[str, str]
    disclosure: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release of a study: its name and place in the row of releases, who, why, and what it rests on.

    `statistics` is the sha256 of the stored list of statistics, `commit` the git commit that results were made from.
    """

    study: str
    name: str
    number: int
    who: str
    why: str
    data_release: str
    version: str
    commit: str
    statistics: str
    basis: Basis


def fail_if_no_name(name: str) -> None:
    """Raise when a folder could not be called by the name of a release."""
    if not _NAME.fullmatch(name):
        raise StudyError(
            f"--release {name}: use letters, digits, `.`, `-` and `_`, since a folder is named after it, as in 2023-06."
        )


def fail_if_unsaid(**said: str) -> None:
    """Raise when nobody says who releases, or why."""
    for option, text in said.items():
        if not text.strip():
            raise StudyError(f"--{option}: nothing is said.\nWhoever compares with this release will want to know.")


def as_yaml(release: Release) -> str:
    """Return the release as YAML."""
    return yaml.safe_dump({"format": FORMAT, **asdict(release)}, sort_keys=False, allow_unicode=True, width=120)


def from_yaml(text: str, where: str, study: str) -> Release:
    """Return the release that a file describes; StudyError for one of another format or study, or one that lacks
    something."""
    content = yamlfile.parse(text, where).data
    if content.get("format") != FORMAT:
        raise StudyError(
            f"{where}: in format {content.get('format', 'none')}; this innosurvey reads format {FORMAT}.\n"
            "Compare with the version that made it, or bless the results anew under another name."
        )
    lacking = [name for name in _names(Release) if name not in content]
    basis = content["basis"] if isinstance(content.get("basis"), Mapping) else {}
    lacking += [f"basis.{name}" for name in _names(Basis) if not isinstance(basis.get(name), Mapping)]
    lacking += [] if isinstance(content.get("number", 0), int) else ["a whole `number`"]
    if lacking:
        raise StudyError(f"{where}: lacks {', '.join(lacking)}.\nThe file was edited: get it back with git checkout.")
    if content["study"] != study:
        raise StudyError(
            f"{where}: a baseline of the study {content['study']}, not of {study}.\n"
            f"Move it to the folder {content['study']}, or take it away."
        )
    told = {name: content[name] for name in _names(Release) if name != "basis"}
    return Release(**told, basis=Basis(**{name: basis[name] for name in _names(Basis)}))


def what_differs(before: Basis, after: Basis) -> dict[str, list[str]]:
    """Return by part (data, configuration, code, environment, disclosure rules) what is not as it was; parts that are
    are left out."""
    found = {}
    for part, words in _PARTS.items():
        old, new = getattr(before, part), getattr(after, part)
        names = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
        if names:
            found[words] = names
    return found


def _names(of: type) -> list[str]:
    return [field.name for field in fields(of)]
