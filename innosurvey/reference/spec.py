"""What is declared of printed tables: titles, sources, units, derived rows and ratios (`tables.yaml` of their folder).

Read at every start of Snakemake, for the titles in the report: nothing heavy is imported.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from innosurvey.errors import StudyError
from innosurvey.specs import (
    fail_if_key_missing,
    fail_if_not_one_of,
    fail_if_unknown_keys,
    mapping_at,
    names_at,
    title_of,
)

DECLARED = "tables.yaml"
CHECKS = "checks.csv"
DERIVED = "derived_"
"""What the name of a table of derived numbers begins with; the rest is the printed table's."""
UNITS = ("percent", "count", "persons", "thousand", "ratio", "million_krw", "billion_krw", "million_usd")
EXACT = ("count", "persons")
"""Units of numbers that are not rounded."""
DOWN = ("series", "at")
"""What may run down a printed table."""
STUDY_KEYS = ("folder", "tables")
TOP_KEYS = ("sources", "tables", "derived", "ratios", "notes")
TABLE_KEYS = ("source", "number", "after", "title", "head", "down", "unit", "series", "at", "note")
RATIO_KEYS = ("title", "table", "of", "per", "times", "unit", "stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A series, or a place of it (a year, a period, a sum): its title by language and its unit, if it has its own."""

    id: str
    title: Mapping[str, str]
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """One printed table. `series` are its quantities and `at` the places at which they are printed, in order; `down`
    says which of them are its rows.
    """

    id: str
    source: str
    number: str
    title: Mapping[str, str]
    head: Mapping[str, str]
    series: Mapping[str, Named]
    at: Mapping[str, Named]
    down: str = "series"
    unit: str = ""
    after: Mapping[str, str] = field(default_factory=dict)
    note: Mapping[str, str] = field(default_factory=dict)

    def unit_of(self, series: str, at: str) -> str:
        """Return the unit of a cell: that of its place, else of its series, else of the table."""
        return self.at[at].unit or self.series[series].unit or self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedSpec:
    """A table of shares whose wrong rows are worked out: `counts` is the series of the rows' numbers, `totals` the
    place of the counts over all `periods`.
    """

    table: str
    title: Mapping[str, str]
    counts: str
    totals: str
    periods: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioSpec:
    """An output over an input of one printed table; `stated` is the address of a number that the source gives for
    it.
    """

    id: str
    title: Mapping[str, str]
    table: str
    of: str
    per: str
    unit: str
    times: float = 1.0
    stated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSpec:
    """All that is declared of a study's printed tables. `notes` are about checks, by their names."""

    sources: Mapping[str, Mapping[str, str]]
    tables: Mapping[str, TableSpec]
    derived: Mapping[str, DerivedSpec]
    ratios: Mapping[str, RatioSpec]
    notes: Mapping[str, Mapping[str, str]]


def reference_files(section: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the files that a study's section `reference:` names: `tables.yaml`, `checks.csv`, and each table by id."""
    if not section:
        return {}
    where = "reference"
    fail_if_unknown_keys(section, STUDY_KEYS, where)
    fail_if_key_missing(section, STUDY_KEYS, where)
    folder = str(section["folder"]).rstrip("/")
    tables = {name: f"{folder}/{name}.csv" for name in names_at(where, "tables", section["tables"])}
    return {DECLARED: f"{folder}/{DECLARED}", CHECKS: f"{folder}/{CHECKS}", **tables}


def parse_reference(declared: Mapping[str, Any], chosen: Sequence[str], where: str = DECLARED) -> ReferenceSpec:
    """Return what is declared of the chosen tables, in their order. StudyError for what is unknown, missing or twice.

    Ratios and derived rows of tables that were not chosen are left out.
    """
    fail_if_unknown_keys(declared, TOP_KEYS, where)
    fail_if_key_missing(declared, ("sources", "tables"), where)
    entries = mapping_at(declared["tables"], f"{where}: tables")
    named = mapping_at(declared["sources"], f"{where}: sources")
    sources = {str(name): _texts(text, f"{where}: sources.{name}") for name, text in named.items()}
    for name in chosen:
        fail_if_not_one_of(name, entries, "reference.tables")
    tables = {name: _table(name, entries[name], sources, where) for name in chosen}
    ratios = mapping_at(declared.get("ratios"), f"{where}: ratios")
    derived = mapping_at(declared.get("derived"), f"{where}: derived")
    notes = mapping_at(declared.get("notes"), f"{where}: notes")
    return ReferenceSpec(
        sources=sources,
        tables=tables,
        derived={
            name: _derived(tables[name], entry, f"{where}: derived.{name}")
            for name, entry in derived.items()
            if _is_chosen(name, entries, tables, f"{where}: derived")
        },
        ratios={
            name: _ratio(name, entry, tables, f"{where}: ratios.{name}")
            for name, entry in ratios.items()
            if _is_chosen(
                str(mapping_at(entry, f"{where}: ratios.{name}").get("table")),
                entries,
                tables,
                f"{where}: ratios.{name}.table",
            )
        },
        notes={str(name): _texts(text, f"{where}: notes.{name}") for name, text in notes.items()},
    )


def _is_chosen(name: str, declared: Collection[str], chosen: Collection[str], where: str) -> bool:
    fail_if_not_one_of(name, declared, where)
    return name in chosen


def _table(name: str, entry: Any, sources: Collection[str], where: str) -> TableSpec:
    where = f"{where}: tables.{name}"
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, TABLE_KEYS, where)
    fail_if_key_missing(entry, ("source", "number", "title", "head", "series", "at"), where)
    fail_if_not_one_of(entry["source"], sources, f"{where}.source")
    down = str(entry.get("down", DOWN[0]))
    fail_if_not_one_of(down, DOWN, f"{where}.down")
    spec = TableSpec(
        id=name,
        source=entry["source"],
        number=str(entry["number"]),
        title=_texts(entry["title"], f"{where}.title"),
        head=_texts(entry["head"], f"{where}.head"),
        series=_names(entry["series"], f"{where}.series"),
        at=_names(entry["at"], f"{where}.at"),
        down=down,
        unit=_unit(entry, where),
        after=_texts(entry.get("after"), f"{where}.after"),
        note=_texts(entry.get("note"), f"{where}.note"),
    )
    _fail_if_a_cell_has_no_unit(spec, where)
    return spec


def _names(entries: Any, where: str) -> dict[str, Named]:
    found = {}
    for name, entry in mapping_at(entries, where).items():
        entry = mapping_at(entry, f"{where}.{name}")
        fail_if_unknown_keys(entry, ("title", "unit"), f"{where}.{name}")
        _fail_if_no_address(str(name), where)
        title = title_of(entry, str(name), f"{where}.{name}")
        found[str(name)] = Named(id=str(name), title=title, unit=_unit(entry, f"{where}.{name}"))
    return found


def _unit(entry: Mapping[str, Any], where: str) -> str:
    if entry.get("unit") is None:
        return ""
    fail_if_not_one_of(entry["unit"], UNITS, f"{where}.unit")
    return str(entry["unit"])


def _derived(table: TableSpec, entry: Any, where: str) -> DerivedSpec:
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, ("title", "counts", "totals", "periods"), where)
    fail_if_key_missing(entry, ("title", "counts", "totals", "periods"), where)
    periods = names_at(where, "periods", entry["periods"])
    fail_if_not_one_of(entry["counts"], table.series, f"{where}.counts")
    for place in (entry["totals"], *periods):
        fail_if_not_one_of(place, table.at, where)
    return DerivedSpec(
        table=table.id,
        title=_texts(entry["title"], f"{where}.title"),
        counts=entry["counts"],
        totals=entry["totals"],
        periods=periods,
    )


