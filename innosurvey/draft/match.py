"""Which variable of the dictionary a raw column may be: candidates, the likeliest first.

Names of the CIS, old and new, count as certain where one variable alone has them. Otherwise texts are compared: the
column's label or name with the dictionary's labels and the vocabulary's words. The year in a text says which of
`sales_t`, `sales_t1`, `sales_t2` is meant. What a column holds must fit the variable's type.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from innosurvey.dictionary import DESIGNED, MADE_BY_THE_PIPELINE, Dictionary, Variable
from innosurvey.draft.profile import Profile
from innosurvey.draft.readers import Source, SourceColumn
from innosurvey.draft.vocabulary import Vocabulary
from innosurvey.draft.words import Index

CERTAIN = 0.98
CONVINCING = 0.70
"""The score that a match needs to be filled in; below, it stays a comment."""
AHEAD = 0.06
"""How far it must be ahead of the next variable, and of the next column for the same variable."""
CONVINCING_ALONE = 0.55
FAR_AHEAD = 0.14
"""A match of less will do when nothing else comes near."""
WORTH_A_MENTION = 0.40
SHOWN = 3
SHORTEST_DATED = 3
"""Letters that a name must have to carry a short year: `EMP14`, but not `CO11`, which is a kind of partner."""
SHARED_BY_FEW = 2
"""A name that more variables share says nothing about which of them is meant."""
FIRST_YEAR, LAST_YEAR = 1500, 2100
YEARLY = ("currency_million", "persons")
AN_EARLIER_YEAR = 0.75
"""What an amount of an earlier year counts for a variable that is about the last one."""
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)")
_YEARS_AGO = {"two": 2, "2": 2, "three": 3, "3": 3, "dos": 2, "tres": 3}
_MANY = "|".join(_YEARS_AGO)
_AGO = re.compile(rf"(?i)\b(?:({_MANY}) (?:fiscal |complete )?years ago|hace ({_MANY}) años)\b")
"""Years before the survey, which is after the last year that it asks for."""
_SHORT_YEAR = re.compile(r"(?<=[A-Za-z_])(\d{2})$")
_PARTS = re.compile(r"\s+[-–:]\s+|_|:\s+|\s+[-–]\s*")
_UNIT = re.compile(r"\s*\([^)]*\)\s*$|,?\s+(?:in|en|em)\s+\S+(?:\s+(?:de |of )?\S+)?\s*$", re.IGNORECASE)
"""The unit at the end of a label: `Turnover (thousand euro)`, `Umsatz in Tsd. Euro`."""
_CIS = re.compile(r"[A-Z][A-Z0-9_]*\*?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A variable that a column may be, how likely, why; `level` where the column is one box of a multi variable."""

    variable: str
    score: float
    why: str
    level: str = ""


