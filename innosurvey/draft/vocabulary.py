"""What a draft knows words for: yes and no, kinds of missing, levels, degrees, units, and the names of variables.

Read from `resources/dictionary/vocabulary.yaml`; the dictionary's own labels and level names are added.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from innosurvey.dictionary import Dictionary, Variable
from innosurvey.draft.words import plain, squeezed
from innosurvey.errors import StudyError
from innosurvey.specs import fail_if_not_one_of

LANGUAGES = ("en", "ko", "es", "fr", "de", "pt", "it")
SAYS_ENOUGH = 5
"""Letters that a word must have to tell the kind of missing at the beginning of a longer label: `na` may be a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words by what they mean, squeezed; `names`: variable → the texts that it is known by."""

    truths: Mapping[str, bool]
    missing: Mapping[str, str]
    first_words: Mapping[str, str]
    scale: Mapping[str, int]
    levels: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]

    def level(self, text: str, variable: Variable) -> str | None:
        """Return the level of the variable that a text names, or None."""
        said = squeezed(text)
        own = next((level for level in variable.levels if squeezed(level) == said), None)
        return own or next((level for level in self.levels.get(said, ()) if level in variable.levels), None)

    def kind_of_missing(self, text: str) -> str | None:
        """Return the kind of missing that a text names, or None."""
        return self.missing.get(squeezed(text)) if squeezed(text) else None

    def kind_in_label(self, label: str) -> str | None:
        """Return the kind of missing that the label of a code names, if need be by its first words: `Don't know
        (spontaneous)`, `Not applicable: no R&D`.
        """
        if kind := self.kind_of_missing(label):
            return kind
        said = " ".join(re.findall(r"\w+", plain(label)))
        begun = [text for text in self.first_words if said.startswith(f"{text} ")]
        return self.first_words[max(begun, key=len)] if begun else None

    def unit(self, text: str) -> str | None:
        """Return the unit of money that a text names, or None."""
        said = f" {plain(text)} "
        for unit, words in self.units.items():
            if any(re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", said) for word in words):
                return unit
        return None


def vocabulary_from(data: Mapping[str, Any], dictionary: Dictionary, language: str | None = None) -> Vocabulary:
    """Return the words of all languages, or of one and English; StudyError for a language that is not there."""
    if language is not None:
        fail_if_not_one_of(language, LANGUAGES, "--language")
    chosen = LANGUAGES if language is None else tuple(dict.fromkeys((language, "en")))

    def words(section: str) -> Iterable[tuple[Any, str]]:
        if section not in data:
            raise StudyError(f"the vocabulary lacks the section `{section}:`.")
        for meaning, by_language in data[section].items():
            yield from ((meaning, str(word)) for one in chosen for word in by_language.get(one, ()))

    levels: dict[str, list[str]] = {}
    for level, word in words("levels"):
        levels.setdefault(squeezed(word), []).append(str(level))
    names: dict[str, list[str]] = {name: _labels(variable, chosen) for name, variable in dictionary.items()}
    for name, word in words("variables"):
        names.setdefault(str(name), []).append(word)
    units: dict[str, list[str]] = {}
    for unit, word in words("units"):
        units.setdefault(str(unit), []).append(plain(word))
    endings = {ending: str(level) for level, entry in data["levels"].items() for ending in entry.get("cis", ())}
    return Vocabulary(
        truths={squeezed(word): bool(truth) for truth, word in words("truths")},
        missing={squeezed(word): str(kind) for kind, word in words("missing")},
        first_words={
            " ".join(re.findall(r"\w+", plain(word))): str(kind)
            for kind, word in words("missing")
            if len(squeezed(word)) >= SAYS_ENOUGH
        },
        scale={squeezed(word): int(degree) for degree, word in words("scale")},
        levels={word: tuple(found) for word, found in levels.items()},
        units={unit: tuple(found) for unit, found in units.items()},
        endings=endings,
        names={name: tuple(dict.fromkeys(texts)) for name, texts in names.items()},
    )


def _labels(variable: Variable, languages: Iterable[str]) -> list[str]:
    """Return the dictionary's labels, also without brackets and, of `group: item`, without the group's colon."""
    labels = [variable.label_en] + ([variable.label_ko] if "ko" in languages else [])
    of_the_year = variable.variable.endswith(("_t1", "_t2"))
    bare = [] if of_the_year else [re.sub(r"\s*\([^)]*\)$|, last year of the period$", "", label) for label in labels]
    return [text for text in dict.fromkeys([*labels, *bare]) if text]
