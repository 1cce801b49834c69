"""The study as the workflow has it: read once a process, however often Snakemake reads its rules.

A build calls Snakemake twice (`innosurvey.engine`). Both see the configuration of the first: a file that is edited
meanwhile counts for the next build, which finds it changed (`innosurvey.untouched`).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from innosurvey import coverage, setting, study


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """A study, what its variables can feed, and what its report knows of it."""

    study: study.Study
    coverage: coverage.Coverage
    setting: dict[str, Any]


@cache
def configured(*files: str, raw: str | None = None) -> Configured:
    """Return the study of config.yaml and the files laid over it; StudyErrors as its readers raise them."""
    loaded = study.read(*study.BASE, *files, raw=raw)
    fed = coverage.cover(loaded, study.ROOT)
    return Configured(study=loaded, coverage=fed, setting=setting.report_setting(loaded, fed, study.ROOT))
