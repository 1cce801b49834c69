"""Which names a rule, an item or a model may use, and the errors that say which they may not."""

import csv
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from innosurvey import expressions, yamlfile
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.derive import DerivedSpec
from innosurvey.errors import StudyError, bullets, did_you_mean
from innosurvey.harmonise.spec import HarmoniseSpec, columns_added, parse_harmonise
from innosurvey.impute.spec import fail_if_names_unknown, parse_imputation
from innosurvey.models.plan import SLICE_COLUMNS
from innosurvey.policy.feed import Declared, fail_if_undeclared
from innosurvey.policy.spec import parse_policy
from innosurvey.screen.spec import fail_if_screen_unknown, parse_screen
from innosurvey.study import Study

GIVEN = ("firm_id", "wave", "obs_start", "obs_end")
"""Columns that every wave has, whatever its questionnaire."""


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


def fail_if_a_section_names_unknown(
    study: Study, derived: Mapping[str, DerivedSpec], bridge: HarmoniseSpec, known: frozenset[str], root: Path
) -> None:
    """Raise a StudyError for a variable that harmonising, deriving, screen or imputation names and nothing declares."""
    for one in bridge.classifications:
        fail_if_names_are_unknown((one.variable, one.revision), known, one.where)
    fail_if_names_are_unknown(bridge.breaks, known, "harmonise.breaks")
    for spec in derived.values():
        fail_if_names_are_unknown(spec.names(), known, spec.where)
    with_registers = known | study.register_names
    late = {name for name in derived if name not in _canonical(root)}
    fail_if_edits_name_unknown(study.programme["edits"], with_registers, late)
    fail_if_screen_unknown(parse_screen(study.programme.get("screen"), study.programme["edits"]), with_registers)
    fail_if_names_unknown(
        parse_imputation(study.programme.get("imputation")), known.difference(derived), with_registers
    )


def fail_if_the_policy_names_unknown(study: Study, groups: Mapping[str, Collection[str]], root: Path) -> None:
    """Raise a StudyError for a cohort, stage, item or claim of the policy frame that nobody ever declared; what a study
    has taken out of the programme is listed among what it lacks. `groups` are those of the study's cohorts.
    """
    spec = parse_policy(study.programme.get("policy"))
    if spec is None:
        return
    base = yamlfile.read(root / "config.yaml").data
    removed = {
        name: tuple(group.name for group in cohort.groups) for name, cohort in parse_cohorts(base["cohorts"]).items()
    }
    items = {**base["describe"], **study.programme["describe"]}
    declared = Declared(
        cohorts={**removed, **groups},
        items={name: str(entry["statistic"]) for name, entry in items.items()},
        claims=tuple({**base["claims"], **(study.programme.get("claims") or {})}),
    )
    fail_if_undeclared(spec, declared)
