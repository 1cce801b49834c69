"""What a study's variables can feed (derived variables, cohorts, items, comparisons, models) and what the rest lack.

Answered from the codebooks and the configuration alone, before any data are read, so that the workflow plans only the
jobs that can run and `check` can tell an analyst what a new survey will and will not yield. Imports nothing heavy: the
Snakefile asks at every start.
"""

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from innosurvey import expressions, yamlfile
from innosurvey.availability import Lack
from innosurvey.claims.feed import can_be_judged, lacks_of
from innosurvey.claims.spec import parse_claims
from innosurvey.codebook import as_period, offers_of, period_of
from innosurvey.cohorts.spec import CohortSpec, parse_cohorts
from innosurvey.coverage_contrasts import Had, available, columns_compared, contrasts_had
from innosurvey.coverage_robustness import curves_had
from innosurvey.derive import DerivedSpec, parse_derived
from innosurvey.design_rules import parse_design_rules
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.feed import Feed
from innosurvey.groupings import BY_WAVE, EVERYONE
from innosurvey.harmonise.spec import HarmoniseSpec, columns_added, parse_harmonise
from innosurvey.known import GIVEN, fail_if_a_section_names_unknown, fail_if_names_are_unknown, known_names
from innosurvey.models.curve_spec import CurveSpec
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import SLICE_COLUMNS, missing_variables
from innosurvey.models.spec import ModelSpec
from innosurvey.policy.feed import lacks_of as lacks_of_policy
from innosurvey.policy.spec import parse_policy
from innosurvey.regions.feed import regions_had
from innosurvey.regions.spec import RegionsSpec
from innosurvey.study import Source, Study, fail_if_reference_absent, fail_if_totals_absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A cohort as far as estimation needs it: its kind and the names of its groups in the order of the tables."""

    id: str
    kind: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the study can feed, in the order of the configuration, and what it lacks for the rest.

    `offers` are the answers that each wave's questions can have; `groups` names the groups of each cohort that can be
    had, in their order; `models` holds the models that can be tried, `robustness` the
    questions that are asked in several ways, in the choices that can be had; `claims` are those that can be judged,
    `unfed` says by claim and hypothesis (`C1.patents`) what has no estimate and why, `unframed` the same by part of the
    policy frame (`technology.rnd_grant.central`).
    """

    variables: Mapping[str, frozenset[str]]
    offers: Mapping[str, expressions.Offers]
    periods: Mapping[str, tuple[str, str]]
    cohorts: Mapping[str, CohortSpec]
    groups: Mapping[str, tuple[str, ...]]
    items: tuple[str, ...]
    comparisons: tuple[str, ...]
    rankings: tuple[str, ...]
    decompositions: tuple[str, ...]
    curves: tuple[str, ...]
    regions: RegionsSpec | None
    models: tuple[ModelSpec, ...]
    robustness: tuple[CurveSpec, ...]
    claims: tuple[str, ...]
    unfed: Mapping[str, str]
    unframed: Mapping[str, str]
    lacks: tuple[Lack, ...]

    def outline(self, cohort: str) -> Outline:
        """Return the outline of a cohort that can be had."""
        return Outline(id=cohort, kind=self.cohorts[cohort].kind, groups=self.groups[cohort])


