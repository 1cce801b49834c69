"""The setting of the report: what it must know of a study beside the estimates.

Made from the configuration and the dictionary, in the form that `innosurvey.report.context` reads. It becomes a
parameter of the report's rules, so that a changed title redraws the report and nothing else.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from innosurvey import __version__
from innosurvey.caveats import breaks_of, caveats_of
from innosurvey.certified import certificate_of
from innosurvey.codelists import LookupSpec
from innosurvey.cohorts.spec import CohortSpec
from innosurvey.coverage import Coverage
from innosurvey.derive import parse_derived, parts_of
from innosurvey.design_rules import parse_design_rules
from innosurvey.glossary import glossary_of
from innosurvey.lacking import question_words, titles_of_lacking
from innosurvey.languages import ENGLISH, fail_if_a_language_has_no_files
from innosurvey.logs import logs_of
from innosurvey.made_by import MADE_BY
from innosurvey.models.spec import ModelSpec
from innosurvey.reference.declared import declared_reference
from innosurvey.reference.spec import DECLARED, reference_files
from innosurvey.reference.words import reference_words
from innosurvey.regions.places import read_tiles
from innosurvey.regions.spec import RegionsSpec
from innosurvey.specs import english
from innosurvey.study import Study
from innosurvey.translated import LABEL, Listed, fail_if_texts_lack_a_language, languages_of

DICTIONARY = "resources/dictionary/variables.csv"


def report_setting(study: Study, coverage: Coverage, root: Path) -> dict[str, Any]:
    """Return the report's context of a study as plain values; a StudyError lists the texts that lack a language."""
    check_texts(study, coverage, root)
    programme = study.programme
    phrases = programme["report"].get("groups") or {}
    labels = _labels(study, root)
    return {
        "study": study.name,
        "title": dict(study.title),
        "release_date": study.release,
        "synthetic": study.synthetic,
        "country": study.country,
        "currency": study.currency,
        "attribution": _plain(study.attribution),
        "question": _plain(study.question),
        "version": __version__,
        "waves": {wave: wave for wave in study.waves},
        "items": {item: _plain(programme["describe"][item]) for item in coverage.items},
        "cohorts": {
            name: _cohort(programme["cohorts"][name], spec, _group_titles(spec, root), phrases.get(name) or {})
            for name, spec in coverage.cohorts.items()
        },
        "comparisons": {name: _plain(programme["compare"][name]) for name in coverage.comparisons},
        "rankings": {name: _plain(programme["rank"][name]) for name in coverage.rankings},
        "decompositions": {name: _plain(programme["decompose"][name]) for name in coverage.decompositions},
        "curves": {name: _plain(programme["curves"][name]) for name in coverage.curves},
        "regions": _regions(coverage.regions, coverage, root),
        "models": {spec.id: _model(programme["models"][spec.id], spec) for spec in coverage.models},
        "robustness": {spec.id: question_words(programme["robustness"][spec.id]) for spec in coverage.robustness},
        "claims": _claims(programme.get("claims") or {}),
        "policy": _policy(programme.get("policy") or {}),
        "terms": labels,
        "variables": labels,
        "definitions": _definitions(programme, coverage),
        "units": _units(study, root),
        "rules": {
            name: edit["text"]
            for section in ("edits", "screen")
            for name, edit in programme.get(section, {}).items()
            if "text" in edit
        },
        "regressions": dict(programme["report"].get("regressions") or {}),
        "disclosure": dict(programme["disclosure"]),
        "variance": programme["design"].get("variance", "taylor"),
        "confidence": parse_design_rules(programme["design"]).confidence,
        "sources": {name: {"file": f"estimates/{name}.csv", "rule": rule} for name, rule in MADE_BY.items()},
        "data_files": _data_files(study),
        "lacking": titles_of_lacking(programme, coverage.lacks, labels),
        "caveats": caveats_of(study, coverage),
        "quality": _statements(study, labels),
        "certificate": certificate_of(study).words(),
        "glossary": _plain(glossary_of(study)),
        "logs": _plain(logs_of(study)),
        "reference": reference_words(declared_reference(study.reference, root)),
    }


