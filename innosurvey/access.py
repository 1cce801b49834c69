"""Who may have which raw file: what the configuration says under `access:` of a study.

A file may be passed on where it is declared open or the data are synthetic; nothing said is no permission.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What holds for one raw file: whether it may be passed on, under which licence, where and how others get it."""

    file: str
    open: bool
    licence: str = ""
    url: str = ""
    how: str = ""


def access_of(study: Study) -> dict[str, Access]:
    """Return what holds for each raw file of a study, by its name; StudyError for a file that it does not have."""
    names = dict.fromkeys(source.file for source in [*study.waves.values(), *study.registers.values()])
    own = study.access.get("files", {})
    for name in own:
        if name not in names:
            raise StudyError(
                f"{study.where('studies', study.name, 'access', 'files')}access.files: the study has no raw file "
                f"{name}.{did_you_mean(name, names)}\nIt has: {', '.join(names)}."
            )
    return {name: _access(name, {**study.access, **own.get(name, {})}, study.synthetic) for name in names}


def _access(file: str, said: Mapping[str, Any], synthetic: bool) -> Access:
    may = said.get("raw", "open" if synthetic else "restricted") == "open"
    return Access(file=file, open=may, **{key: said[key] for key in ("licence", "url", "how") if key in said})
