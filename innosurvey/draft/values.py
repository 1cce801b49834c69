"""What a column's codes may mean for a variable: yes and no, levels, degrees of importance.

Meanings come from the file's value labels, else from codes that are words themselves (예, high), else, for yes and no
only, from the usual codings 1/2 and 1/0. Bare numbers are never guessed into levels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from innosurvey.dictionary import Variable
from innosurvey.draft.profile import Profile
from innosurvey.draft.readers import SourceColumn
from innosurvey.draft.vocabulary import Vocabulary
from innosurvey.draft.words import squeezed

Meaning = bool | int | str
USUAL = ({"1": True, "2": False}, {"1": True, "0": False})
"""Yes and no as numbers: which of both is said when a column holds other codes than these."""
USED, NOT_USED = 2, 0
"""What yes and no stand for where the dictionary asks for a degree of importance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Codes and their meanings (None where none are needed), codes without one, and whether it was a guess."""

    values: Mapping[str, Meaning] | None = None
    unknown: tuple[str, ...] = ()
    guessed: bool = False
    notes: tuple[str, ...] = field(default=())


def propose(variable: Variable, column: SourceColumn, looks: Profile, words: Vocabulary, box: bool) -> Proposal:
    """Return what the codes mean for the variable; `box`: the column is one yes/no box of a multi variable."""
    codes = {code: column.meanings.get(code, code) for code in _codes(column, looks)}
    if box or variable.type == "bool":
        return _yes_or_no(codes, looks, words)
    if variable.type == "enum":
        found = {code: words.level(text, variable) for code, text in codes.items()}
        return _known(found, Proposal())
    if variable.type in ("int", "float") and variable.unit in ("importance", "score"):
        return _degrees(variable, codes, column, words)
    return Proposal()


def together(proposals: Sequence[Proposal]) -> Proposal:
    """Return what the codes of several boxes mean."""
    return Proposal(
        values={code: meaning for one in proposals for code, meaning in (one.values or {}).items()},
        unknown=tuple(dict.fromkeys(code for one in proposals for code in one.unknown)),
        notes=tuple(dict.fromkeys(note for one in proposals for note in one.notes)),
    )


def _codes(column: SourceColumn, looks: Profile) -> list[str]:
    """Return the codes to be given a meaning: those that firms have and those that the file labels."""
    seen = dict.fromkeys([*(column.meanings if looks.labels_are_codes else ()), *(looks.codes or {})])
    return [code for code in seen if code not in looks.missing]


def _known(found: Mapping[str, Meaning | None], base: Proposal) -> Proposal:
    return Proposal(
        values={code: meaning for code, meaning in found.items() if meaning is not None},
        unknown=tuple(code for code, meaning in found.items() if meaning is None),
        guessed=base.guessed,
        notes=base.notes,
    )


def _yes_or_no(codes: Mapping[str, str], looks: Profile, words: Vocabulary) -> Proposal:
    found = {code: words.truths.get(squeezed(text)) for code, text in codes.items()}
    if says_yes_or_no(found):
        return _known(found, Proposal())
    for usual in USUAL:
        if codes and set(codes) <= set(usual) and not any(text != code for code, text in codes.items()):
            ticked = " and a blank may be no (`blank: false`)" if set(codes) == {"1"} else ""
            return Proposal(values=usual, guessed=True, notes=(f"{_said(usual)} is a guess{ticked}",))
    return _known(found, Proposal())


def says_yes_or_no(found: Mapping[str, bool | None]) -> bool:
    """Return whether each code is known to be yes or no, and no two are the same."""
    return bool(found) and None not in found.values() and len(set(found.values())) == len(found)


def _said(coding: Mapping[str, bool]) -> str:
    return ", ".join(f"{code} = {'yes' if truth else 'no'}" for code, truth in coding.items())


def _used_or_not(codes: Mapping[str, str], words: Vocabulary) -> Proposal | None:
    """Return degrees for a question that has yes and no in place of them; None where the codes are no yes and no."""
    found = {code: words.truths.get(squeezed(text)) for code, text in codes.items()}
    usual = next((coding for coding in USUAL if set(codes) == set(coding)), None)
    known = says_yes_or_no(found)
    if not known and (usual is None or any(text != code for code, text in codes.items())):
        return None
    truths = found if known else usual or {}
    guess = "" if known else f"{_said(usual or {})} is a guess; "
    return Proposal(
        values={code: USED if truth else NOT_USED for code, truth in truths.items()},
        guessed=not known,
        notes=(f"{guess}yes or no, no degrees: taken as {USED} and {NOT_USED}",),
    )


def _degrees(variable: Variable, codes: Mapping[str, str], column: SourceColumn, words: Vocabulary) -> Proposal:
    """Return degrees by their names; bare numbers stay as they are if they are in the variable's range."""
    named = {code: words.scale.get(squeezed(text)) for code, text in codes.items()}
    if variable.unit == "importance":
        if any(degree is not None for degree in named.values()):
            return _known(named, Proposal())
        if used := _used_or_not(codes, words):
            return used
    if not codes or not all(code.isdigit() for code in codes):
        return _known(dict.fromkeys(codes), Proposal())
    low, high = variable.minimum or 0.0, variable.maximum if variable.maximum is not None else float("inf")
    outside = tuple(code for code in codes if not low <= float(code) <= high)
    if outside:
        return Proposal(
            values={}, unknown=tuple(codes), notes=(f"the dictionary's scale runs from {low:g} to {high:g}",)
        )
    return Proposal(notes=(f"taken as it stands: is {high:g} the highest?",))