def check_texts(study: Study, coverage: Coverage, root: Path) -> None:
    """Raise a StudyError that lists the texts of the configuration, the dictionary, the code lists and the printed
    tables which lack a language of `report.languages`.
    """
    fail_if_a_language_has_no_files(languages_of(study), root)
    columns = {language: f"{LABEL}{language}" for language in languages_of(study)}
    lists = [Listed(file=DICTIONARY, rows=_rows(root / DICTIONARY), columns=columns)]
    for lookup in (spec.lookup for spec in coverage.cohorts.values() if spec.lookup):
        file = f"resources/codelists/{lookup.codelist}.csv"
        lists.append(Listed(file=file, rows=_rows(root / file), columns=lookup.title))
    printed = reference_files(study.reference).get(DECLARED)
    fail_if_texts_lack_a_language(study, [printed] if printed else [], lists)


def _cohort(
    entry: Mapping[str, Any],
    spec: CohortSpec,
    titles: Mapping[str, Mapping[str, str]],
    phrases: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Return a cohort with its groups' titles, whether rules, an `otherwise` or a code list give them, and phrases."""
    groups = {
        group: {"title": dict(title), "phrase": dict(phrases.get(group) or {})} for group, title in titles.items()
    }
    return {
        **{key: value for key, value in _plain(entry).items() if key not in ("otherwise", "lookup", "bins")},
        "groups": groups,
        **_lookup(spec.lookup),
    }


def _claims(section: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the words of the claims: title and source, and the titles of their hypotheses."""
    return {
        name: {
            "title": entry["title"],
            "source": entry["source"],
            "hypotheses": {id_: one["title"] for id_, one in entry["hypotheses"].items()},
        }
        for name, entry in section.items()
    }


def _policy(section: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of the policy frame: titles of governments, fields and instruments, and the recommendations."""
    fields = section.get("fields") or {}
    return {
        "governments": {name: _plain(one["title"]) for name, one in (section.get("governments") or {}).items() if one},
        "fields": {name: _plain(one["title"]) for name, one in fields.items() if one},
        "instruments": {
            name: _plain(instrument["title"])
            for field in fields.values()
            for name, instrument in ((field or {}).get("instruments") or {}).items()
            if instrument
        },
        "recommendations": {
            name: _plain(one["text"]) for name, one in (section.get("recommendations") or {}).items() if one
        },
    }


def _group_titles(spec: CohortSpec, root: Path) -> dict[str, dict[str, str]]:
    """Return the titles of a cohort's groups by language; those of a code list stand in its columns."""
    if spec.lookup is None:
        return {group.name: dict(group.title) for group in spec.groups}
    titles: dict[str, dict[str, str]] = {}
    for row in _rows(root / "resources/codelists" / f"{spec.lookup.codelist}.csv"):
        said = {language: row[column] for language, column in spec.lookup.title.items() if row.get(column)}
        titles.setdefault(row[spec.lookup.value], said)
    return titles


def _regions(spec: RegionsSpec | None, coverage: Coverage, root: Path) -> dict[str, Any]:
    """Return what the report says about regions with: titles of measures and links, and the tile of each region."""
    if spec is None:
        return {}
    types = spec.types
    return {
        "cohort": spec.cohort,
        "zones": spec.zone_cohort,
        "map": spec.map,
        "boundaries": list(spec.boundaries),
        "measures": {
            measure.id: {"title": dict(measure.title), "among": measure.among, "part": measure.is_part}
            for measure in spec.measures
        },
        "links": {link.id: {"title": dict(link.title)} for link in (types.links if types else ())},
        "types": {"alpha": types.alpha, "stability": types.stability, "silhouette": types.silhouette} if types else {},
        "tiles": read_tiles(_rows(root / spec.tiles), spec.tiles, coverage.groups[spec.cohort]) if spec.tiles else {},
    }


def _lookup(lookup: LookupSpec | None) -> dict[str, Any]:
    """Return what a reader must know of a lookup; nothing where there is none."""
    return {key: getattr(lookup, key) for key in ("variables", "digits", "codelist")} if lookup else {}


def _definitions(programme: Mapping[str, Any], coverage: Coverage) -> dict[str, dict[str, Any]]:
    """Return rule, code list and note of the derived variables that the cohorts are built on, in their order."""
    derived = parse_derived(programme["derived"])
    named = parts_of([name for cohort in coverage.cohorts.values() for name in cohort.names()], derived)
    found = {}
    for spec in (derived[name] for name in named if name in derived):
        note = programme["derived"][spec.id].get("note", "")
        found[spec.id] = {"rule": spec.rule or "", "note": _plain(note), **_lookup(spec.lookup)}
    return found


def _units(study: Study, root: Path) -> dict[str, str]:
    """Return the units of canonical, own and derived variables that have one."""
    entries = [*study.variables.items(), *study.programme["derived"].items()]
    declared = {name: str(entry["unit"]) for name, entry in entries if isinstance(entry, Mapping) and entry.get("unit")}
    return {row["variable"]: row["unit"] for row in _rows(root / DICTIONARY) if row["unit"]} | declared


def _statements(study: Study, labels: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return what the study says under the concepts of the quality report; its breaks stand under comparability."""
    said, breaks = _plain(study.quality), breaks_of(study, labels)
    if not breaks:
        return said
    before = said.get("S.15.2", {})
    joined = {language: " ".join(filter(None, (before.get(language), text))) for language, text in breaks.items()}
    return {**said, "S.15.2": joined}


def _labels(study: Study, root: Path) -> dict[str, dict[str, str]]:
    """Return the labels of canonical, own and derived variables by language."""
    labels = {row["variable"]: labels_in(row) for row in _rows(root / DICTIONARY)}
    labels |= {name: {ENGLISH: name, **labels_in(entry)} for name, entry in study.variables.items()}
    for name, entry in study.programme["derived"].items():
        if isinstance(entry, Mapping) and isinstance(entry.get("title"), Mapping):
            labels[name] = dict(entry["title"])
    return labels


def labels_in(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the labels of a variable by language: `label_en`, `label_ko` and whatever other language has one."""
    return {key.removeprefix(LABEL): str(text) for key, text in entry.items() if key.startswith(LABEL)}


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _data_files(study: Study) -> list[dict[str, str]]:
    sources = [*study.waves.values(), *study.registers.values()]
    return [{"file": source.file, "codebook": source.codebook} for source in sources]


def _model(entry: Mapping[str, Any], spec: ModelSpec) -> dict[str, Any]:
    """Return a model as it is declared, with its sets of terms written out."""
    lists = ("regressors", "controls", "endogenous")
    return {**_plain(entry), **{key: [term.text for term in getattr(spec, key)] for key in lists if key in entry}}


def _plain(value: Any) -> Any:
    return {str(key): _plain(entry) for key, entry in value.items()} if isinstance(value, Mapping) else value


def study_as_read(study: Study) -> dict[str, Any]:
    """Return what the codebook page says of a study beside its dictionary and codebooks, as plain values."""
    linked = {name: register for register, source in study.registers.items() for name in source.link.get("into", {})}
    return {
        "title": dict(study.title) if isinstance(study.title, Mapping) else study.title,
        "release": study.release,
        "attribution": _plain(study.attribution),
        "synthetic": study.synthetic,
        "currency": study.currency,
        "linked": linked,
        "derived": _plain(study.programme.get("derived") or {}),
        "cohorts": _plain(study.programme["cohorts"]),
    }


def package_setting(study: Study, checksums: Mapping[str, str]) -> dict[str, Any]:
    """Return what the data package says of a study, as plain values."""
    return {
        "name": study.name,
        "title": english(study.title),
        "release": study.release,
        "attribution": english(study.attribution),
        "synthetic": study.synthetic,
        "licence": dict(study.licence),
        "sources": dict(checksums),
    }
