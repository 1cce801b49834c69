"""Reading what `innosurvey explain` tells of: the plan of a study, and what its last build left in `results/`."""

import json
from pathlib import Path

import pandas as pd

from innosurvey import coverage, tables
from innosurvey.claims.spec import parse_claims
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.explain import BUILT, Built, explain
from innosurvey.models.parse import parse_models
from innosurvey.models.plan import plan_fits
from innosurvey.study import Study


def explain_model(study: Study, root: Path, model: str, group: str | None = None) -> str:
    """Return the explanation of one model of a study; StudyError for one that it does not have."""
    declared = {spec.id: spec for spec in parse_models(study.programme["models"], study.programme.get("model_sets"))}
    if model not in declared:
        raise StudyError(f"there is no model {model}.{did_you_mean(model, declared)}\nModels: {', '.join(declared)}.")
    covered = coverage.cover(study, root)
    planned = plan_fits(covered.models, covered.groups, list(study.waves))
    places = [f"{item.cohort}.{item.group}" for item in planned if item.spec.id == model]
    if group is not None and group not in places:
        raise StudyError(
            f"{model} has no group {group}.{did_you_mean(group, places)}\nGroups: {', '.join(places) or 'none'}."
        )
    chosen = None if group is None else tuple(group.split(".", 1))
    return explain(declared[model], planned, built(study, root), (chosen[0], chosen[1]) if chosen else None)


def built(study: Study, root: Path) -> Built:
    """Return what the last build of a study left; nothing where there was none."""
    results = root / "results" / study.name
    files = {name: results / "estimates" / f"{name}.csv" for name in BUILT}
    published = results / "publish"
    documents = sorted(published.glob("document.*.json"))
    claims = [
        (f"{claim.id} ({hypothesis.id})", estimand.key)
        for claim in parse_claims(study.programme.get("claims"))
        for hypothesis in claim.hypotheses
        for estimand in (hypothesis.estimand, *hypothesis.variants.values())
        if estimand.kind == "coefficient"
    ]
    return Built(
        tables={name: tables.read(name, path) for name, path in files.items() if path.is_file()},
        documents={
            path.name.replace("document", "report").removesuffix(".json"): json.loads(path.read_text(encoding="utf-8"))
            for path in documents
        },
        figures={
            f"figure {path.stem}": pd.read_csv(path, dtype=str) for path in sorted(published.glob("figures.en/*.csv"))
        },
        claims=claims,
    )
