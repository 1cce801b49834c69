"""Answers of a new file against those of the wave before: codes that are new or gone, other labels, other units.

Codes are shown that the file labels, that look like codes, or that many firms have; of others only how many there are.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import log10

import pandas as pd

from innosurvey.codebook import FileSpec, VariableSource, code_text
from innosurvey.dictionary import Variable
from innosurvey.draft import Vocabulary
from innosurvey.draft.entries import TO_SAY
from innosurvey.draft.profile import LEAST, Profile, profile
from innosurvey.draft.readers import SourceColumn
from innosurvey.draft.values import Meaning, propose
from innosurvey.draft.words import squeezed
from innosurvey.ingest.cells import typed
from innosurvey.new_wave.differences import Point, cells_of
from innosurvey.new_wave.fit import Fit

ANOTHER_UNIT = 2.0
"""Powers of ten between the medians of two waves from which the unit of an amount is in doubt."""
_CODE = re.compile(r"[+-]?\d{1,4}|[A-Za-z]{1,2}|\.[a-z]")
CODES_SHOWN = 8


@dataclass(slots=True, kw_only=True)
class Codes:
    """By variable: codes to add to its `values:` and to its `missing:`; and what is to be decided."""

    values: dict[str, dict[str, Meaning]] = field(default_factory=dict)
    missing: dict[str, dict[str, str]] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A column of the new file with that of the old one, and the variable that both are of."""

    variable: VariableSource
    new: SourceColumn
    old: SourceColumn | None
    looks: Profile


def compare_codes(fit: Fit, mapped: Mapping[str, str], spec: FileSpec, words: Vocabulary) -> Codes:
    """Return what differs in the answers of the columns that both files have."""
    found = Codes()
    olds = {str(one.name): one for one in fit.known.before.columns} if fit.known.before else {}
    news = {str(one.name): one for one in fit.source.columns}
    for name, variable in fit.known.book.variables.items():
        pairs = [
            _Pair(
                variable=variable,
                new=news[mapped[column]],
                old=olds.get(column),
                looks=profile(news[mapped[column]], spec, words),
            )
            for column in variable.columns
            if column in mapped
        ]
        if not pairs or name == "firm_id":
            continue
        _without_meaning(found, fit, mapped, spec, pairs, words)
        _no_answers(found, name, pairs)
        for pair in pairs:
            if pair.old is not None:
                found.points += _relabelled(name, pair, fit)
        found.points += _codes_gone(name, pairs)
        found.points += _another_unit(name, pairs, fit.known.book.file, spec)
    return found


def _without_meaning(
    found: Codes, fit: Fit, mapped: Mapping[str, str], spec: FileSpec, pairs: list[_Pair], words: Vocabulary
) -> None:
    """Add the cells to which the old codebook gives no meaning: codes to draft, and a point that says so."""
    variable = pairs[0].variable
    source, cells = cells_of(fit.source, mapped, variable)
    counts: dict[str, int] = {}
    proposed: dict[str, Meaning] = {}
    by_name = {str(pair.new.name): pair for pair in pairs}
    for problem in typed(cells, source, spec).problems:
        code = code_text(cells[problem.column].loc[problem.rows[0]])
        counts[code] = counts.get(code, 0) + len(problem.rows)
        proposed |= _proposal(by_name[problem.column], code, words, box=variable.combine in ("multi", "any"))
    if not counts:
        return
    labels = {code: text for pair in pairs for code, text in pair.new.meanings.items()}
    shown = {code: count for code, count in counts.items() if _may_be_shown(code, count, labels)}
    if variable.values is not None:
        found.values[variable.name] = {code: proposed.get(code, TO_SAY) for code in shown}
    elif shown:
        found.missing[variable.name] = {code: str(proposed.get(code, TO_SAY)) for code in shown}
    listed = [f"{code}{f' ({labels[code]})' if code in labels else ''}" for code in list(shown)[:CODES_SHOWN]]
    rare = len(counts) - len(shown)
    parts = [
        f"the new codes {', '.join(listed)}" if listed else "",
        f"rarer texts, not shown ({rare})," if rare else "",
    ]
    says = (
        f"{' and '.join(filter(None, parts))} have no meaning yet{_drafted_as(shown, proposed)}: "
        f"say what they mean{_choices(variable.declared)}, or what kind of missing they are."
    )
    found.points.append(Point(about=f"codes of {variable.name}", says=says))


def _drafted_as(shown: Mapping[str, int], proposed: Mapping[str, Meaning]) -> str:
    known = {code: proposed[code] for code in shown if code in proposed}
    return f" (drafted: {', '.join(f'{code} = {meaning}' for code, meaning in known.items())})" if known else ""


