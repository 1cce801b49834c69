"""What the cells of one column look like, without telling any firm's answer.

A code is shown when a column has few different ones and many firms have it; amounts, ids, names and free texts never
are. Codes that look like no answer (user-missing, -9, 99, `NA`, 모름) are told apart from the others.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from innosurvey.codebook import FileSpec, code_text
from innosurvey.draft.readers import SourceColumn
from innosurvey.draft.vocabulary import Vocabulary
from innosurvey.ingest.cells import BLANK

FEW = 20
"""Columns with more different answers are not shown by their codes."""
LEAST = 10
"""Firms that a code must have to be shown."""
MOST_ARE_NUMBERS = 0.9
OFTEN = 5
"""How often an amount of nines must stand in a column of amounts before it is taken for a code."""
_NINES = re.compile(r"-?(9+8?|8+)")
_APART = re.compile(r"-\d+|-?9{2,}[678]?|[678]{2,}|\.[a-z]")
"""Codes that stand apart from answers: among answers `not applicable` may be one of them."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}([ T]00:00(:00)?)?")
_KIND_BY_LAST_DIGIT = {"9": "refused", "8": "dont_know"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One column: its kind, its answers as code → firms (most frequent codes only), and its codes that are none.

    `kind` is blank, number, date, text. `codes` is None where there are more than a few different answers; `rarer`
    counts those that too few firms have. `missing` is code → kind of missing. `lowest` and `highest` are for comparing
    with the dictionary and are never shown.
    """

    kind: str
    filled: int
    different: int
    codes: Mapping[str, int] | None
    rarer: int
    missing: Mapping[str, str]
    whole: bool = False
    lowest: float = 0.0
    highest: float = 0.0

    @property
    def labels_are_codes(self) -> bool:
        """Whether the file's value labels name answers that many firms share, not the firms themselves."""
        return self.codes is not None and self.rarer <= max(len(self.codes), 1)

    @property
    def all_different(self) -> bool:
        """Whether no two firms have the same, as an identifier."""
        return self.filled > 1 and self.different == self.filled

    def said(self) -> str:
        """Return the profile as a comment says it."""
        if self.kind == "blank":
            return "no answers"
        rarer = f" ({self.rarer} rarer values)" if self.rarer else ""
        shown = f", codes {', '.join(self.codes)}{rarer}" if self.codes else rarer
        kind = {"number": "whole numbers" if self.whole else "numbers", "date": "dates", "text": "texts"}[self.kind]
        return f"{kind}, {'all different' if self.all_different else f'{self.different} different'}{shown}"


def profile(column: SourceColumn, spec: FileSpec, words: Vocabulary, least: int = LEAST) -> Profile:
    """Return what a column's cells look like; codes with fewer firms than `least` are counted, not shown."""
    counts = _counts(column.cells)
    missing = _missing_by_word(counts, words) | _missing_by_label(column, words)
    numbers = {code: number for code in counts if (number := _number(code, column, spec)) is not None}
    answered = sum(count for code, count in counts.items() if code not in missing)
    in_numbers = sum(count for code, count in counts.items() if code in numbers and code not in missing)
    numeric = answered > 0 and in_numbers >= MOST_ARE_NUMBERS * answered
    if numeric:
        missing |= _missing_by_number(counts, {code: numbers[code] for code in numbers if code not in missing})
    answers = {code: count for code, count in counts.items() if code not in missing}
    values = [numbers[code] for code in answers if code in numbers]
    few = len(answers) <= FEW
    return Profile(
        kind=_kind(answers, numeric),
        filled=sum(answers.values()),
        different=len(answers),
        codes={code: answers[code] for code in sorted(answers, key=_order) if answers[code] >= least} if few else None,
        rarer=sum(count < least for count in answers.values()) if few else 0,
        missing=missing,
        whole=numeric and all(value.is_integer() for value in values),
        lowest=min(values, default=0.0),
        highest=max(values, default=0.0),
    )


def _counts(cells: pd.Series) -> dict[str, int]:
    """Return code → cells, blank ones left out, in the order of the codes."""
    found: dict[str, int] = {}
    for cell, count in cells.value_counts(dropna=True, sort=False).items():
        text = code_text(cell if isinstance(cell, str | float | bool | int) else str(cell))
        if text not in BLANK and count:
            found[text] = found.get(text, 0) + int(count)
    return {code: found[code] for code in sorted(found)}


def _order(code: str) -> tuple[int, float, str]:
    return (0, float(code), code) if _NUMBER.fullmatch(code) else (1, 0.0, code)


def _number(code: str, column: SourceColumn, spec: FileSpec) -> float | None:
    if spec.format in ("csv", "excel"):
        code = code.replace(spec.thousands, "") if spec.thousands else code
        code = code.replace(spec.decimal, ".")
    return float(code) if _NUMBER.fullmatch(code) else None


def _missing_by_word(counts: Mapping[str, int], words: Vocabulary) -> dict[str, str]:
    """Return the texts that say that there is no answer; a word that means `no` or `none` is one."""
    return {
        code: kind
        for code in counts
        if not _NUMBER.fullmatch(code) and (kind := words.kind_of_missing(code)) in ("missing", "dont_know", "refused")
    }


def _missing_by_label(column: SourceColumn, words: Vocabulary) -> dict[str, str]:
    """Return the codes that the file declares missing or labels so, with the kind that their label names."""
    labelled = {code: words.kind_in_label(text) for code, text in column.meanings.items()}
    found = {
        code: kind
        for code, kind in labelled.items()
        if kind in ("missing", "dont_know", "refused", "not_asked") or (kind and _APART.fullmatch(code))
    }
    return {code: labelled.get(code) or _by_last_digit(code) for code in column.declared_missing} | found


def _by_last_digit(code: str) -> str:
    return _KIND_BY_LAST_DIGIT.get(code[-1], "missing") if _NINES.fullmatch(code) else "missing"


def _missing_by_number(counts: Mapping[str, int], numbers: Mapping[str, float]) -> dict[str, str]:
    """Return numbers that look like codes of no answer: negative ones among none, nines apart from the rest."""
    suspects: dict[str, str] = {}
    rest = sorted(value for code, value in numbers.items() if not _NINES.fullmatch(code) and value >= 0)
    negative = [code for code, value in numbers.items() if value < 0]
    few_negative = 0 < len(negative) <= 4 and all(re.fullmatch(r"-\d{1,2}|-9+[78]?", code) for code in negative)
    if few_negative and rest and sum(counts[code] for code in negative) >= OFTEN:
        suspects |= {code: _by_last_digit(code) for code in negative}
    highest = rest[-1] if rest else 0.0
    usual = max(counts[code] for code in numbers if not _NINES.fullmatch(code)) if rest else 0
    for code, value in numbers.items():
        if not _NINES.fullmatch(code) or value < 0 or len(rest) < 2 or counts[code] < OFTEN:
            continue
        apart = value > highest + 1 if len(rest) <= FEW else value > highest
        often = len(rest) > FEW and len(code) > 2 and counts[code] > usual
        if apart or often:
            suspects[code] = _by_last_digit(code)
    return suspects


def _kind(answers: Mapping[str, int], numeric: bool) -> str:
    if not answers:
        return "blank"
    if numeric:
        return "number"
    return "date" if all(_DATE.fullmatch(code) for code in answers) else "text"
