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
from innosurvey.coverage import Coverage
from innosurvey.study import Study

MADE_BY = {
    "describe": "describe_cohort",
    "compare": "compare_groups",
    "unweighted": "compare_groups",
    "omnibus": "compare_groups",
    "ranks": "compare_groups",
    "adjusted": "compare_groups",
    "decompositions": "compare_groups",
    "fits": "fit_models",
    "coefficients": "fit_models",
    "cohorts": "assign_cohorts",
    "availability": "assign_cohorts",
    "link": "link_registers",
    "ledger": "clean_survey",
    "imputation": "impute_answers",
    "screen": "screen_answers",
    "scores": "rank_suspects",
    "weights": "weight_sample",
    "weighting": "weight_sample",
    "calibration": "weight_sample",
    "quality": "assess_quality",
    "nonresponse": "count_answers",
}


def report_setting(study: Study, coverage: Coverage, root: Path) -> dict[str, Any]:
    """Return the report's context of a study as plain values."""
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
        "attribution": study.attribution,
        "version": __version__,
        "waves": {wave: {"en": wave} for wave in study.waves},
        "items": {item: _plain(programme["describe"][item]) for item in coverage.items},
        "cohorts": {
            name: _cohort(programme["cohorts"][name], coverage, name, phrases.get(name) or {})
            for name in coverage.cohorts
        },
        "comparisons": {name: _plain(programme["compare"][name]) for name in coverage.comparisons},
        "rankings": {name: _plain(programme["rank"][name]) for name in coverage.rankings},
        "decompositions": {name: _plain(programme["decompose"][name]) for name in coverage.decompositions},
        "models": {spec.id: _plain(programme["models"][spec.id]) for spec in coverage.models},
        "terms": labels,
        "variables": labels,
        "rules": {
            name: edit["text"]
            for section in ("edits", "screen")
            for name, edit in programme.get(section, {}).items()
            if "text" in edit
        },
        "disclosure": dict(programme["disclosure"]),
        "sources": {name: {"file": f"estimates/{name}.csv", "rule": rule} for name, rule in MADE_BY.items()},
        "data_files": _data_files(study),
        "lacking": _titles(programme),
        "caveats": caveats_of(study, coverage),
        "quality": _statements(study, labels),
    }


def _cohort(
    entry: Mapping[str, Any], coverage: Coverage, name: str, phrases: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return a cohort with its groups' titles, whether rules, an `otherwise` or a code list give them, and phrases."""
    groups = {
        group.name: {"title": dict(group.title), "phrase": dict(phrases.get(group.name) or {})}
        for group in coverage.cohorts[name].groups
    }
    return {
        **{key: value for key, value in _plain(entry).items() if key not in ("otherwise", "lookup", "bins")},
        "groups": groups,
    }


def _titles(programme: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return titles by `kind.id`: of what can't be had, too."""
    sections = {
        "cohort": "cohorts",
        "item": "describe",
        "ranking": "rank",
        "decomposition": "decompose",
        "model": "models",
    }
    return {
        f"{kind}.{name}": dict(entry["title"])
        for kind, section in sections.items()
        for name, entry in (programme.get(section) or {}).items()
        if entry and isinstance(entry.get("title"), Mapping)
    }


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
    with open(root / "resources/dictionary/variables.csv", encoding="utf-8", newline="") as lines:
        labels = {row["variable"]: {"en": row["label_en"], "ko": row["label_ko"]} for row in csv.DictReader(lines)}
    labels |= {
        name: {"en": entry.get("label_en", name), "ko": entry.get("label_ko", name)}
        for name, entry in study.variables.items()
    }
    for name, entry in study.programme["derived"].items():
        if isinstance(entry, Mapping) and isinstance(entry.get("title"), Mapping):
            labels[name] = dict(entry["title"])
    return labels


def _data_files(study: Study) -> list[dict[str, str]]:
    sources = [*study.waves.values(), *study.registers.values()]
    return [{"file": source.file, "codebook": source.codebook} for source in sources]


def _plain(value: Any) -> Any:
    return {str(key): _plain(entry) for key, entry in value.items()} if isinstance(value, Mapping) else value


def study_as_read(study: Study) -> dict[str, Any]:
    """Return what the codebook page says of a study beside its dictionary and codebooks, as plain values."""
    linked = {name: register for register, source in study.registers.items() for name in source.link.get("into", {})}
    return {
        "title": dict(study.title) if isinstance(study.title, Mapping) else study.title,
        "release": study.release,
        "attribution": study.attribution,
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
        "title": study.title["en"] if isinstance(study.title, Mapping) else study.title,
        "release": study.release,
        "attribution": study.attribution,
        "synthetic": study.synthetic,
        "licence": dict(study.licence),
        "sources": dict(checksums),
    }
