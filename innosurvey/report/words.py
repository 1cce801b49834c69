"""The fixed words of a report, language by language: captions, column heads, marks, buttons. Sentences stand in the
section templates.

The words of a language are a file, `workflow/report/words/<language>.yaml`, with every key of English and what English
leaves to be filled in; see docs/howto-new-language.md.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from innosurvey import yamlfile
from innosurvey.errors import StudyError, bullets, did_you_mean
from innosurvey.languages import ENGLISH, WORDS, languages_in

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / WORDS
_FILLED = re.compile(r"\{(\w*)\}")


_ASKED: list[set[str]] = []
"""What `asked_for` collects at the moment."""


class Words(Mapping[str, str]):
    """The fixed words of a language by key; one that is not there is a `StudyError`."""

    def __init__(self, words: Mapping[str, str], name: str) -> None:
        self._words = dict(words)
        self.name = name

    def __getitem__(self, key: str) -> str:
        if key not in self:
            raise StudyError(
                f"{self.name} has no word {key}.{did_you_mean(key, self._words)}\n"
                "Correct the key where it is asked for, or add the word to the file of every language."
            )
        return self._words[key]

    def __contains__(self, key: object) -> bool:
        for asked in _ASKED:
            asked.add(str(key))
        return key in self._words

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def get(self, key: str, default: Any = None, /) -> Any:
        """Return a word, or the default where it is not there."""
        return self._words[key] if key in self else default

    def at(self, level: str, alpha: str) -> "Words":
        """Return the words with the level of the intervals, and with what it leaves, where they tell them."""
        told = {key: text.replace("{level}", level).replace("{alpha}", alpha) for key, text in self._words.items()}
        return Words(told, self.name)


@contextmanager
def asked_for() -> Iterator[set[str]]:
    """Collect the keys of the words that are asked for meanwhile, in any language, whether they are there or not."""
    asked: set[str] = set()
    _ASKED.append(asked)
    try:
        yield asked
    finally:
        _ASKED.pop()


def languages() -> list[str]:
    """Return the languages that have a file of words."""
    return languages_in(FOLDER)


@cache
def words_in(language: str) -> Words:
    """Return the fixed words of a language; a `StudyError` for a language without words, or without some of them."""
    if language not in languages():
        raise StudyError(
            f"The report has no words in language {language!r}.\n"
            f"It has: {', '.join(languages())}.  See docs/howto-new-language.md."
        )
    path = FOLDER / f"{language}.yaml"
    file = yamlfile.read(path, f"{WORDS}/{path.name}")
    words = {name: str(text) for name, text in file.data.items()}
    if language != ENGLISH:
        fail_if_translation_differs(words, words_in(ENGLISH), file)
    return Words(words, file.name)


def fail_if_translation_differs(words: Mapping[str, str], english: Mapping[str, str], file: yamlfile.YamlFile) -> None:
    """Raise a `StudyError` that names the words which a language lacks, those which English does not have, and those
    that fill in something else.
    """
    found = [f"{name} is missing (English: {english[name]!r})" for name in english if name not in words]
    found += [f"{file.where(name)}: English has no {name}" for name in words if name not in english]
    for name in english.keys() & words.keys():
        wanted, has = (sorted(_FILLED.findall(text)) for text in (english[name], words[name]))
        if wanted != has:
            found.append(f"{file.where(name)}: {name} fills in {has}, English {wanted}")
    if found:
        raise StudyError(
            f"{file.name} differs from the words of English:\n{bullets(sorted(found))}\n"
            "Translate what is missing; see docs/howto-new-language.md."
        )


@cache
def words_at(language: str, confidence: float) -> Words:
    """Return the fixed words of a language with the level of the intervals, `95 %`, and what it leaves, `0.05`, where
    they tell them.
    """
    return words_in(language).at(level=f"{100 * confidence:g} %", alpha=f"{round(1 - confidence, 12):g}")
