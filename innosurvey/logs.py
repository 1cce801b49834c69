"""The logs of a study, in the sense of the Aqua Book: what its results take for granted, what was decided and why, and
what is known of its data.

They are sections of the configuration, `assumptions:`, `decisions:` and `data_log:`, with resources/logs/ below every
study. The shape is the schema's business; here an entry's day, places and studies are held against what there is.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from innosurvey.errors import StudyError, bullets, did_you_mean
from innosurvey.study import ROOT, STUDIES, Study

LOGS = ("assumptions", "decisions", "data_log")
CHAPTERS = (
    "summary", "data", "context", "concepts", "state", "comparisons", "models", "robustness", "claims", "policy",
    "quality", "certificate", "annex", "printed",
)  # fmt: skip
"""The report's chapters by the names of their templates; a report says them by the fixed words `chapter_<name>`."""


def logs_of(study: Study) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the entries of each log that belong to the study, as plain values.

    A StudyError lists each day, place and study that there is not, with file and line.
    """
    entries = {log: dict(study.programme.get(log) or {}) for log in LOGS}
    faults = [
        fault for log in LOGS for name, entry in entries[log].items() for fault in _faults(log, name, entry, study)
    ]
    if faults:
        raise StudyError(f"Some entries of the logs can't be right:\n{bullets(faults)}\nSee docs/logs.md.")
    return {
        log: {name: dict(entry) for name, entry in listed.items() if study.name in entry.get("studies", [study.name])}
        for log, listed in entries.items()
    }


def rules() -> list[str]:
    """Return the rules of the workflow: each has a script of its name."""
    return sorted(path.stem for path in (ROOT / "scripts").glob("*.py"))


def _faults(log: str, name: str, entry: Mapping[str, Any], study: Study) -> Iterator[str]:
    """Yield what can't be right about an entry."""

    def at(key: str) -> str:
        return f"{study.where(log, name, key)}{log}.{name}.{key}"

    if not _is_day(entry["date"]):
        yield f"{at('date')}: no calendar has the day {entry['date']}"
    places = (*CHAPTERS, *rules())
    for place in entry["matters"]:
        if place not in places:
            yield f"{at('matters')}: `{place}` is no chapter and no rule.{did_you_mean(place, places)}"
    known = _studies(study)
    for one in entry.get("studies", ()):
        if one not in known:
            yield f"{at('studies')}: there is no study `{one}`.{did_you_mean(one, known)}"


def _studies(study: Study) -> list[str]:
    """Return the studies that there are: those of the files that were read, and those that could be."""
    read = {str(name) for file in study.files for name in file.data.get("studies") or {}}
    return sorted({study.name, *read, *(Path(path).stem for path in STUDIES.glob("*.yaml"))})


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
