"""Which section templates make a report in a language.

A section is a file `NN_name.<language>.md.j2`; NN orders the chapters, files whose name starts with `_` hold macros.
Every language has the sections of English.
"""

from collections.abc import Collection, Mapping

from innosurvey.errors import StudyError, bullets
from innosurvey.languages import ENDING, ENGLISH, in_language


def section_names(templates: Mapping[str, str], language: str) -> list[str]:
    """Return the section files of a language in their order; a `StudyError` for none at all, or for a language that
    lacks a section, or macros, of English.
    """
    ending = f".{language}{ENDING}"
    names = sorted(name for name in templates if name.endswith(ending) and not name.startswith("_"))
    if not names:
        known = sorted({name.removesuffix(ENDING).rsplit(".", 1)[-1] for name in templates if name.endswith(ENDING)})
        raise StudyError(
            f"There are no section templates in language {language!r}.\n"
            f"There are: {', '.join(known)}.  See docs/howto-new-language.md."
        )
    fail_if_sections_are_missing(templates, language)
    return names


def fail_if_sections_are_missing(templates: Collection[str], language: str) -> None:
    """Raise a `StudyError` that names the section files which English has and the language lacks: a chapter that is
    left out without a word would go unseen.
    """
    english = f".{ENGLISH}{ENDING}"
    wanted = {in_language(name, language): name for name in templates if name.endswith(english)}
    missing = [f"{name} (English: {wanted[name]})" for name in sorted(wanted) if name not in templates]
    if missing:
        raise StudyError(
            f"workflow/report/sections lacks, in language {language!r}, what English has:\n"
            f"{bullets(missing, limit=len(missing))}\n"
            "Translate each from the English file, macros too; see docs/howto-new-language.md."
        )
