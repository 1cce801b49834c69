"""The study as the workflow has it: read once for a build, however often Snakemake reads its rules.

The command line reads it, to refuse what could not work, and hands it over to the engine. A build calls Snakemake twice
(`innosurvey.engine`): both see what was read then. A file that is edited meanwhile counts for the next build, which
finds it changed (`innosurvey.untouched`).
"""

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innosurvey import coverage, setting, study

HANDED_OVER = "-"
"""The engine's first argument where it finds the study on its standard input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """A study, what its variables can feed, and what its report knows of it."""

    study: study.Study
    coverage: coverage.Coverage
    setting: dict[str, Any]


_read: dict[tuple[tuple[str, ...], str | None], Configured] = {}


def configured(*files: str, raw: str | None = None) -> Configured:
    """Return the study of config.yaml and the files laid over it, as it was read or handed over before; StudyErrors as
    its readers raise them.
    """
    if (files, raw) not in _read:
        _read[files, raw] = of_study(study.read(*study.BASE, *files, raw=raw))
    return _read[files, raw]


def of_study(loaded: study.Study) -> Configured:
    """Return a study with what is worked out from it; a StudyError for what could not work."""
    fed = coverage.cover(loaded, study.ROOT)
    return Configured(study=loaded, coverage=fed, setting=setting.report_setting(loaded, fed, study.ROOT))


def to_hand_over(made: Configured, file: Path | None, raw: str | None) -> bytes:
    """Return what `take_over` takes in another process: a study, with the file and the raw folder that it was read
    from.
    """
    files = (str(file),) if file else ()
    return pickle.dumps(((files, raw), made), protocol=pickle.HIGHEST_PROTOCOL)


def take_over(content: bytes) -> None:
    """Have `configured` return what was handed over, where it is asked for the same files and raw folder."""
    key, made = pickle.loads(content)
    _read[key] = made
