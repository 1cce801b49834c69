"""The study's own cohorts on cases that an economist can read (tests/cases/cohorts.yaml)."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from innosurvey import files, study, tables, yamlfile
from innosurvey.cohorts.assign import assign_cohorts
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.derive import DerivedSpec, parse_derived
from tests.clean.make import make_wave

ROOT = Path(__file__).resolve().parents[2]
CASES = yamlfile.read(ROOT / "tests/cases/cohorts.yaml").data
VERSIONS = yamlfile.read(ROOT / "tests/cases/cohort_versions.yaml").data
DICTIONARY = files.read_dictionary(ROOT / "resources/dictionary/variables.csv")
STUDY = study.read(*study.BASE)
DERIVED = parse_derived(STUDY.programme["derived"])
# One firm fills one group.
COHORTS = {name: replace(spec, may_be_empty=True) for name, spec in parse_cohorts(STUDY.programme["cohorts"]).items()}
CODELISTS = {path.stem: tables.read_codelist(path) for path in sorted((ROOT / "resources/codelists").glob("*.csv"))}


def derived_for(cohort: str) -> dict[str, DerivedSpec]:
    """Return the derived variables that the cohort is built on, directly or not."""
    waiting, needed = COHORTS[cohort].names(), set()
    while waiting:
        name = waiting.pop()
        if name in DERIVED and name not in needed:
            needed.add(name)
            waiting += DERIVED[name].names()
    return {name: spec for name, spec in DERIVED.items() if name in needed}


def place_of_case(firm: dict[str, Any], cohort: str) -> list[str]:
    """Return the groups that the rules place the firm in; `unassigned` or `outside` where they place it in none."""
    wave = make_wave(DICTIONARY, **{name: [answer] for name, answer in firm.items()})
    design = wave.assign(
        stratum_id="s", pop_n_stratum=1, sample_n_stratum=1, weight_design=1.0, weight_final=1.0, certainty=True
    )
    chosen = {cohort: COHORTS[cohort]}
    result = assign_cohorts({"2018": design}, chosen, derived_for(cohort), DICTIONARY, CODELISTS)
    row = result.availability.query("kind == 'cohort'").iloc[0]
    assert row["available"], row["reason"]
    left_open = result.summary.query("group == 'unassigned' and n > 0")["group"].unique().tolist()
    return sorted(result.memberships["group"]) or left_open or ["outside"]


@pytest.mark.parametrize(
    ("case", "cohort"), [(case, cohort) for case, entry in CASES.items() for cohort in entry["in"]]
)
def test_a_firm_is_where_the_case_says(case, cohort):
    expected, found = CASES[case]["in"][cohort], place_of_case(CASES[case]["firm"], cohort)
    wanted = [expected] if isinstance(expected, str) else expected
    assert found == wanted, (
        f"{case} ({CASES[case]['about']}): in {cohort} the case says {' and '.join(wanted)}, "
        f"the rules of config.yaml say {' and '.join(found)}"
    )


def test_every_group_of_a_rule_has_a_case():
    placed = {
        (cohort, group)
        for entry in CASES.values()
        for cohort, groups in entry["in"].items()
        for group in [groups] * isinstance(groups, str) or groups
    }
    declared = {(name, group.name) for name, spec in COHORTS.items() if name != "all" for group in spec.groups}
    assert sorted(declared - placed) == []


def fingerprint_of(cohort: str) -> str:
    """Return a short hash of all that decides who is in which group: rules, code list, what they are derived from."""
    spec = COHORTS[cohort]
    parts = {name: (derived.rule, str(derived.lookup)) for name, derived in derived_for(cohort).items()}
    groups = [(group.name, group.rule) for group in spec.groups]
    said = json.dumps([spec.kind, spec.universe, groups, str(spec.lookup), dict(sorted(parts.items()))])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@pytest.mark.parametrize("cohort", [name for name in VERSIONS if name in COHORTS])
def test_a_rule_that_changes_gets_a_new_version(cohort):
    recorded, version, rules = VERSIONS[cohort], COHORTS[cohort].version, fingerprint_of(cohort)
    assert (recorded["version"], recorded["rules"]) == (version, rules), (
        f"cohorts.{cohort}: the rules, or what they are derived from, are not those recorded as version "
        f"{recorded['version']}. Raise `version:` in config.yaml if firms may move, and record "
        f"`{cohort}: {{version: …, rules: {rules}}}` in tests/cases/cohort_versions.yaml."
    )


def test_every_cohort_of_the_study_has_a_case():
    asked = {cohort for entry in CASES.values() for cohort in entry["in"]}
    assert set(COHORTS) == asked | {"all"}


def test_every_name_in_the_study_s_rules_is_known():
    known = pd.Index([*DICTIONARY, *DERIVED])
    needed = {name for spec in COHORTS.values() for name in spec.names()}
    assert needed - set(known) == set()