class Matcher:
    """Ranks the dictionary's variables for the columns of one file."""

    def __init__(self, dictionary: Dictionary, words: Vocabulary, source: Source) -> None:
        made = set(MADE_BY_THE_PIPELINE).difference(DESIGNED)
        self._dictionary = {name: entry for name, entry in dictionary.items() if name not in made}
        self._words = words
        self._index = Index({name: [name, *words.names.get(name, ())] for name in self._dictionary})
        self._cis = _cis_names(self._dictionary)
        self.last_year = _last_year(source.columns)
        self._waves = source.waves

    def candidates(self, column: SourceColumn, looks: Profile) -> list[Candidate]:
        """Return the variables that the column may be, best first."""
        found = [*self._by_cis_name(column), *self._by_text(column), *self._by_part(column)]
        best: dict[str, Candidate] = {}
        for one in found:
            fitting = replace(one, score=one.score * self._fit(one, looks))
            if fitting.score > best.get(one.variable, replace(one, score=0.0)).score:
                best[one.variable] = fitting
        ranked = sorted(best.values(), key=lambda one: (-one.score, one.variable))
        return [one for one in ranked if one.score >= WORTH_A_MENTION]

    def _by_cis_name(self, column: SourceColumn) -> Iterable[Candidate]:
        name = re.sub(r"\W", "_", column.name).upper()
        stem, offset = self._without_year(name)
        for known, holders in self._cis.items():
            rest = name[len(known) - 1 :] if known.endswith("*") and name.startswith(known[:-1]) else None
            dated = stem in (known, known + "_") and len(known) >= SHORTEST_DATED
            if not dated and name != known and rest is None:
                continue
            if len(holders) > SHARED_BY_FEW:
                continue
            certain = 0.99 if len(holders) == 1 else 0.6
            for holder, exact in holders:
                level = self._ending(rest or name, self._dictionary[holder])
                if self._dictionary[holder].type == "multi" and not level:
                    continue
                own = self._of_year(holder, offset if name not in (known, stem) else None)
                if own:
                    yield Candidate(variable=own, score=certain if exact else 0.6, why=f"CIS {known}", level=level)

    def _ending(self, text: str, variable: Variable) -> str:
        """Return the level that the end of a CIS name stands for: COOP_UNIV_NAT is a partner in the country."""
        if variable.type != "multi":
            return ""
        found = (level for end, level in self._words.endings.items() if text.upper().endswith(end))
        return next((level for level in found if level in variable.levels), "self" if "self" in variable.levels else "")

    def _by_text(self, column: SourceColumn) -> Iterable[Candidate]:
        texts = [column.text, self._without_unit(column.text), *([column.name] if column.label else [])]
        for text in dict.fromkeys(text for text in texts if text):
            bare, offset = self._without_year(text)
            named = bare == column.name and column.label
            for name, score in self._best_of_parts(bare).items():
                if self._dictionary[name].type == "multi":
                    continue
                own = self._of_year(name, offset)
                if own:
                    earlier = own == name and offset and self._dictionary[own].unit in YEARLY
                    penalty = (0.9 if named else 1.0) * (AN_EARLIER_YEAR if earlier else 1.0)
                    yield Candidate(variable=own, score=score * penalty, why="its text")

    def _without_unit(self, text: str) -> str:
        """Return the text without the unit of money at its end."""
        end = _UNIT.search(text)
        return text[: end.start()] if end and self._words.unit(end[0]) else text

    def _best_of_parts(self, text: str) -> dict[str, float]:
        """Return the scores of a text; of `group / item` also those of the item alone, which say less."""
        scores = self._index.scores(text)
        if " / " in text:
            for name, score in self._index.scores(text.rsplit(" / ", 1)[1]).items():
                scores[name] = max(scores.get(name, 0.0), 0.93 * score)
        return scores

    def _by_part(self, column: SourceColumn) -> Iterable[Candidate]:
        """Yield multi variables whose level the end of the text names: `Partners: universities - abroad`."""
        for parting in reversed(list(_PARTS.finditer(column.text))):
            stem, end = column.text[: parting.start()], column.text[parting.end() :]
            for name, score in self._best_of_parts(stem).items():
                variable = self._dictionary[name]
                level = self._words.level(end, variable) if variable.type == "multi" else None
                if level:
                    yield Candidate(variable=name, score=min(1.0, score + 0.02), why="its text", level=level)

    def _without_year(self, text: str) -> tuple[str, int | None]:
        """Return the text without years, and how many years before the last one of the file the last of them is."""
        ago = _AGO.search(text)
        if ago:
            bare = " ".join(_AGO.sub(" ", text).split()).strip(" _-,()")
            return bare or text, _YEARS_AGO[(ago[1] or ago[2] or "").lower()] - 1
        years = [int(year) for year in _YEAR.findall(text)]
        if not years:
            short = _SHORT_YEAR.search(text)
            if short and text.isupper() and 0 <= self.last_year % 100 - int(short[1]) <= 4:
                return text[: short.start()].rstrip("_"), self.last_year % 100 - int(short[1])
            return text, None
        bare = " ".join(_YEAR.sub(" ", text).split()).strip(" _-,()")
        return bare or text, self.last_year - max(years)

    def _of_year(self, name: str, offset: int | None) -> str | None:
        """Return the variable of the family `_t`, `_t1`, `_t2` that is meant; None for a year that has none."""
        if offset is None or not name.endswith("_t"):
            return name
        own = name if offset == 0 else f"{name}{offset}"
        return own if own in self._dictionary else None

    def _fit(self, candidate: Candidate, looks: Profile) -> float:
        """Return how well the column's cells fit the variable: 1, less, or 0 where they cannot be it."""
        variable = self._dictionary[candidate.variable]
        few = looks.codes is not None
        if looks.kind == "blank":
            return 0.9
        if candidate.variable == "firm_id":
            return 1.0 if looks.different * self._waves > 0.9 * looks.filled else 0.5
        if variable.type in ("bool", "enum", "multi"):
            most = 4 if variable.type != "enum" else len(variable.levels) + 2
            return (1.0 if looks.different <= most else 0.5) if few else 0.3
        if variable.type in ("int", "float"):
            return _fit_of_numbers(variable, looks)
        return 0.5 if variable.type == "date" and looks.kind not in ("date", "number") else 1.0