def cover(study: Study, root: Path) -> Coverage:
    """Return the study's coverage; StudyError for a codebook or an entry that could not work at all."""
    programme = study.programme
    derived = parse_derived(programme.get("derived"))
    bridge = parse_harmonise(study.harmonise, study.waves)
    for file in bridge.files:
        fail_if_reference_absent(file, root)
    fail_if_totals_absent(study, root)
    known = known_names(study, root)
    fail_if_a_section_names_unknown(study, derived, bridge, known, root)
    books = {wave: yamlfile.read(root / source.codebook) for wave, source in study.waves.items()}
    offers = {wave: offers_of(book) for wave, book in books.items()}
    waves = {wave: _wave_variables(study, wave, book, derived, bridge, offers[wave]) for wave, book in books.items()}
    anywhere = frozenset().union(*waves.values())
    lacks: list[Lack] = []
    cohorts, ungrouped = _cohorts(programme["cohorts"], waves, known)
    groups = {name: group_names(spec, root) for name, spec in cohorts.items()}
    items = _items(programme["describe"], anywhere, known, lacks)
    comparisons = _comparisons(programme.get("compare", {}), cohorts, items, lacks)
    had, absent = contrasts_had(programme, Had(cohorts=cohorts, items=items, variables=anywhere), known)
    lacks.extend(Lack(kind=kind, id=name, reason=reason) for (kind, name), reason in absent.items())
    lookups = {name: cohort.lookup for name, cohort in cohorts.items()}
    regions, unplaced = regions_had(programme.get("regions"), lookups, anywhere, known)
    lacks.extend(Lack(kind="region", id=name, reason=reason) for name, reason in unplaced.items())
    for file in regions.files if regions else ():
        fail_if_reference_absent(file, root, "regions")
    models = _models(study, anywhere, known, cohorts, lacks)
    robustness = curves_had(programme, anywhere, known, cohorts, lacks)
    feed = Feed(
        groups=groups,
        items=items,
        comparisons=[programme["compare"][name] for name in comparisons],
        rankings={name: programme["rank"][name] for name in had["rank"]},
        models={spec.id: spec.foreach for spec in models},
        lacks=ungrouped | {(lack.kind, lack.id): lack.reason for lack in lacks},
    )
    claims, unfed = _claims(programme.get("claims"), feed, lacks)
    unframed = lacks_of_policy(parse_policy(programme.get("policy")), feed, programme["describe"])
    lacks.extend(Lack(kind="policy", id=part, reason=reason) for part, reason in unframed.items())
    return Coverage(
        variables=waves,
        offers=offers,
        periods={wave: period_of_wave(book, study.waves[wave]) for wave, book in books.items()},
        cohorts=cohorts,
        groups=groups,
        items=items,
        comparisons=comparisons,
        models=models,
        robustness=robustness,
        claims=claims,
        unfed=unfed,
        unframed=unframed,
        rankings=had["rank"],
        decompositions=had["decompose"],
        curves=had["curves"],
        regions=regions,
        lacks=tuple(lacks),
    )


def _cohorts(
    section: Mapping[str, Any], waves: Mapping[str, Collection[str]], known: Collection[str]
) -> tuple[dict[str, CohortSpec], dict[tuple[str, str], str]]:
    """Return the cohorts that a wave at least can have, and what the others need."""
    found, needs = {}, {}
    for name, cohort in parse_cohorts(section).items():
        for where, rule in cohort.rules().items():
            expressions.fail_if_unknown_names(rule, known, where)
        if all(cohort.missing(variables) for variables in waves.values()):
            needs["cohort", name] = _needs(cohort.missing(frozenset().union(*waves.values())))
        else:
            found[name] = cohort
    return found, needs


def columns_described(programme: Mapping[str, Any], coverage: Coverage) -> list[str]:
    """Return the variables that the items, and comparing them, use which can be had, each once."""
    keys, section = ("variable", "numerator", "denominator"), programme["describe"]
    described = [str(section[item][key]) for item in coverage.items for key in keys if key in section[item]]
    anywhere = frozenset().union(*coverage.variables.values())
    compared = [
        name
        for name in columns_compared(programme, coverage.decompositions, coverage.curves)
        if name in anywhere and name not in SLICE_COLUMNS
    ]
    return list(dict.fromkeys([*described, *compared]))


def available_contrasts(programme: Mapping[str, Any], coverage: Coverage, cohort: str) -> dict[str, dict[str, Any]]:
    """Return by section what is compared, ranked and decomposed in one cohort, with those items that can be had."""
    had = {"compare": coverage.comparisons, "rank": coverage.rankings, "decompose": coverage.decompositions}
    return {
        section: available(programme.get(section) or {}, names, cohort, coverage.items)
        for section, names in had.items()
    }


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


