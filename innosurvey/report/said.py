"""What the stages say of themselves, in the report's language: statuses and warnings of models, names and notes of
tests, what a survey lacks.

The stages write English, with numbers and the configuration's names in it. The fixed words of English have each such
sentence with braces around what varies (`said_…`), those of another language the same one in its own words.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache

from innosurvey.report.words import ENGLISH, words_in

SAID = "said_"
BETWEEN, LISTED = "; ", ", "
NUMBERS = ("count", "draws", "failed", "firms", "least", "limit", "most", "number", "slopes", "value")
"""What is filled in by a number; anything else may be a name, several, or a sentence."""
LISTS = ("names", "terms", "levels")
_NUMBER = r"-?[\d][\d.,e+-]*"
_LEVEL = r"(?:'[^']*'|\d+)"
_FILLED = {**dict.fromkeys(NUMBERS, _NUMBER), "levels": rf"{_LEVEL}(?:(?:, | or ){_LEVEL})*"}
_BRACES = re.compile(r"\{(\w+)\}")


def in_language(said: str, language: str, names: Collection[str] = ()) -> str:
    """Return what a stage says in a language: sentence by sentence, what is filled in too. English is left as it is, so
    is a sentence that no word knows, and a name of `names`.
    """
    if language == ENGLISH:
        return said
    return BETWEEN.join(_sentence(part, language, names) for part in said.split(BETWEEN))


def _sentence(said: str, language: str, names: Collection[str]) -> str:
    if not said or said in names:
        return said
    words = words_in(language)
    for key, pattern in _patterns():
        if found := pattern.fullmatch(said):
            filled = found.groupdict().items()
            said_of = {name: (_listed if name in LISTS else _sentence)(text, language, names) for name, text in filled}
            return words[key].format(**said_of)
    return _of_an_equation(said, language, names, words)


def _listed(said: str, language: str, names: Collection[str]) -> str:
    """Return several things with commas between, each by itself."""
    return LISTED.join(_sentence(part, language, names) for part in said.split(LISTED))


def _of_an_equation(said: str, language: str, names: Collection[str], words: Mapping[str, str]) -> str:
    """Return a sentence on one equation of a model, `selection: dropped control …`."""
    equation, colon, rest = said.partition(": ")
    known = words.get(f"equation_{equation}")
    return f"{known}: {_sentence(rest, language, names)}" if known and colon else said


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the sentences of the stages as patterns by the name of their words, those that say most first."""
    said = [(key, text) for key, text in words_in(ENGLISH).items() if key.startswith(SAID)]
    said.sort(key=lambda one: -len(_BRACES.sub("", one[1])))
    return tuple((key, re.compile(_pattern(text))) for key, text in said)


def _pattern(text: str) -> str:
    """Return a sentence with braces as a regular expression that finds what fills them."""
    parts = _BRACES.split(text)
    return "".join(
        f"(?P<{part}>{_FILLED.get(part, '.+')})" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
