"""A new wave put together: from the nearest codebook and the file to the texts that are to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from innosurvey import ingest, yamlfile
from innosurvey.codebook import Codebook, RowsOfWave, code_text
from innosurvey.codebook.heading import file_spec_of
from innosurvey.dictionary import Dictionary
from innosurvey.draft import Vocabulary, wave_codes
from innosurvey.errors import StudyError
from innosurvey.new_wave.codebook_text import new_codebook, points_as_map
from innosurvey.new_wave.codes import compare_codes
from innosurvey.new_wave.differences import Point, compare_columns
from innosurvey.new_wave.fit import Fit
from innosurvey.new_wave.reading import file_section
from innosurvey.yamlfile import YamlFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """The codebook that is taken over: its text, as read, its name, and the raw file and rows of its wave."""

    text: str
    read: YamlFile
    file: str
    rows: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The codebook's path."""
        return self.read.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What adding a wave comes to: the codebook's text, `rows:` and `period:` of the wave's entry, what was changed
    without a doubt, and what is to be decided.
    """

    codebook: str
    own: Mapping[str, Any]
    notes: tuple[str, ...]
    points: Mapping[str, str]


def add(fit: Fit, old: Old, dictionary: Dictionary, words: Vocabulary, needs: Sequence[Point]) -> Added:
    """Return the new wave. DataError for a file whose firms have no id or stand twice."""
    layout = file_section(fit, old.read.data.get("file") or {}, old.file)
    spec = file_spec_of(YamlFile(name=str(fit.source.path), data={"file": layout} if layout else {}, lines={}))
    columns = compare_columns(fit, spec, dictionary, words)
    own = _own(fit, old)
    _fail_if_firms_are_not_told_apart(replace(fit.known.book, file=spec), fit, columns.mapped, own)
    codes = compare_codes(fit, columns.mapped, spec, words)
    points = [*columns.points, *codes.points, *_taken_over(fit), *needs]
    text = new_codebook(old.text, old.name, fit, layout, columns, codes, points)
    _fail_if_no_codebook(text, old.name)
    changed = _layout_said(old.read.data.get("file") or {}, layout)
    return Added(codebook=text, own=own, notes=(*changed, *columns.notes), points=points_as_map(points))


def _own(fit: Fit, old: Old) -> dict[str, Any]:
    """Return the wave's `rows:` where its file holds several waves, and its `period:` where the old wave has one."""
    own: dict[str, Any] = {}
    column = str((old.rows or {}).get("column", ""))
    if column and column in fit.found:
        codes = wave_codes(fit.source, fit.found[column])
        year = str(fit.known.years.new)
        if len(codes) > 1 and year not in codes:
            raise StudyError(
                f"{fit.source.path}: its column {fit.found[column]} tells waves apart, and none of them is {year}.\n"
                f"It has {', '.join(codes)}. Correct --year, or add the wave by hand (docs/howto-new-wave.md)."
            )
        if len(codes) > 1:
            own["rows"] = {"column": fit.found[column], "is": int(year)}
    if fit.known.book.period and "period" not in old.read.data:
        own["period"] = list(fit.known.years.period(fit.known.book.period))
    return own


def _fail_if_firms_are_not_told_apart(
    book: Codebook, fit: Fit, mapped: Mapping[str, str], own: Mapping[str, Any]
) -> None:
    """Read the ids alone, as the pipeline will; where their column is gone, that is a point to decide."""
    ids = book.variables.get("firm_id")
    if ids is None or not all(column in mapped for column in ids.columns):
        return
    alone = replace(ids, columns=tuple(mapped[column] for column in ids.columns), asked_if=None)
    rows = own.get("rows")
    chosen = RowsOfWave(column=rows["column"], codes=frozenset([code_text(rows["is"])])) if rows else None
    book = replace(book, variables={"firm_id": alone}, rows=chosen)
    ingest.ingest_survey(fit.source.path, book, str(fit.known.years.new))


def _taken_over(fit: Fit) -> list[Point]:
    """Return what the old codebook says of its wave in general: rules that name years, values without a column."""
    years, book = fit.known.years, fit.known.book
    rules = [name for name, rule in book.asked_if.items() if years.has_years(rule)]
    constants = [f"{name} = {one.constant}" for name, one in book.variables.items() if one.constant is not None]
    points = []
    if rules:
        says = f"their years were moved by {years.by} (asked_if of {', '.join(rules)}): are they right?"
        points.append(Point(about="skip rules with years", says=says))
    if constants:
        says = f"the same for all firms, taken from {fit.known.wave}: {', '.join(constants)}. Are they right?"
        points.append(Point(about="constants", says=says))
    return points


def _layout_said(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return what changed of `file:`."""
    return [
        f"{key}: {old.get(key, 'none')} became {new[key]}" if key in new else f"{key}: {old[key]} is left out"
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def _fail_if_no_codebook(text: str, old_name: str) -> None:
    try:
        yamlfile.parse(text, "the drafted codebook")
    except StudyError as error:
        raise StudyError(
            f"{old_name}: its text could not be changed into the new wave's ({error}).\n"
            "Copy it by hand (docs/howto-new-wave.md), and report this."
        ) from None
