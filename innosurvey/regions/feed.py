"""Which of what is asked about regions a study can feed, answered before any data are read."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from innosurvey.codelists import LookupSpec
from innosurvey.errors import StudyError
from innosurvey.known import fail_if_names_are_unknown
from innosurvey.regions.spec import Link, RegionsSpec, TypesSpec, parse_regions

ALL = "regions"
TYPES = "types"


def regions_had(
    section: Mapping[str, Any] | None,
    lookups: Mapping[str, LookupSpec | None],
    variables: Collection[str],
    known: Collection[str],
) -> tuple[RegionsSpec | None, dict[str, str]]:
    """Return what can be had of the section (None: nothing), and what its measures and types lack for the rest.

    `lookups` has the cohorts that the study can feed, with the code list of each, `variables` what it has, `known` all
    that is declared. StudyError for a variable that nobody declares, and for regions that no code list gives.
    """
    spec = parse_regions(section)
    if spec is None:
        return None, {}
    fail_if_names_are_unknown(spec.variables, known, "regions")
    for cohort in filter(None, (spec.cohort, spec.zone_cohort)):
        if cohort not in lookups:
            return None, {ALL: f"needs the cohort {cohort}"}
    fail_if_regions_are_no_list(spec.cohort, lookups[spec.cohort])
    lacks: dict[str, str] = {}
    measures = []
    for measure in spec.measures:
        if measure.variable and measure.variable not in variables:
            lacks[measure.id] = f"needs {measure.variable}"
        elif measure.among in lacks:
            lacks[measure.id] = lacks[measure.among]
        else:
            measures.append(measure)
    types, reason = _types_had(spec.types, variables)
    if reason:
        lacks[TYPES] = reason
    shown = spec.map if spec.map not in lacks else ""
    return replace(spec, measures=tuple(measures), types=types, map=shown), lacks


def _types_had(types: TypesSpec | None, variables: Collection[str]) -> tuple[TypesSpec | None, str]:
    """Return the types with the links that can be had, or what they lack: two links at least make a profile."""
    if types is None:
        return None, ""
    links = [_link_had(link, variables) for link in types.links]
    had = tuple(link for link in links if link.variables)
    if len(had) > 1:
        return replace(types, links=had), ""
    absent = [name for link in types.links for name in link.variables if name not in variables]
    return None, f"needs {', '.join(dict.fromkeys(absent))}" if absent else "needs two kinds of links"


def _link_had(link: Link, variables: Collection[str]) -> Link:
    return replace(link, variables=tuple(name for name in link.variables if name in variables))


def fail_if_regions_are_no_list(cohort: str, lookup: LookupSpec | None) -> None:
    """Raise StudyError unless a code list gives the regions."""
    if lookup is None:
        raise StudyError(
            f"regions.cohort: the groups of {cohort} are given by rules, not by a code list.\n"
            "Regions are the values of a code list: give the cohort a `lookup:`."
        )