def _proposal(pair: _Pair, code: str, words: Vocabulary, box: bool) -> dict[str, Meaning]:
    """Return what the code means by its label or by itself, if that is plain."""
    if code in pair.looks.missing:
        return {code: pair.looks.missing[code]}
    if pair.variable.values is None:
        return {}
    proposal = propose(pair.variable.declared, pair.new, pair.looks, words, box=box)
    taken = (proposal.values or {}).get(code)
    return {} if proposal.guessed or taken is None else {code: taken}


def _may_be_shown(code: str, count: int, labels: Mapping[str, str]) -> bool:
    return bool(code) and (code in labels or count >= LEAST or bool(_CODE.fullmatch(code)))


def _choices(declared: Variable) -> str:
    if declared.type == "bool":
        return " (true or false)"
    return f" ({', '.join(declared.levels)})" if 0 < len(declared.levels) <= CODES_SHOWN else ""


def _no_answers(found: Codes, name: str, pairs: Iterable[_Pair]) -> None:
    """Add numbers that look like codes of no answer, which would be read as amounts, and were not there before."""
    suspects: dict[str, str] = {}
    for pair in pairs:
        if pair.variable.values is None and pair.variable.declared.type in ("int", "float"):
            known = {
                *pair.variable.missing,
                *found.missing.get(name, {}),
                *(_counts(pair.old.cells) if pair.old else ()),
            }
            suspects |= {code: kind for code, kind in pair.looks.missing.items() if code not in known}
    if not suspects:
        return
    found.missing.setdefault(name, {}).update(suspects)
    says = f"{', '.join(suspects)} look like no answers, and are drafted as `missing:`. Are they, and of that kind?"
    found.points.append(Point(about=f"missing of {name}", says=says))


def _relabelled(name: str, pair: _Pair, fit: Fit) -> list[Point]:
    """Return a point for a question, and for codes, that the file words otherwise than the file before."""
    old, new, moved = pair.old, pair.new, fit.known.years.moved
    if old is None:
        return []
    points = []
    if old.label and new.label and squeezed(moved(old.label)) != squeezed(new.label):
        says = f"the label was “{old.label}” and is “{new.label}”: is it the same question?"
        points.append(Point(about=f"label of {name}, {new.name}", says=says))
    others = [
        f"{code} was “{text}” and is “{new.meanings[code]}”"
        for code, text in old.meanings.items()
        if code in new.meanings and squeezed(moved(text)) != squeezed(new.meanings[code])
    ]
    if others:
        says = f"codes have other labels: {'; '.join(others[:CODES_SHOWN])}. Do they mean what they meant?"
        points.append(Point(about=f"code labels of {name}, {new.name}", says=says))
    return points


def _codes_gone(name: str, pairs: Iterable[_Pair]) -> list[Point]:
    """Return a point for codes that many firms had, as many would have now, and nobody has; columns alike as one."""
    gone: dict[tuple[str, ...], list[str]] = {}
    for pair in pairs:
        if pair.old is None or pair.variable.values is None:
            continue
        old, new = _counts(pair.old.cells), _counts(pair.new.cells)
        share = min(sum(new.values()) / max(sum(old.values()), 1), 1.0)
        codes = [code for code in pair.variable.values if code not in new and old.get(code, 0) * share >= LEAST]
        if codes:
            gone.setdefault(tuple(codes[:CODES_SHOWN]), []).append(str(pair.new.name))
    return [
        Point(
            about=f"codes gone of {name}",
            says=f"nobody has {', '.join(codes)} in {', '.join(columns)}, as many had before: is it coded anew?",
        )
        for codes, columns in gone.items()
    ]


def _counts(cells: pd.Series) -> dict[str, int]:
    counted: dict[str, int] = {}
    for cell, count in cells.value_counts(dropna=True, sort=False).items():
        code = code_text(cell)
        if code:
            counted[code] = counted.get(code, 0) + int(count)
    return counted


def _another_unit(name: str, pairs: Iterable[_Pair], old_spec: FileSpec, spec: FileSpec) -> list[Point]:
    """Return a point for an amount of money whose middle is another power of ten than before."""
    points = []
    for pair in pairs:
        if pair.old is None or pair.variable.declared.unit != "currency_million":
            continue
        old, new = _middle(pair, pair.old, old_spec), _middle(pair, pair.new, spec)
        if old and new and abs(log10(new / old)) >= ANOTHER_UNIT:
            says = "the amounts are of another order than before: is the unit the same?"
            points.append(Point(about=f"unit of {name}", says=says))
    return points


def _middle(pair: _Pair, column: SourceColumn, spec: FileSpec) -> float:
    """Return the median of a column's positive amounts, 0 where there are few."""
    alone = replace(pair.variable, columns=(str(column.name),), combine=None)
    values = typed(pd.DataFrame({str(column.name): column.cells}), alone, spec).values
    positive = values[values > 0].dropna()
    return float(positive.median()) if len(positive) >= LEAST else 0.0