def _last_year(columns: Sequence[SourceColumn]) -> int:
    """Return the last year in the columns' texts; where no year is written out, that of names such as TURN14."""
    years = [int(year) for column in columns for year in _YEAR.findall(f"{column.name} {column.label}")]
    if years:
        return max(years)
    names = [column.name for column in columns if column.name.isupper()]
    dated = [(name[: year.start()], int(year[1])) for name in names if (year := _SHORT_YEAR.search(name))]
    stems, years = [stem for stem, _ in dated], [year for _, year in dated]
    told = [year for stem, year in dated if stems.count(stem) > 1 or years.count(year) > 1]
    return max((year + (1900 if year >= 70 else 2000) for year in told), default=0)


def _fit_of_numbers(variable: Variable, looks: Profile) -> float:
    if looks.kind != "number":
        graded = variable.unit in ("importance", "score") and looks.codes is not None and looks.different <= 6
        return 1.0 if graded else 0.3
    if variable.unit in ("importance", "score"):
        return 1.0 if looks.codes is not None and looks.different <= 6 else 0.3
    yes_or_no = looks.different <= 2 and looks.highest <= 2 and looks.filled > 20
    if yes_or_no:
        return 0.6
    if variable.unit == "year":
        return 1.0 if looks.lowest >= FIRST_YEAR and looks.highest <= LAST_YEAR else 0.3
    return 0.6 if variable.maximum is not None and looks.highest > 1.05 * variable.maximum else 1.0


def _cis_names(dictionary: Mapping[str, Variable]) -> dict[str, list[tuple[str, bool]]]:
    """Return CIS name → the variables that carry it, each with whether the name was verified."""
    holders: dict[str, list[tuple[str, bool]]] = {}
    for name, variable in dictionary.items():
        for said in (variable.cis_name, variable.cis_name_old):
            if "item codes" in said or said.startswith("HAMPER_"):
                continue
            for known in re.split(r"[,+]\s*|\s+(?![(])", said):
                known = re.sub(r"(?<=\d)x$", "*", known.strip())
                if _CIS.fullmatch(known):
                    holders.setdefault(known, []).append((name, "(unverified)" not in said))
    return holders


def chosen(ranked: Mapping[str, Sequence[Candidate]]) -> dict[str, Candidate]:
    """Return column → the variable that it convincingly is: near, ahead of others, and of no other column."""
    firm: dict[str, Candidate] = {}
    taken: dict[tuple[str, str], tuple[float, str]] = {}
    for column, candidates in ranked.items():
        if candidates and _is_convincing(candidates):
            firm[column] = candidates[0]
    for column in list(firm):
        one = firm[column]
        score, other = taken.get((one.variable, one.level), (0.0, ""))
        if other and abs(score - one.score) < AHEAD:
            firm.pop(column)
            if not one.level:  # two boxes may be of one level (abroad: in Europe, elsewhere): the first of them stays
                firm.pop(other, None)
            continue
        if score > one.score:
            firm.pop(column)
            continue
        firm.pop(other, None)
        taken[one.variable, one.level] = (one.score, column)
    return firm


def _is_convincing(candidates: Sequence[Candidate]) -> bool:
    first = candidates[0].score
    rival = candidates[1].score if len(candidates) > 1 else 0.0
    if first >= CERTAIN:
        return rival < CERTAIN
    needed = AHEAD if first >= CONVINCING else FAR_AHEAD
    return first >= CONVINCING_ALONE and first - rival >= needed