def _ratio(name: str, entry: Any, tables: Mapping[str, TableSpec], where: str) -> RatioSpec:
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, RATIO_KEYS, where)
    fail_if_key_missing(entry, ("title", "table", "of", "per", "unit"), where)
    for part in ("of", "per"):
        fail_if_not_one_of(entry[part], tables[entry["table"]].series, f"{where}.{part}")
    stated = str(entry.get("stated", ""))
    return RatioSpec(
        id=name,
        title=_texts(entry["title"], f"{where}.title"),
        table=entry["table"],
        of=entry["of"],
        per=entry["per"],
        unit=_unit(entry, where),
        times=float(entry.get("times", 1)),
        stated=stated if stated.partition(".")[0] in tables else "",
    )


def _texts(text: Any, where: str) -> dict[str, str]:
    """Return a text by language; nothing at all is an empty map."""
    return {} if text is None else dict(title_of({"title": text}, "", where))


def _fail_if_no_address(name: str, where: str) -> None:
    if any(sign in name for sign in " @") or ".." in name:
        raise StudyError(f"{where}: `{name}` cannot stand in the address of a cell.\nLeave out blanks, @ and `..`.")


def _fail_if_a_cell_has_no_unit(spec: TableSpec, where: str) -> None:
    bare = [f"{series} at {at}" for series in spec.series for at in spec.at if not spec.unit_of(series, at)]
    if bare:
        raise StudyError(
            f"{where}: {len(bare)} cells have no unit, the first is {bare[0]}.\n"
            f"Give the table, the series or the place a `unit:`, one of {', '.join(UNITS)}."
        )
