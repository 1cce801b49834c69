"""What can be checked of a study's configuration alone, before any of its raw files is read."""

from collections.abc import Mapping
from pathlib import Path

from innosurvey import clean, coverage, link, tables, weight, yamlfile
from innosurvey.certified import certificate_of
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.dictionary import Dictionary
from innosurvey.known import fail_if_the_policy_names_unknown
from innosurvey.reference.context import read_context
from innosurvey.reference.declared import declared_reference
from innosurvey.reference.spec import CHECKS, DECLARED, reference_files
from innosurvey.regions.places import read_places, read_tiles
from innosurvey.screen.spec import parse_score
from innosurvey.setting import check_texts
from innosurvey.study import Study


def notes_on(study: Study) -> tuple[str, ...]:
    """Return what the configuration does not do although it may look so."""
    if (study.programme.get("design") or {}).get("variance") != "jackknife" or len(study.waves) == 1:
        return ()
    return (
        "design.variance: the jackknife draws each wave by itself and says nothing of several together. "
        "Errors over all waves are linearised; `bootstrap` serves both.",
    )


def check_programme(study: Study, root: Path) -> tuple[str, ...]:
    """Read every section of the programme as the steps will; return what it does not do although it may look so."""
    from innosurvey import compare, describe  # here: they bring scipy, and the files can be read meanwhile
    from innosurvey.design import parse_design_rules

    covered = coverage.cover(study, root)
    items = describe.parse_items(study.programme["describe"])
    known = known_groups(study, covered)
    compare.parse_comparisons(_asked(study, "compare", root), items, known)
    compare.parse_rankings(_asked(study, "rank", root), items, known)
    compare.parse_decompositions(_asked(study, "decompose", root), items, known)
    _check_places(covered, root)
    link.parse_links({name: source.link for name, source in study.registers.items() if source.link})
    if study.waves:
        weight.parse_weights(study.weights, study.programme["design"])
    parse_design_rules(study.programme["design"])
    parse_score(study.programme.get("score"))
    fail_if_the_policy_names_unknown(study, known, root)
    certificate_of(study)
    check_texts(study, covered, root)
    return notes_on(study)


def check_reference(study: Study, root: Path) -> None:
    """Read the printed tables and carry out their checks."""
    if declared_reference(study.reference, root) is None:
        return
    files = reference_files(study.reference)
    read = {name: tables.read_codelist(root / file) for name, file in files.items() if name != DECLARED}
    printed = {name: table for name, table in read.items() if name != CHECKS}
    read_context(yamlfile.read(root / files[DECLARED]).data, read[CHECKS], printed, files)


def _check_places(covered: coverage.Coverage, root: Path) -> None:
    """Read the lists behind the regions: zones, neighbours, tiles."""
    spec = covered.regions
    lookup = covered.cohorts[spec.cohort].lookup if spec else None
    if spec and lookup:
        lists = {path: tables.read_codelist(root / path) for path in (lookup.path, *spec.files)}
        places = read_places(spec, lookup, covered.groups.get(spec.zone_cohort, ()), lists)
        if spec.tiles:
            read_tiles(lists[spec.tiles].to_dict("records"), spec.tiles, places.regions)


def _asked(study: Study, section: str, root: Path) -> dict[str, Mapping[str, object]]:
    """Return a section's entries without those of a cohort that the study has taken out of the programme: these are
    listed among what it lacks, and a cohort that nobody ever declared is not among them.
    """
    declared = yamlfile.read(root / "config.yaml").data.get("cohorts") or {}
    removed = set(declared).difference(study.programme["cohorts"])
    entries = study.programme.get(section) or {}
    return {name: entry for name, entry in entries.items() if entry.get("cohort") not in removed}


def check_edits(study: Study, dictionary: Dictionary) -> tuple[str, ...]:
    """Hold the hard edits against each other; return which are not checked or add nothing."""
    edits = clean.parse_edits(study.programme["edits"])
    clean.parse_localisation(study.programme.get("localisation"), dictionary)
    linked = [name for source in study.registers.values() if source.link for name in source.link.get("into", ())]
    clean.fail_if_edits_do_not_fit(edits, dictionary)
    system = clean.read_system(edits.values(), dictionary)
    clean.fail_if_edits_contradict(system, edits)
    known = {*dictionary, *linked}
    lacking = {name: [one for one in spec.names() if one not in known] for name, spec in edits.items()}
    notes = [f"edits.{name} is not checked: no register adds {lacks[0]}." for name, lacks in lacking.items() if lacks]
    notes += [str(found) for found in clean.redundant_edits(system, edits)]
    return tuple(notes)


def known_groups(study: Study, covered: coverage.Coverage) -> dict[str, tuple[str, ...]]:
    """Return the groups of every declared cohort, those that the study cannot feed included."""
    declared = {
        name: tuple(group.name for group in spec.groups)
        for name, spec in parse_cohorts(study.programme["cohorts"]).items()
    }
    return {**declared, **covered.groups}