def period_of_wave(book: yamlfile.YamlFile, wave: Source) -> tuple[str, str]:
    """Return the first and last day of a wave's reference period: its own, or that of its codebook."""
    period = period_of(book) if wave.period is None else as_period(wave.period, f"the period of {wave.file}")
    if period is None:
        raise StudyError(
            f"{book.name}: the codebook of a wave needs the reference period of its answers.\n"
            "Add `period: [2018-01-01, 2020-12-31]`."
        )
    return period


def _wave_variables(
    study: Study,
    wave: str,
    book: yamlfile.YamlFile,
    derived: Mapping[str, DerivedSpec],
    bridge: HarmoniseSpec,
    offers: expressions.Offers,
) -> frozenset[str]:
    """Return all that a wave has: its questions, what registers and harmonising add, and what derives from them."""
    found = {*GIVEN, *map(str, book.data.get("variables") or {})}
    for register in study.registers.values():
        found |= set(map(str, register.link.get("into", {})))
    found |= set(columns_added(bridge, found))
    for name in sorted(found.intersection(derived)):
        raise StudyError(
            f"{derived[name].where}: the wave {wave} has a variable of this name already.\n"
            "Give the derived one another name, or leave the question out of the wave's codebook."
        )
    for name, spec in derived.items():
        if not spec.missing(found, offers):
            found.add(name)
    return frozenset(found)


def _items(
    section: Mapping[str, Mapping[str, Any]], variables: Collection[str], known: Collection[str], lacks: list[Lack]
) -> tuple[str, ...]:
    found = []
    for name, entry in section.items():
        used = [str(entry[key]) for key in ("variable", "numerator", "denominator") if key in entry]
        fail_if_names_are_unknown(used, known, f"describe.{name}")
        missing = [variable for variable in used if variable not in variables]
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


def _models(
    study: Study, variables: Collection[str], known: Collection[str], cohorts: Collection[str], lacks: list[Lack]
) -> tuple[ModelSpec, ...]:
    found = []
    confidence = parse_design_rules(study.programme.get("design")).confidence
    for spec in parse_models(study.programme.get("models"), study.programme.get("model_sets")):
        fail_if_names_are_unknown(spec.variables, known, f"models.{spec.id}")
        missing = missing_variables(spec, variables)
        if missing:
            lacks.append(Lack(kind="model", id=spec.id, reason=_needs(missing)))
            continue
        _fail_if_undeclared(spec, study.programme["cohorts"])
        had = tuple(cohort for cohort in spec.foreach if cohort in cohorts or cohort in (EVERYONE, BY_WAVE))
        if had:
            found.append(replace(spec, foreach=had).at_level(confidence))
        else:
            lacks.append(Lack(kind="model", id=spec.id, reason=f"needs one of the cohorts {', '.join(spec.foreach)}"))
    return tuple(found)


def _claims(section: Mapping[str, Any] | None, feed: Feed, lacks: list[Lack]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the claims that can be judged, and why hypotheses have no estimate, by claim and hypothesis."""
    found: list[str] = []
    unfed: dict[str, str] = {}
    for claim in parse_claims(section):
        lacking = lacks_of(claim, feed)
        unfed |= {f"{claim.id}.{name}": reason for name, reason in lacking.items()}
        if can_be_judged(claim, lacking):
            found.append(claim.id)
        else:
            lacks.append(Lack(kind="claim", id=claim.id, reason="; ".join(dict.fromkeys(lacking.values()))))
    return tuple(found), unfed


def _fail_if_undeclared(spec: ModelSpec, cohorts: Collection[str]) -> None:
    for cohort in spec.foreach:
        if cohort not in cohorts and cohort not in (EVERYONE, BY_WAVE):
            raise StudyError(
                f"models.{spec.id}.foreach: there is no cohort {cohort}.{did_you_mean(cohort, cohorts)}\n"
                f"Cohorts: {', '.join(cohorts)}."
            )


def _needs(names: Iterable[str]) -> str:
    return f"needs {', '.join(names)}"
