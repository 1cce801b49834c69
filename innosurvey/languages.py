"""Which languages a report, and the codebook page, can be made in: those that have the files. Nothing else names them.

A report needs a file of words and the section files of English (docs/howto-new-language.md), the codebook page its
words. Imports nothing heavy: the report asks at every start.
"""

from pathlib import Path

from innosurvey import yamlfile
from innosurvey.errors import StudyError, bullets, did_you_mean

ENGLISH = "en"
WORDS = "workflow/report/words"
SECTIONS = "workflow/report/sections"
ENDING = ".md.j2"
CODEBOOK_WORDS = "workflow/codebook/words.yaml"


def languages_with_words(root: Path) -> list[str]:
    """Return the languages that have a file of words for the report."""
    return languages_in(root / WORDS)


def languages_in(folder: Path) -> list[str]:
    """Return the languages that have a file in a folder of words."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def in_language(name: str, language: str) -> str:
    """Return the section file of a language that is the counterpart of an English one."""
    return f"{name.removesuffix(f'.{ENGLISH}{ENDING}')}.{language}{ENDING}"


def languages_of_codebooks(root: Path) -> list[str]:
    """Return the languages that the codebook page has words in."""
    return list(yamlfile.read(root / CODEBOOK_WORDS, CODEBOOK_WORDS).data)


def files_lacking(language: str, root: Path) -> list[str]:
    """Return the files that a report in a language needs and that are not there: its words, and the sections of
    English.
    """
    sections = sorted(path.name for path in (root / SECTIONS).glob(f"*.{ENGLISH}{ENDING}"))
    wanted = [
        f"{WORDS}/{language}.yaml",
        *(f"{SECTIONS}/{in_language(name, language)}" for name in sections),
    ]
    return [file for file in wanted if not (root / file).is_file()]


def fail_if_a_language_has_no_files(languages: tuple[str, ...], root: Path) -> None:
    """Raise a StudyError for a language of `report.languages` without its words or sections; it says what there is."""
    for language in languages:
        lacking = files_lacking(language, root)
        if lacking:
            known = [each for each in languages_with_words(root) if not files_lacking(each, root)]
            raise StudyError(
                f"report.languages: the report cannot be written in {language}.{did_you_mean(language, known)}\n"
                f"It can in: {', '.join(known)}.  Files that are missing:\n{bullets(lacking, limit=5)}\n"
                "Take the language out of `report.languages`, or add the files (docs/howto-new-language.md)."
            )
