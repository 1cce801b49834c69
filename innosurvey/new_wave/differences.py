"""Columns of a new file against the codebook of the wave before: renamed, gone, new."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import pandas as pd

from innosurvey.codebook import FileSpec, VariableSource
from innosurvey.dictionary import Dictionary
from innosurvey.draft import Source, Vocabulary
from innosurvey.draft.entries import Drafter, Entry
from innosurvey.draft.words import plain
from innosurvey.ingest.cells import typed
from innosurvey.new_wave.fit import Fit

NEAR_NAME = 0.75
"""How alike two names must be to be taken for one column's."""
READS = 0.5
"""The share of a column's cells that must have a meaning for it to be taken for the old one."""
NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that a person has to decide."""

    about: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns compared: `mapped` is column of the codebook → of the file, `entries` drafts what is new."""

    mapped: Mapping[str, str]
    gone: tuple[str, ...]
    entries: tuple[Entry, ...]
    points: tuple[Point, ...]
    notes: tuple[str, ...]


def compare_columns(fit: Fit, spec: FileSpec, dictionary: Dictionary, words: Vocabulary) -> Columns:
    """Return which columns go under another name, are gone or new; what is doubtful as points to decide."""
    fresh, told_apart = _fresh_columns(fit)
    entries = [one for one in _drafted(fit.source, fresh, dictionary, words) if one.variable != "firm_id"]
    renamed = _renamed(fit, fresh, entries, spec)
    mapped = {**fit.found, **{old: new for old, (new, _) in renamed.items()}}
    gone = tuple(column for column in fit.gone if column not in renamed)
    taken = {new for new, _ in renamed.values()}
    kept = tuple(one for one in entries if one.content.get("column") not in taken) if told_apart else ()
    kept = tuple(_standing_only_if_free(one, fit) for one in kept)
    points = [
        Point(about=f"column {old}", says=f"it is gone; `{new}` took its place: {why}. Is it the same question?")
        for old, (new, why) in renamed.items()
    ]
    points += [Point(about=f"column {old}", says=_said_of_gone(old, fit)) for old in gone]
    points += _points_on_new(kept)
    notes = [] if told_apart else [_cannot_tell(fit)]
    moved = {old: new for old, new in fit.found.items() if old != new and old not in fit.by_label}
    if moved:
        example = next(iter(moved.items()))
        notes.append(f"years moved in {len(moved)} column names, such as {example[0]} to {example[1]}")
    for old in fit.by_label:
        points.append(
            Point(about=f"column {old}", says=f"`{mapped[old]}`, which has its label, took its place: is it the same?")
        )
    return Columns(mapped=mapped, gone=gone, entries=kept, points=tuple(points), notes=tuple(notes))


def variables_of(column: str, variables: Mapping[str, VariableSource]) -> list[str]:
    """Return the variables that come from a column."""
    return [name for name, source in variables.items() if column in source.columns]


def cells_of(
    source: Source, mapped: Mapping[str, str], variable: VariableSource
) -> tuple[VariableSource, pd.DataFrame]:
    """Return a variable of the old codebook as it reads the new file, with its cells, as far as it has them."""
    there = [column for column in variable.columns if column in mapped]
    levels = dict(zip(variable.columns, variable.column_levels, strict=False))
    new = replace(
        variable,
        columns=tuple(mapped[column] for column in there),
        column_levels=tuple(levels[column] for column in there if column in levels),
    )
    cells = {one.name: one.cells for one in source.columns if one.name in new.columns}
    return new, pd.DataFrame({str(name): cells[name] for name in new.columns})


def _fresh_columns(fit: Fit) -> tuple[list[str], bool]:
    """Return the file's columns that no entry reads and, where the old file is there, that it did not have."""
    claimed = set(fit.found.values())
    names = [str(column.name) for column in fit.source.columns if column.name not in claimed]
    before = fit.known.before
    if before is None:
        return names, False
    old = {str(column.name) for column in before.columns}
    moved = fit.known.years
    old |= {moved.moved(name) for name in old} | set(moved.columns(old, names).values())
    unnamed = {f"Unnamed: {place}" for place in range(len(names))}
    return [name for name in names if name not in old and name not in unnamed], True


