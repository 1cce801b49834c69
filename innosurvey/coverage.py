"""What a study's variables can feed (derived variables, cohorts, items, comparisons, models) and what the rest lack.

Answered from the codebooks and the configuration alone, before any data are read, so that the workflow plans only the
jobs that can run and `check` can tell an analyst what a new survey will and will not yield. Imports nothing heavy: the
Snakefile asks at every start.
"""

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from innosurvey import expressions, yamlfile
from innosurvey.codebook import period_of
from innosurvey.cohorts.spec import CohortSpec, parse_cohorts
from innosurvey.derive import DerivedSpec, parse_derived
from innosurvey.errors import StudyError, bullets, did_you_mean
from innosurvey.harmonise.spec import HarmoniseSpec, columns_added, parse_harmonise
from innosurvey.impute.spec import fail_if_names_unknown, parse_imputation
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import EVERYONE, SLICE_COLUMNS, missing_variables
from innosurvey.models.spec import ModelSpec
from innosurvey.screen.spec import fail_if_screen_unknown, parse_screen
from innosurvey.study import Study, fail_if_reference_absent, fail_if_totals_absent

if TYPE_CHECKING:
    import pandas as pd

GIVEN = ("firm_id", "wave", "obs_start", "obs_end")
"""Columns that every wave has, whatever its questionnaire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """An item, comparison or model that the study cannot feed, and why.

    Variables, derived variables and cohorts are judged on the data, by wave.
    """

    kind: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A cohort as far as estimation needs it: its kind and the names of its groups in the order of the tables."""

    id: str
    kind: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the study can feed, in the order of the configuration, and what it lacks for the rest.

    `groups` names the groups of each cohort that can be had, in their order; `models` holds the models that can be
    tried.
    """

    variables: Mapping[str, frozenset[str]]
    periods: Mapping[str, tuple[str, str]]
    cohorts: Mapping[str, CohortSpec]
    groups: Mapping[str, tuple[str, ...]]
    items: tuple[str, ...]
    comparisons: tuple[str, ...]
    models: tuple[ModelSpec, ...]
    lacks: tuple[Lack, ...]

    def outline(self, cohort: str) -> Outline:
        """Return the outline of a cohort that can be had."""
        return Outline(id=cohort, kind=self.cohorts[cohort].kind, groups=self.groups[cohort])


def cover(study: Study, root: Path) -> Coverage:
    """Return the study's coverage; StudyError for a codebook or an entry that could not work at all."""
    derived = parse_derived(study.programme.get("derived"))
    bridge = parse_harmonise(study.harmonise, study.waves)
    for file in bridge.files:
        fail_if_reference_absent(file, root)
    fail_if_totals_absent(study, root)
    known = known_names(study, root)
    for one in bridge.classifications:
        fail_if_names_are_unknown((one.variable, one.revision), known, one.where)
    fail_if_names_are_unknown(bridge.breaks, known, "harmonise.breaks")
    books = {wave: yamlfile.read(root / source.codebook) for wave, source in study.waves.items()}
    waves = {wave: _wave_variables(study, wave, book, derived, bridge) for wave, book in books.items()}
    anywhere = frozenset().union(*waves.values())
    lacks: list[Lack] = []
    cohorts = {}
    for name, cohort in parse_cohorts(study.programme["cohorts"]).items():
        for where, rule in cohort.rules().items():
            expressions.fail_if_unknown_names(rule, known, where)
        missing = [cohort.missing(variables) for variables in waves.values()]
        if not all(missing):
            cohorts[name] = cohort
    for spec in derived.values():
        fail_if_names_are_unknown(spec.names(), known, spec.where)
    late = {name for name in derived if name not in _canonical(root)}
    fail_if_edits_name_unknown(study.programme["edits"], known | study.register_names, late)
    screen = parse_screen(study.programme.get("screen"), study.programme["edits"])
    fail_if_screen_unknown(screen, known | study.register_names)
    imputation = parse_imputation(study.programme.get("imputation"))
    fail_if_names_unknown(imputation, known.difference(derived), known | study.register_names)
    items = _items(study.programme["describe"], anywhere, known, lacks)
    return Coverage(
        variables=waves,
        periods={wave: period_of_wave(book) for wave, book in books.items()},
        cohorts=cohorts,
        groups={name: group_names(spec, root) for name, spec in cohorts.items()},
        items=items,
        comparisons=_comparisons(study.programme.get("compare", {}), cohorts, items, lacks),
        models=_models(study, anywhere, known, cohorts, lacks),
        lacks=tuple(lacks),
    )


def columns_described(section: Mapping[str, Mapping[str, Any]], coverage: Coverage) -> list[str]:
    """Return the variables that the items use which can be had, each once."""
    keys = ("variable", "numerator", "denominator")
    return list(
        dict.fromkeys(str(section[item][key]) for item in coverage.items for key in keys if key in section[item])
    )


