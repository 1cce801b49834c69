"""What the draft says of each column: an entry that can stand, or the same as a comment with what it lacks.

An entry stands when the match is convincing, its codes have meanings, and reading the file's cells with it leaves
nothing unexplained: it is tried, as the pipeline would read it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from innosurvey import codebook, yamlfile
from innosurvey.dictionary import Dictionary, Variable
from innosurvey.draft.match import CONVINCING_ALONE, SHOWN, Candidate, Matcher, chosen
from innosurvey.draft.notation import flow
from innosurvey.draft.profile import Profile, profile
from innosurvey.draft.readers import Source, SourceColumn
from innosurvey.draft.values import Proposal, propose, says_yes_or_no, together
from innosurvey.draft.vocabulary import Vocabulary
from innosurvey.draft.words import squeezed
from innosurvey.errors import StudyError
from innosurvey.ingest.cells import typed

LABELS_SHOWN = 10
NEAR = 0.25
"""How near another name must come to the chosen one to be mentioned beside it."""
TO_SAY = "MEANING"
"""Stands where a person has to say what a code means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of `variables:`: its text, the comment behind it, and whether it stands or is itself a comment."""

    variable: str
    content: Mapping[str, object]
    comment: str
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One variable read from one column or several: where, what they hold, what it may mean, which names are near."""

    variable: Variable
    columns: tuple[SourceColumn, ...]
    where: Mapping[str, object]
    looks: Profile
    proposal: Proposal
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafter:
    """What the entries of one file are made from."""

    source: Source
    dictionary: Dictionary
    words: Vocabulary
    unit: str | None = None

    def entries(self) -> list[Entry]:
        """Return an entry for each column, in the order of the file; the boxes of a multi variable make one."""
        looks = {column.name: profile(column, self.source.spec, self.words) for column in self.source.columns}
        matcher = Matcher(self.dictionary, self.words, self.source)
        ranked = {column.name: matcher.candidates(column, looks[column.name]) for column in self.source.columns}
        firm = chosen(ranked)
        if "firm_id" not in {one.variable for one in firm.values()}:
            firm |= _by_being_different(self.source.columns, looks, firm)
        boxes = _boxes(firm)
        made: list[Entry] = []
        for column in self.source.columns:
            one = firm.get(column.name)
            if one is None:
                made.append(self._unmatched(column, looks[column.name], ranked[column.name]))
            elif not one.level:
                made.append(self._single(one, column, looks[column.name], ranked[column.name]))
            elif boxes[one.variable][0] == column.name:
                made.append(self._multi(one.variable, boxes[one.variable], firm, looks))
        return made

    def _single(self, one: Candidate, column: SourceColumn, looks: Profile, ranked: Sequence[Candidate]) -> Entry:
        variable = self.dictionary[one.variable]
        rivals = [other for other in ranked if one.score - other.score < NEAR and other is not one]
        return self._tried(
            _Reading(
                variable=variable,
                columns=(column,),
                where={"column": column.name},
                looks=looks,
                proposal=propose(variable, column, looks, self.words, box=False),
                near=tuple(_others(rivals)),
            )
        )

    def _multi(
        self, name: str, columns: Sequence[str], firm: Mapping[str, Candidate], looks: Mapping[str, Profile]
    ) -> Entry:
        """Return the entry of a multi variable: a box per level."""
        variable = self.dictionary[name]
        parts = tuple(column for column in self.source.columns if column.name in columns)
        proposals = [propose(variable, part, looks[part.name], self.words, box=True) for part in parts]
        missing = {code: kind for part in parts for code, kind in looks[part.name].missing.items()}
        return self._tried(
            _Reading(
                variable=variable,
                columns=parts,
                where={"columns": {firm[part.name].level: part.name for part in parts}, "combine": "multi"},
                looks=replace(looks[parts[0].name], missing=missing),
                proposal=together(proposals),
            )
        )

    def _details(self, reading: _Reading) -> dict[str, object]:
        """Return values, missing codes and unit of an entry."""
        details: dict[str, object] = {}
        values = reading.proposal.values
        if values is not None:
            details["values"] = dict(values) | dict.fromkeys(reading.proposal.unknown, TO_SAY)
        missing = {code: kind for code, kind in reading.looks.missing.items() if code not in (values or {})}
        if missing:
            details["missing"] = missing
        if reading.variable.unit == "currency_million":
            texts = " ".join(f"{column.name} {column.label} {column.question}" for column in reading.columns)
            unit = self.words.unit(texts) or self.unit
            if unit:
                details["unit"] = unit
        return details

    def _tried(self, reading: _Reading) -> Entry:
        """Return the entry; it stands when it lacks nothing and the file can be read with it."""
        variable, looks = reading.variable, reading.looks
        content = {**reading.where, **self._details(reading)}
        lacks = _lacks(variable, looks, reading.proposal)
        wrong = [] if lacks else self._read(variable.variable, content)
        no_unit = variable.unit == "currency_million" and "unit" not in content
        said = [
            reading.columns[0].label,
            *lacks,
            *reading.proposal.notes,
            *reading.near,
            *wrong,
            *_doubts(variable, looks, reading.columns),
            "which unit? taken as millions" if no_unit else "",
            f"{looks.rarer} rarer values" if looks.rarer else "",
        ]
        comment = "; ".join(part for part in said if part)
        return Entry(variable=variable.variable, content=content, comment=comment, stands=not lacks and not wrong)

    def _read(self, name: str, content: Mapping[str, object]) -> list[str]:
        """Return what is wrong when the file is read with the entry: how many cells, never which."""
        text = f"missing: {{'': missing}}\nvariables: {{{name}: {flow(content)}}}\n"
        try:
            source = codebook.from_yaml(yamlfile.parse(text, "draft"), self.dictionary).variables[name]
        except StudyError as error:
            return [str(error).splitlines()[0]]
        columns = list(source.columns)
        cells = pd.DataFrame({one.name: one.cells for one in self.source.columns if one.name in columns})
        problems = typed(cells, source, self.source.spec).problems
        rows = {row for problem in problems for row in problem.rows}
        return [f"{len(rows)} cells have no meaning yet"] if rows else []

    def _unmatched(self, column: SourceColumn, looks: Profile, ranked: Sequence[Candidate]) -> Entry:
        """Return the column as a comment under the likeliest name, or none, with what may be put there."""
        first = next((one for one in ranked if not one.level), None)
        content: dict[str, object] = {"column": column.name}
        if first is not None and first.score >= CONVINCING_ALONE:
            variable = self.dictionary[first.variable]
            proposal = propose(variable, column, looks, self.words, box=False)
            content |= self._details(
                _Reading(variable=variable, columns=(column,), where=content, looks=looks, proposal=proposal)
            )
        else:
            coding = _yes_and_no(column, looks, self.words)
            if coding:
                content["values"] = coding
            if looks.missing:
                content["missing"] = dict(looks.missing)
        labels = list(column.meanings.items())[:LABELS_SHOWN] if looks.labels_are_codes else []
        coded = ", ".join(f"{code} = {text}" for code, text in labels)
        parts = [column.label, looks.said(), coded, *_others(ranked)]
        name = first.variable if first is not None else "NAME"
        return Entry(variable=name, content=content, comment="; ".join(part for part in parts if part), stands=False)


