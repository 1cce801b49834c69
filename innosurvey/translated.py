"""Which texts of a study lack a language that its report is asked for: each with file and line, before anything runs.

A text by language is a map such as `{en: Firms, ko: 기업}`; a text that is one string has no languages and is right in
all of them. Where a file words the English of a text anew, it gives its other languages too: a study that renames an
item of the programme in English alone would otherwise be shown under the Korean of the old name. Imports nothing heavy:
the report asks at every start.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from innosurvey import yamlfile
from innosurvey.errors import StudyError, bullets
from innosurvey.languages import ENGLISH
from innosurvey.study import ROOT, Study

LABEL = "label_"
KEY = re.compile(r"[a-z]{2}")
LONGEST = 60  # characters of a text that a message repeats
OF_A_STUDY = ("title", "attribution", "question", "quality", "harmonise", "variables")
"""What the report says of a study from its entry under `studies:`."""
UNTOLD = ("certificate", "imputation", "localisation", "model_sets")
"""Sections without texts by language: what a certificate says of its data sets and cases is one text each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text by language, and the keys that lead to it. The key of a language is the language behind the prefix."""

    path: tuple[str, ...]
    said: Mapping[str, str]
    prefix: str = ""

    @property
    def name(self) -> str:
        """How the configuration has it: `describe.exports.title`."""
        return ".".join(self.path)

    def key(self, language: str) -> tuple[str, ...]:
        """Return the path of keys to one language."""
        return (*self.path, f"{self.prefix}{language}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The rows of a CSV file whose texts the report shows, and the column that has them by language."""

    file: str
    rows: Sequence[Mapping[str, str]]
    columns: Mapping[str, str]


def languages_of(study: Study) -> tuple[str, ...]:
    """Return the languages that the study's report is asked for."""
    return tuple(map(str, study.programme["report"]["languages"]))


def fail_if_texts_lack_a_language(study: Study, declared: Sequence[str], lists: Iterable[Listed]) -> None:
    """Raise a StudyError that lists every text which some language of the report lacks.

    `declared` are further YAML files whose texts the report shows (those of printed tables), `lists` its CSV files.
    """
    languages = languages_of(study)
    lacks = lacking_in_configuration(study, languages)
    for file in declared:
        read = yamlfile.read(ROOT / file, file)
        lacks += lacking_in(texts_in(read.data, languages), languages, [read])
    lacks += [line for listed in lists for line in lacking_in_list(listed, languages)]
    if lacks:
        raise StudyError(
            f"The report is asked for in {', '.join(languages)}, and some texts lack one of them:\n"
            f"{bullets(dict.fromkeys(lacks))}\n"
            "Add what is missing, as in `title: {en: Firms, ko: 기업}`, or take the language out of the study's "
            "`languages` (docs/howto-new-language.md)."
        )


def lacking_in_configuration(study: Study, languages: Sequence[str]) -> list[str]:
    """Return a line for each text of the configuration that lacks a language."""
    told = {name: section for name, section in study.programme.items() if name not in UNTOLD}
    asked = {**told, "studies": {study.name: {key: getattr(study, key) for key in OF_A_STUDY}}}
    return lacking_in(texts_in(asked, languages), languages, study.files)


def texts_in(entry: Any, languages: Iterable[str], path: tuple[str, ...] = ()) -> Iterator[Text]:
    """Yield each text by language below an entry, the labels of a study's own variables among them."""
    if isinstance(entry, list | tuple):
        for place, part in enumerate(entry):
            yield from texts_in(part, languages, (*path, str(place)))
    if not isinstance(entry, Mapping):
        return
    if _is_text(entry, languages):
        yield Text(path=path, said=entry)
        return
    labels = {str(key).removeprefix(LABEL): text for key, text in entry.items() if str(key).startswith(LABEL)}
    if _is_text(labels, languages):
        yield Text(path=path, said=labels, prefix=LABEL)
    for key, part in entry.items():
        yield from texts_in(part, languages, (*path, str(key)))


def lacking_in(texts: Iterable[Text], languages: Sequence[str], files: Sequence[yamlfile.YamlFile]) -> list[str]:
    """Return a line for each text that lacks a language, with the file and line (the last of `files` lies uppermost)
    where it stands.
    """
    lines = []
    for text in texts:
        where, given = _uppermost(text, files)
        absent = [f"{text.prefix}{language}" for language in languages if not str(given.get(language, "")).strip()]
        if absent:
            first = str(next(iter(given.values()), ""))
            shown = first if len(first) <= LONGEST else first[: LONGEST - 1] + "…"
            lines.append(f"{where}{text.name} has no {', no '.join(absent)} (“{shown}”)")
    return lines


def lacking_in_list(listed: Listed, languages: Sequence[str]) -> list[str]:
    """Return a line for each row of a CSV file that lacks a language; the first row below the header is line 2."""
    lines = []
    for language in languages:
        column = listed.columns.get(language)
        if column is None:
            continue  # the configuration names no column for it, which is a text that lacks a language itself
        if listed.rows and column not in listed.rows[0]:
            lines.append(f"{listed.file}: there is no column {column}")
            continue
        lines += [
            f"{listed.file} line {number}: {column} is empty"
            for number, row in enumerate(listed.rows, start=2)
            if not (row[column] or "").strip()
        ]
    return lines


def _is_text(entry: Mapping[Any, Any], languages: Iterable[str]) -> bool:
    """True for a map of languages to strings: English, or one that is asked for, is among them."""
    return bool({ENGLISH, *languages}.intersection(entry)) and all(
        KEY.fullmatch(str(key)) and isinstance(text, str) for key, text in entry.items()
    )


def _uppermost(text: Text, files: Sequence[yamlfile.YamlFile]) -> tuple[str, dict[str, str]]:
    """Return where a text stands, and the languages that hold: those of the uppermost file with its English, and of the
    files above it.
    """
    place, given = "", dict[str, str]()
    for file in reversed(files):
        here = [language for language in text.said if text.key(language) in file.lines]
        given |= {language: text.said[language] for language in here if language not in given}
        place = place or (f"{file.where(*text.key(here[0]))}: " if here else "")
        if ENGLISH in here:
            break
    return place, given or dict(text.said)
