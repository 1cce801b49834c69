"""Korean particles: the form that the word before them asks for.

A particle has two forms, one behind a final consonant and one behind a vowel (`은/는`, `이/가`, `을/를`, `과/와`,
`으로/로`). What stands in brackets is passed over, as a reader does: `비율(12.3 %)이`. Numbers, Latin letters and signs
count as they are read in Korean: 3 is `삼`, R&D ends as `디`, `%` is `퍼센트`.
"""

import re

from innosurvey.errors import StudyError

FIRST_SYLLABLE, LAST_SYLLABLE, FINALS = 0xAC00, 0xD7A3, 28
FINAL_L = 8  # the final consonant ㄹ, behind which `으로` is `로`
NO_FINAL, SOME_FINAL = 0, 1
READ_AS: dict[str, int] = {
    **dict.fromkeys("013678LMN", SOME_FINAL),
    **dict.fromkeys("178LR", FINAL_L),
    **dict.fromkeys("2459", NO_FINAL),
}
"""The final consonant of digits and of letters that are read by their name; other letters and signs have none."""

_LINK_TARGET = re.compile(r"\]\([^()\s]*\)")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_UNREAD = re.compile(r"[\s\"'“”‘’*_`\\\[\].,·†]+$")


def with_particle(text: str, forms: str) -> str:
    """Return a text with the form of a particle that its last read character asks for.

    `forms` are both forms, the one behind a consonant first: `은/는`. Markdown around the text is passed over. Raises
    `StudyError` for forms that are not two.
    """
    behind_consonant, slash, behind_vowel = forms.partition("/")
    if not (slash and behind_consonant and behind_vowel):
        raise StudyError(f"`| josa` has no particle {forms!r}.\nGive both forms, as `| josa('은/는')`.")
    final = final_consonant(text)
    takes_vowel_form = final == NO_FINAL or (final == FINAL_L and behind_consonant.startswith("으로"))
    return text + (behind_vowel if takes_vowel_form else behind_consonant)


def final_consonant(text: str) -> int:
    """Return the final consonant of a text as it is read, by its place in Unicode's order of finals; 0 for a vowel."""
    read = _UNREAD.sub("", _LINK_TARGET.sub("", text))
    while _IN_BRACKETS.search(read) and _IN_BRACKETS.sub("", read):
        read = _UNREAD.sub("", _IN_BRACKETS.sub("", read))
    last = read.rstrip("()")[-1:] or " "
    if FIRST_SYLLABLE <= ord(last) <= LAST_SYLLABLE:
        return (ord(last) - FIRST_SYLLABLE) % FINALS
    return READ_AS.get(last.upper(), NO_FINAL)


def without_object_particle(words: str) -> str:
    """Return words without the object particle (`을`, `를`) that they end with: a label cut from a title whose verb is
    left out (`고객을 정보원으로 활용`) is a noun. A syllable that the word before it doesn't ask for is the word's own.
    """
    before, particle = words[:-1], words[-1:]
    if particle not in ("을", "를") or not before.strip() or before[-1:].isspace():
        return words
    return before if with_particle(before, "을/를") == words else words
