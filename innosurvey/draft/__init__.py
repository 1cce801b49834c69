"""A first codebook, drafted from a raw file and what it says of itself: a person completes it.

The story: `readers` finds out how the file is to be read and takes what it says of its columns; `profile` looks at the
cells of each column (which kind, which codes, which of them no answers); `match` ranks the dictionary's variables for
it; `values` proposes what its codes mean; `entries` (of a register: `registers`) decides what is filled in and what
stays a comment; `page` writes the YAML (of a study: `study_page`, with `waves` for those in one file). Nothing about
single firms is written: codes only, and of those only the ones that many firms have.
"""

import re

from innosurvey.dictionary import Dictionary
from innosurvey.draft.entries import Drafter
from innosurvey.draft.page import Draft, Heading, page
from innosurvey.draft.readers import Source, read_source
from innosurvey.draft.registers import register_entries
from innosurvey.draft.vocabulary import LANGUAGES, Vocabulary, vocabulary_from
from innosurvey.draft.waves import period_of_code, wave_codes, years_up_to

__all__ = [
    "LANGUAGES",
    "Draft",
    "Source",
    "Vocabulary",
    "draft_codebook",
    "period_of_code",
    "read_source",
    "vocabulary_from",
    "wave_codes",
]  # fmt: skip

_YEARS = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)")


def draft_codebook(
    source: Source,
    dictionary: Dictionary,
    words: Vocabulary,
    table: str = "survey",
    period: tuple[str, str] | None = None,
) -> Draft:
    """Return the draft of a survey's codebook, or of a register's or frame's."""
    unit = words.unit(" ".join(source.notes))
    if table == "survey":
        entries = Drafter(source=source, dictionary=dictionary, words=words, unit=unit).entries()
    else:
        entries = register_entries(source, words, unit)
    guess = period or _period(source)
    heading = Heading(title=source.path.stem, table=table, period=guess, period_is_guessed=period is None)
    return page(source, heading, entries)


def _period(source: Source) -> tuple[str, str] | None:
    """Return the first and last day that the years in the file's name, else in its columns' names, speak for."""
    named = [int(year) for year in _YEARS.findall(source.path.stem)]
    years = named or [int(year) for column in source.columns for year in _YEARS.findall(column.name)]
    if not years:
        return None
    first, last = min(years), max(years)
    return years_up_to(last) if first == last else (f"{first}-01-01", f"{last}-12-31")
