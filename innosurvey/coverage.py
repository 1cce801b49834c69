"""What a study's variables can feed: which derived variables, cohorts, items, comparisons and models, and what the others lack.

Answered from the codebooks and the configuration alone, before any data are read, so that the workflow plans only the jobs that can run and `check` can tell an
analyst what a new survey will and will not yield. Imports nothing heavy: the Snakefile asks at every start.
"""

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innosurvey import yamlfile
from innosurvey.cohorts.spec import CohortSpec, parse_cohorts
from innosurvey.derive import DerivedSpec, parse_derived
from innosurvey.errors import StudyError
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import EVERYONE, missing_variables
from innosurvey.models.spec import ModelSpec
from innosurvey.study import Study

GIVEN = ("firm_id", "wave", "obs_start", "obs_end")
"""Columns that every wave has, whatever its questionnaire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something declared that the study cannot feed, and why."""

    kind: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the study can feed, in the order of the configuration, and what it lacks for the rest.

    `groups` names the groups of each cohort that can be had, in their order; `models` holds the models that can be tried.
    """

    variables: Mapping[str, frozenset[str]]
    cohorts: Mapping[str, CohortSpec]
    groups: Mapping[str, tuple[str, ...]]
    items: tuple[str, ...]
    comparisons: tuple[str, ...]
    models: tuple[ModelSpec, ...]
    lacks: tuple[Lack, ...]


def cover(study: Study, root: Path) -> Coverage:
    """Return the study's coverage; StudyError for a codebook or an entry that could not work at all."""
    derived = parse_derived(study.programme.get("derived"))
    waves = {wave: _wave_variables(study, wave, derived, root) for wave in study.waves}
    anywhere = frozenset().union(*waves.values())
    lacks: list[Lack] = []
    cohorts = {}
    for name, spec in parse_cohorts(study.programme["cohorts"]).items():
        missing = [spec.missing(variables) for variables in waves.values()]
        if all(missing):
            lacks.append(Lack(kind="cohort", id=name, reason=_needs(missing[0])))
        else:
            cohorts[name] = spec
    items = _items(study.programme["describe"], anywhere, lacks)
    return Coverage(
        variables=waves,
        cohorts=cohorts,
        groups={name: group_names(spec, root) for name, spec in cohorts.items()},
        items=items,
        comparisons=_comparisons(study.programme.get("compare", {}), cohorts, items, lacks),
        models=_models(study, anywhere, cohorts, lacks),
        lacks=tuple(lacks),
    )


def group_names(spec: CohortSpec, root: Path) -> tuple[str, ...]:
    """Return a cohort's groups in their order; those of a code list are the list's values in the order of its rows."""
    if spec.lookup is None:
        return tuple(group.name for group in spec.groups)
    path = root / "resources/codelists" / f"{spec.lookup.codelist}.csv"
    if not path.is_file():
        raise StudyError(f"{spec.where}.lookup: there is no code list {path.relative_to(root)}.")
    with open(path, encoding="utf-8", newline="") as lines:
        values = [row.get(spec.lookup.value, "") for row in csv.DictReader(lines)]
    return tuple(dict.fromkeys(value for value in [*values, spec.lookup.otherwise or ""] if value))


def codebook_variables(path: Path) -> frozenset[str]:
    """Return the variables that a codebook fills."""
    return frozenset(map(str, yamlfile.read(path).data.get("variables") or {}))


def _wave_variables(study: Study, wave: str, derived: Mapping[str, DerivedSpec], root: Path) -> frozenset[str]:
    """Return all that a wave has after linking: its questionnaire, what registers add, and what can be derived from both."""
    found = {*GIVEN, *codebook_variables(root / study.waves[wave].codebook)}
    for register in study.registers.values():
        found |= set(map(str, register.link.get("into", {})))
    for name, spec in derived.items():
        if not spec.missing(found):
            found.add(name)
    return frozenset(found)


def _items(section: Mapping[str, Mapping[str, Any]], variables: Collection[str], lacks: list[Lack]) -> tuple[str, ...]:
    found = []
    for name, entry in section.items():
        missing = [str(entry[key]) for key in ("variable", "numerator", "denominator") if key in entry and entry[key] not in variables]
        if missing:
            lacks.append(Lack(kind="item", id=name, reason=_needs(missing)))
        else:
            found.append(name)
    return tuple(found)


def _comparisons(
    section: Mapping[str, Mapping[str, Any]], cohorts: Collection[str], items: Collection[str], lacks: list[Lack]
) -> tuple[str, ...]:
    found = []
    for name, entry in section.items():
        if entry.get("cohort") not in cohorts:
            lacks.append(Lack(kind="comparison", id=name, reason=f"needs the cohort {entry.get('cohort')}"))
        elif not any(item in items for item in entry.get("items", [])):
            lacks.append(Lack(kind="comparison", id=name, reason="none of its items can be had"))
        else:
            found.append(name)
    return tuple(found)


def _models(study: Study, variables: Collection[str], cohorts: Collection[str], lacks: list[Lack]) -> tuple[ModelSpec, ...]:
    found = []
    for spec in parse_models(study.programme.get("models"), study.programme.get("model_sets")):
        missing = missing_variables(spec, variables)
        if missing:
            lacks.append(Lack(kind="model", id=spec.id, reason=_needs(missing)))
        elif not any(cohort in cohorts or cohort == EVERYONE for cohort in spec.foreach):
            lacks.append(Lack(kind="model", id=spec.id, reason=f"needs one of the cohorts {', '.join(spec.foreach)}"))
        else:
            found.append(spec)
    return tuple(found)


def _needs(names: Iterable[str]) -> str:
    return f"needs {', '.join(names)}"
