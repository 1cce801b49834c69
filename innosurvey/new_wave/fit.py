"""How well a wave's codebook fits a new file: which of its columns are there, under which names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from innosurvey.codebook import Codebook
from innosurvey.draft import Source
from innosurvey.draft.words import squeezed
from innosurvey.errors import DataError
from innosurvey.new_wave.years import Years

FITS = 0.5
"""The share of a codebook's columns that a file must have to be of the same questionnaire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A wave of the study: its codebook, and its raw file where that is there."""

    wave: str
    book: Codebook
    years: Years
    before: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A wave's codebook on the new file: column of the codebook → column of the file, by name, year or label."""

    known: Known
    source: Source
    found: Mapping[str, str]
    by_label: tuple[str, ...] = ()

    @property
    def columns(self) -> int:
        """How many columns the codebook names."""
        return len(self.known.book.raw_columns)

    @property
    def share(self) -> float:
        """The share of them that the file has."""
        return len(self.found) / max(self.columns, 1)

    @property
    def gone(self) -> tuple[str, ...]:
        """The columns of the codebook that the file lacks."""
        return tuple(column for column in self.known.book.raw_columns if column not in self.found)

    def said(self) -> str:
        """Return the fit as a message says it."""
        return f"{self.known.wave}: {len(self.found)} of its {self.columns} columns"


def fit(known: Known, source: Source) -> Fit:
    """Return how a wave's codebook fits the file: names with their years moved, the same names, the same labels."""
    names = {str(column.name) for column in source.columns}
    wanted = known.book.raw_columns
    found = known.years.columns(wanted, names)
    taken = set(found.values())
    for column in wanted:
        if column not in found and column in names and column not in taken:
            found[column] = column
            taken.add(column)
    labelled = _by_label(known, source, [column for column in wanted if column not in found], taken)
    ordered = {column: (found | labelled)[column] for column in wanted if column in found or column in labelled}
    return Fit(known=known, source=source, found=ordered, by_label=tuple(labelled))


def nearest(fits: Sequence[Fit], file: str, like: str | None = None) -> Fit:
    """Return the fit with the greatest share, of equal ones the latest wave; `like` names the wave to take.

    DataError for a file that fits none, which says the best.
    """
    asked = [one for one in fits if like is None or one.known.wave == like]
    best = max(asked, key=lambda one: (one.share, one.known.years.last))
    if best.share < FITS and (like is None or not best.found):
        raise DataError(
            f"{file}: it fits no codebook of the study. The best is {best.said()} ({100 * best.share:.0f} %).\n"
            "Is it the survey's file, and were its header and encoding found (--header-rows, --encoding, --sheet)? "
            "Of another questionnaire draft the codebook anew: innosurvey codebook draft FILE"
            + ("." if like else "; or take the nearest all the same: --like WAVE.")
        )
    return best


def _by_label(known: Known, source: Source, lost: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Return the columns that the file has under another name and the same label, which no other column has."""
    if known.before is None:
        return {}
    old = {str(column.name): squeezed(known.years.moved(column.label)) for column in known.before.columns}
    new = {str(column.name): squeezed(column.label) for column in source.columns}
    once = {label for label, count in Counter(new.values()).items() if label and count == 1}
    once &= {label for label, count in Counter(old.values()).items() if count == 1}
    by_label = {label: name for name, label in new.items() if label in once and name not in taken}
    return {column: by_label[old[column]] for column in lost if old.get(column) in by_label}
