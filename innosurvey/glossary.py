"""The glossary: what the report's terms mean, and which other words its texts must not use for the same thing.

It is a section of the configuration, `glossary:`, with resources/glossary.yaml below every study. The shape is the
schema's business; here is what a term must not contradict.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from innosurvey.errors import StudyError, bullets
from innosurvey.study import Study

HANGUL = "가-힣"
# What may follow a Korean word without being part of it.
PARTICLES = (
    "은|는|이|가|을|를|과|와|의|에|에서|에게|으로|로|도|만|이나|나|이며|이고|이다|다|인|별|보다|부터|까지|마다|들"
)


def glossary_of(study: Study) -> dict[str, dict[str, Any]]:
    """Return the terms by id as plain values: `term`, `definition`, `source`, `avoid`.

    A StudyError names, with file and line, each word that stands for two terms, or that is a term and to be avoided.
    """
    terms = {str(name): dict(entry) for name, entry in (study.programme.get("glossary") or {}).items()}
    faults = [*_said_twice(terms, study), *_term_and_avoided(terms, study)]
    if faults:
        raise StudyError(
            f"The glossary contradicts itself:\n{bullets(faults)}\n"
            "Give each word one term: rename one, or take the word out of `avoid:`."
        )
    return terms


def words_to_avoid(terms: Mapping[str, Mapping[str, Any]], language: str) -> dict[str, str]:
    """Return the words that texts in a language must not use, each with the term that they use instead."""
    return {
        word: entry["term"][language]
        for entry in terms.values()
        for word in (entry.get("avoid") or {}).get(language, ())
    }


def avoided_in(text: str, avoided: Iterable[str], language: str) -> list[str]:
    """Return which words to avoid stand in a text as whole words: in Korean a particle may follow, in other languages
    neither letter nor digit, whatever the case.
    """
    return [word for word in avoided if _pattern(word, language).search(text)]


def _pattern(word: str, language: str) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, word.split()))
    if language == "ko":
        return re.compile(rf"(?<![\w]){spaced}(?=(?:{PARTICLES})?(?![\w]))")
    return re.compile(rf"(?<![\w-]){spaced}(?![\w-])", re.IGNORECASE)


def _said_twice(terms: Mapping[str, Mapping[str, Any]], study: Study) -> Iterator[str]:
    first: dict[tuple[str, str], str] = {}
    for name, entry in terms.items():
        for language, word in entry["term"].items():
            other = first.setdefault((language, word.casefold()), name)
            if other != name:
                where = study.where("glossary", name, "term")
                yield f"{where}“{word}” is the term of {name} and of {other}"


def _term_and_avoided(terms: Mapping[str, Mapping[str, Any]], study: Study) -> Iterator[str]:
    used = {
        (language, word.casefold()): name for name, entry in terms.items() for language, word in entry["term"].items()
    }
    for name, entry in terms.items():
        for language, words in (entry.get("avoid") or {}).items():
            for word in words:
                if other := used.get((language, word.casefold())):
                    where = study.where("glossary", name, "avoid")
                    yield f"{where}{name} avoids “{word}”, which is the term of {other}"
