"""What a reader must know of an item or a cohort before comparing waves: whose prices, and which breaks.

Worked out from the configuration alone: an item that is built, directly or not, on a price level or on a variable with
a declared break carries the note below every table that shows it. Imports nothing heavy.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from innosurvey.coverage import Coverage
from innosurvey.derive import DerivedSpec, parse_derived
from innosurvey.harmonise.spec import HOW, PRICES, HarmoniseSpec, parse_harmonise
from innosurvey.study import Study

Texts = dict[str, str]


def caveats_of(study: Study, coverage: Coverage) -> dict[str, Texts]:
    """Return the note of each item and cohort that has one, by `item.<id>` and `cohort.<id>`, as text by language."""
    spec = parse_harmonise(study.harmonise, study.waves)
    derived = parse_derived(study.programme.get("derived"))
    used = {f"item.{item}": _variables_of(study.programme["describe"][item]) for item in coverage.items}
    used |= {f"cohort.{name}": set(cohort.names()) for name, cohort in coverage.cohorts.items()}
    notes = {name: _note(_with_parts(variables, derived), spec) for name, variables in used.items()}
    return {name: note for name, note in notes.items() if note}


def breaks_of(study: Study, labels: Mapping[str, Mapping[str, str]]) -> Texts:
    """Return the study's breaks as one text by language, each with its variable and wave; empty without breaks."""
    spec = parse_harmonise(study.harmonise, study.waves)
    told: dict[str, list[str]] = {}
    for variable, waves in spec.breaks.items():
        for wave, text in waves.items():
            for language in dict.fromkeys((*text, "en")):
                name = labels.get(variable, {}).get(language, variable)
                told.setdefault(language, []).append(f"{name}, {wave}: {text[language]}")
    return {language: " ".join(texts) for language, texts in told.items()}


def _variables_of(item: Mapping[str, Any]) -> set[str]:
    return {str(item[key]) for key in ("variable", "numerator", "denominator") if key in item}


def _with_parts(names: Collection[str], derived: Mapping[str, DerivedSpec]) -> set[str]:
    """Return the variables with all that the derived ones among them are built from."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += derived[name].names() if name in derived else []
    return found


def _note(variables: set[str], spec: HarmoniseSpec) -> Texts:
    """Return the texts that these variables call for, one behind the other."""
    texts = list(_texts(variables, spec))
    languages = dict.fromkeys(language for text in texts for language in text)
    return {language: " ".join(text.get(language, text["en"]) for text in texts) for language in languages}


def _in(said: Mapping[str, str] | str, language: str) -> str:
    """Return a text in a language; one that has no languages is right in all."""
    return said.get(language, said["en"]) if isinstance(said, Mapping) else str(said)


def _texts(variables: set[str], spec: HarmoniseSpec) -> Iterator[Texts]:
    if spec.prices and variables.intersection(PRICES):
        made_up = {"en": ", a made-up series", "ko": ", 가상 계열"} if spec.prices.synthetic else {"en": "", "ko": ""}
        base = spec.prices.base
        source = {language: _in(spec.prices.source, language) for language in made_up}
        yield {
            "en": f"Constant prices of {base} ({source['en']}{made_up['en']}).",
            "ko": f"{base}년 불변가격({source['ko']}{made_up['ko']}).",
        }
    behind = {one.variable: {one.into, one.into + HOW} for one in spec.classifications}
    for variable, waves in spec.breaks.items():
        if variables & {variable, *behind.get(variable, ())}:
            for wave, text in waves.items():
                yield {language: f"{wave}: {words}" for language, words in text.items()}