def available_comparisons(
    section: Mapping[str, Mapping[str, Any]], coverage: Coverage, cohort: str
) -> dict[str, dict[str, Any]]:
    """Return the comparisons of one cohort that can be had, each with those of its items that can."""
    return {
        name: {**section[name], "items": [item for item in section[name]["items"] if item in coverage.items]}
        for name in coverage.comparisons
        if section[name]["cohort"] == cohort
    }


def as_availability(judged: "pd.DataFrame", lacks: Iterable[Lack]) -> "pd.DataFrame":
    """Return the table `availability`: what was judged on the data, then the lacking items, comparisons and models."""
    import pandas as pd

    rows = [{"kind": lack.kind, "id": lack.id, "available": False, "reason": lack.reason} for lack in lacks]
    return pd.concat([judged, pd.DataFrame(rows, columns=judged.columns)], ignore_index=True) if rows else judged


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


def period_of_wave(book: yamlfile.YamlFile) -> tuple[str, str]:
    """Return the first and last day of a wave's reference period."""
    period = period_of(book)
    if period is None:
        raise StudyError(
            f"{book.name}: the codebook of a wave needs the reference period of its answers.\n"
            "Add `period: [2018-01-01, 2020-12-31]`."
        )
    return period


def _wave_variables(
    study: Study, wave: str, book: yamlfile.YamlFile, derived: Mapping[str, DerivedSpec], bridge: HarmoniseSpec
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
        if not spec.missing(found):
            found.add(name)
    return frozenset(found)


def known_names(study: Study, root: Path) -> frozenset[str]:
    """Return every name that a rule, an item or a model may use.

    Names come from the dictionary, the study, its registers and `derived:`.
    """
    linked = {name for register in study.registers.values() for name in register.link.get("into", {})}
    bridge = parse_harmonise(study.harmonise, study.waves)
    bridged = columns_added(bridge, bridge.variables)
    derived = map(str, study.programme["derived"])
    return frozenset({*_canonical(root), *study.variables, *linked, *bridged, *derived, *GIVEN, *SLICE_COLUMNS})


def _canonical(root: Path) -> set[str]:
    with open(root / "resources/dictionary/variables.csv", encoding="utf-8", newline="") as lines:
        return {row["variable"] for row in csv.DictReader(lines)}


def fail_if_edits_name_unknown(section: Mapping[str, Any], known: Collection[str], late: Collection[str]) -> None:
    """Raise a StudyError for a hard edit of what nobody declares, or of what is derived after editing (`late`).

    What else is wrong with an edit, its own module says.
    """
    for name, entry in section.items():
        where = f"edits.{name}"
        for text in _texts_of(entry) if isinstance(entry, Mapping) else ():
            expressions.fail_if_unknown_names(text, known, where)
            derived = [one for one in expressions.names_in(text, where) if one in late]
            if derived:
                raise StudyError(
                    f"{where}: {derived[0]} is derived, and edits see what firms answered before anything is derived.\n"
                    "Write the rule with the variables that it is made of, or declare a check under `screen:`."
                )


def _texts_of(edit: Mapping[str, Any]) -> Iterable[str]:
    """Return the rules and names of an edit as declared."""
    yield from (str(edit[key]) for key in ("rule", "reference", "variable") if key in edit)
    for key in ("variables", "blank"):
        yield from map(str, edit[key] if isinstance(edit.get(key), list | tuple) else ())
    if isinstance(edit.get("correct"), Mapping):
        yield from (str(text) for pair in edit["correct"].items() for text in pair)


def fail_if_names_are_unknown(names: Iterable[str], known: Collection[str], where: str) -> None:
    """Raise a StudyError that lists every name that nothing declares, with the near ones."""
    unknown = [name for name in names if name not in known]
    if unknown:
        lines = bullets(f"{name}.{did_you_mean(name, known)}" for name in unknown)
        raise StudyError(
            f"{where} uses variables that neither the dictionary, the study nor `derived:` declares:\n{lines}\n"
            "Correct the name, or declare it in resources/dictionary/derived.yaml."
        )


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
    for spec in parse_models(study.programme.get("models"), study.programme.get("model_sets")):
        fail_if_names_are_unknown(spec.variables, known, f"models.{spec.id}")
        missing = missing_variables(spec, variables)
        if missing:
            lacks.append(Lack(kind="model", id=spec.id, reason=_needs(missing)))
            continue
        _fail_if_undeclared(spec, study.programme["cohorts"])
        had = tuple(cohort for cohort in spec.foreach if cohort in cohorts or cohort == EVERYONE)
        if had:
            found.append(replace(spec, foreach=had))
        else:
            lacks.append(Lack(kind="model", id=spec.id, reason=f"needs one of the cohorts {', '.join(spec.foreach)}"))
    return tuple(found)


def _fail_if_undeclared(spec: ModelSpec, cohorts: Collection[str]) -> None:
    for cohort in spec.foreach:
        if cohort not in cohorts and cohort != EVERYONE:
            raise StudyError(
                f"models.{spec.id}.foreach: there is no cohort {cohort}.{did_you_mean(cohort, cohorts)}\n"
                f"Cohorts: {', '.join(cohorts)}."
            )


def _needs(names: Iterable[str]) -> str:
    return f"needs {', '.join(names)}"