def _drafted(source: Source, columns: Sequence[str], dictionary: Dictionary, words: Vocabulary) -> list[Entry]:
    """Return the draft's entries of some columns of the file."""
    part = replace(source, columns=tuple(column for column in source.columns if column.name in columns))
    if not part.columns:
        return []
    return Drafter(source=part, dictionary=dictionary, words=words, unit=words.unit(" ".join(source.notes))).entries()


def _renamed(fit: Fit, fresh: Sequence[str], entries: Sequence[Entry], spec: FileSpec) -> dict[str, tuple[str, str]]:
    """Return lost column → the new one that most likely is it, and why: it reads as the variable, or is named alike."""
    variables = fit.known.book.variables
    by_variable = {
        one.variable: str(one.content["column"]) for one in entries if one.stands and "column" in one.content
    }
    found: dict[str, tuple[str, str]] = {}
    free = list(fresh)
    for old in fit.gone:
        names = variables_of(old, variables)
        new = next((by_variable[name] for name in names if name in by_variable), None)
        if new is not None and new in free and _reads(fit, old, new, spec):
            found[old] = (new, f"it reads as {', '.join(names)}")
            free.remove(new)
    scores = [
        (_alike(fit.known.years.moved(old), new), old, new) for old in fit.gone if old not in found for new in free
    ]
    for score, old, new in sorted(scores, reverse=True):
        if score >= NEAR_NAME and old not in found and new in free and _reads(fit, old, new, spec):
            found[old] = (new, "its name is near")
            free.remove(new)
    return found


def _alike(old: str, new: str) -> float:
    """Return how alike two names are, from 0 to 1; names with other numbers are of other questions."""
    if re.findall(r"\d+", old) != re.findall(r"\d+", new):
        return 0.0
    return SequenceMatcher(None, plain(old), plain(new), autojunk=False).ratio()


def _reads(fit: Fit, old: str, new: str, spec: FileSpec) -> bool:
    """Return whether most cells of the new column have a meaning in what the codebook says of the old one."""
    variables = fit.known.book.variables
    for name in variables_of(old, variables):
        source, cells = cells_of(fit.source, {old: new}, variables[name])
        wrong = {row for problem in typed(cells, source, spec).problems for row in problem.rows}
        if len(wrong) > (1 - READS) * len(cells):
            return False
    return True


def _standing_only_if_free(entry: Entry, fit: Fit) -> Entry:
    """Return the entry, as a comment where the codebook has its variable already."""
    if entry.stands and entry.variable in fit.known.book.variables:
        return replace(entry, stands=False, comment="; ".join(filter(None, ["the variable is there", entry.comment])))
    return entry


def _said_of_gone(column: str, fit: Fit) -> str:
    """Return what to decide about a column that is not there any more."""
    variables = fit.known.book.variables
    names = variables_of(column, variables)
    rules = sorted(
        name
        for name, rule in fit.known.book.asked_if.items()
        if any(re.search(rf"\b{re.escape(one)}\b", rule) for one in names)
    )
    in_rules = f" Skip rules name it (of {', '.join(rules[:NAMES_SHOWN])}): change them." if rules else ""
    if not names:
        return "it told the rows of the wave and is gone: say with `rows:` in the study's configuration which they are."
    said = ", ".join(names)
    return (
        f"it is gone, and its line is a comment: {said} is then not collected in this wave. "
        f"If it stands in the file under another name, give that.{in_rules}"
    )


def _points_on_new(entries: Sequence[Entry]) -> list[Point]:
    standing = [
        Point(
            about=f"new column {_column_of(one)}",
            says=f"it is drafted as {one.variable}, at the end of the codebook: right?",
        )
        for one in entries
        if one.stands
    ]
    others = [_column_of(one) for one in entries if not one.stands]
    if not others:
        return standing
    shown = ", ".join(others[:NAMES_SHOWN]) + (" …" if len(others) > NAMES_SHOWN else "")
    says = (
        f"not in the wave before, and comments at the end of the codebook ({len(others)}): {shown}. "
        "Give each a variable, or leave it out."
    )
    return [*standing, Point(about="new columns", says=says)]


def _column_of(entry: Entry) -> str:
    columns = entry.content.get("column") or entry.content.get("columns")
    if isinstance(columns, Mapping):
        return ", ".join(map(str, columns.values()))
    return str(columns)


def _cannot_tell(fit: Fit) -> str:
    return (
        f"the raw file of {fit.known.wave} is not here: columns that are new are not told from those that it left "
        "unused, and codes are not compared with its answers"
    )