def _yes_and_no(column: SourceColumn, looks: Profile, words: Vocabulary) -> dict[str, bool]:
    """Return code → yes or no where all codes are labelled so, whatever the question is."""
    codes = {code: column.meanings.get(code, code) for code in looks.codes or {} if code not in looks.missing}
    found = {code: words.truths.get(squeezed(text)) for code, text in codes.items()}
    return {code: bool(truth) for code, truth in found.items()} if len(found) == 2 and says_yes_or_no(found) else {}


def _doubts(variable: Variable, looks: Profile, columns: Sequence[SourceColumn]) -> list[str]:
    """Return what may be wrong though the file can be read with the entry."""
    labelled = {code for column in columns for code in column.meanings}
    guessed = [code for code in looks.missing if code not in labelled and re.fullmatch(r"-?\d+", code)]
    said = [f"the kind of {', '.join(guessed)} is a guess"] if guessed else []
    if variable.unit == "percent" and looks.kind == "number" and 0 < looks.highest <= 1:
        said.append("no number above 1: a share of 1? then add `multiply: 100`")
    return said


def _others(candidates: Sequence[Candidate]) -> list[str]:
    """Return the near names as a comment says them."""
    near = ", ".join(f"{one.variable} {one.score:.2f}" for one in candidates[:SHOWN])
    return [f"near: {near}"] if near else []


def _boxes(firm: Mapping[str, Candidate]) -> dict[str, list[str]]:
    """Return multi variable → the columns of its boxes."""
    found: dict[str, list[str]] = {}
    for column, one in firm.items():
        if one.level:
            found.setdefault(one.variable, []).append(column)
    return found


def _by_being_different(
    columns: Sequence[SourceColumn], looks: Mapping[str, Profile], firm: Mapping[str, Candidate]
) -> dict[str, Candidate]:
    """Return the first column that tells all firms apart as the id: among the first columns, and no amount."""
    for column in columns[:5]:
        seen = looks[column.name]
        complete = seen.all_different and seen.filled == len(column.cells)
        if column.name not in firm and complete and (seen.kind == "text" or seen.whole):
            return {column.name: Candidate(variable="firm_id", score=CONVINCING_ALONE, why="no two are alike")}
    return {}


def _lacks(variable: Variable, looks: Profile, proposal: Proposal) -> list[str]:
    """Return what keeps an entry from standing."""
    if looks.kind == "blank":
        return ["no answers"]
    if proposal.unknown:
        allowed = "|".join(variable.levels) or {"bool": "true|false"}.get(variable.type, variable.unit)
        return [f"give {', '.join(proposal.unknown)} a meaning ({allowed})"]
    if variable.type in ("bool", "enum", "multi") and not proposal.values:
        return [f"say what the codes mean ({'|'.join(variable.levels) or 'true or false'})"]
    counts = variable.type == "int" and variable.unit in ("count", "persons")
    if counts and looks.different <= 2 and looks.highest <= 2 and looks.filled > 20:
        return [f"yes or no, where the dictionary has a number ({variable.unit})"]
    return []
