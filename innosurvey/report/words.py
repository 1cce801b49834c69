"""The fixed words of a report, language by language: captions, column heads, marks, buttons. Sentences stand in the
section templates.

The words of a language are a file, `workflow/report/words/<language>.yaml`, with every key of English and what English
leaves to be filled in; see docs/howto-new-language.md.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from innosurvey import yamlfile
from innosurvey.errors import StudyError, bullets, did_you_mean
from innosurvey.languages import ENGLISH, WORDS, languages_in

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / WORDS
_FILLED = re.compile(r"\{(\w*)\}")


class Words(dict[str, str]):
    """The fixed words of a language by key; one that is not there is a `StudyError`."""

    def __init__(self, words: Mapping[str, str], name: str) -> None:
        super().__init__(words)
        self.name = name

    def __missing__(self, key: str) -> str:
        raise StudyError(
            f"{self.name} has no word {key}.{did_you_mean(key, self)}\n"
            "Correct the key where it is asked for, or add the word to the file of every language."
        )


def languages() -> list[str]:
    """Return the languages that have a file of words."""
    return languages_in(FOLDER)


@cache
def words_in(language: str) -> Mapping[str, str]:
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
def words_at(language: str, confidence: float) -> Mapping[str, str]:
    """Return the fixed words of a language with the level of the intervals, `95 %`, and what it leaves, `0.05`, where
    they tell them.
    """
    level, alpha = f"{100 * confidence:g} %", f"{round(1 - confidence, 12):g}"
    told = {name: text.replace("{level}", level).replace("{alpha}", alpha) for name, text in words_in(language).items()}
    return Words(told, f"{WORDS}/{language}.yaml")
