"""What the report calls the things that a study lacks: titles by `kind.id`, those of parts and choices included."""

from collections.abc import Iterable, Mapping
from typing import Any

from innosurvey.availability import Lack
from innosurvey.policy.spec import parse_policy
from innosurvey.specs import title_of


def titles_of_lacking(
    programme: Mapping[str, Any], lacks: Iterable[Lack], variables: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return titles by `kind.id`, from the programme and the labels of variables."""
    return _titles(programme) | _titles_of_policy(programme) | _titles_of_choices(programme, lacks, variables)


def question_words(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of a robustness question: its title, the question, and how its choices are called."""
    return {key: entry[key] for key in ("title", "question", "labels", "leave_out") if key in entry}


def _titles(programme: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return titles by `kind.id`: of what can't be had, too."""
    sections = {
        "cohort": "cohorts",
        "item": "describe",
        "ranking": "rank",
        "decomposition": "decompose",
        "model": "models",
        "robustness": "robustness",
        "claim": "claims",
    }
    return {
        f"{kind}.{name}": dict(entry["title"])
        for kind, section in sections.items()
        for name, entry in (programme.get(section) or {}).items()
        if entry and isinstance(entry.get("title"), Mapping)
    }


def _titles_of_policy(programme: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return titles of the parts of the policy frame: field and barrier, or field, instrument and who grants it."""
    section = programme.get("policy")
    spec = parse_policy(section)
    if spec is None or section is None:
        return {}
    items = programme["describe"]
    titles: dict[str, dict[str, str]] = {}
    for part, item in (*spec.parts(), *spec.associations()):
        field, name, *government = part.split(".")
        entry = section["fields"][field]
        named = [entry, (entry.get("instruments") or {}).get(name) or items.get(item, {"title": {"en": item}})]
        named += [section["governments"][one] for one in government]
        words = [title_of(one, part, f"policy.fields.{field}") for one in named]
        languages = [language for language in words[0] if all(language in title for title in words)]
        titles[f"policy.{part}"] = {language: ": ".join(title[language] for title in words) for language in languages}
    return titles


def _titles_of_choices(
    programme: Mapping[str, Any], lacks: Iterable[Lack], variables: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return titles of the choices that robustness questions do without: the question, then the choice."""
    titles: dict[str, dict[str, str]] = {}
    for lack in lacks:
        question, _, choice = lack.id.partition(".")
        if lack.kind != "robustness" or not choice:
            continue
        entry = programme["robustness"][question]
        name = choice.partition(".")[2] or str(entry.get(choice, choice))
        said = (entry.get("labels") or {}).get(name) or variables.get(name) or {"en": name}
        titles[f"robustness.{lack.id}"] = {
            language: f"{title}: {said.get(language) or said.get('en', name)}"
            for language, title in (entry.get("title") or {"en": question}).items()
        }
    return titles
