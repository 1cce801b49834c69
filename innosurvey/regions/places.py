"""Regions as places: their zones, their neighbours, their tiles on the map, each read from a list that people write.

A list is checked before anything is computed from it: each region of the code list is in it, none that the code list
lacks, a boundary is written from both sides, every region can be reached from every other, no two share a tile. What is
wrong is said with the file, the row as a person counts it (the head is row 1), the rule and what to do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from innosurvey.codelists import LookupSpec
from innosurvey.errors import DataError, StudyError, bullets, did_you_mean
from innosurvey.regions.spec import RegionsSpec

if TYPE_CHECKING:
    import pandas as pd

Rows = Sequence[Mapping[Any, Any]]
LEAST = 4
"""Fewer regions have no distribution that measures of concentration could tell."""
NEIGHBOUR_COLUMNS = ("region", "neighbour", "boundary")
TILE_COLUMNS = ("region", "column", "row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The regions in the order of their code list, the zone of each, its neighbours, and the region of each code of the
    `variable` (or of its first `digits`).

    `zones` are those that have a region, in the order of their cohort; both are empty without zones, `neighbours`
    without a list of them.
    """

    regions: tuple[str, ...]
    variable: str
    codes: Mapping[str, str]
    digits: int | None = None
    zone_of: Mapping[str, str] = field(default_factory=dict)
    zones: tuple[str, ...] = ()
    neighbours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def regions_of(self, codes: "pd.Series") -> "pd.Series":
        """Return the region of each code, missing where that is. DataError lists codes that the code list lacks."""
        texts = codes.astype("str").str.strip().str[: self.digits]
        regions = texts.map(dict(self.codes))
        unknown = texts[regions.isna() & codes.notna()].value_counts(sort=False).sort_index(kind="stable")
        if len(unknown):
            lines = bullets(f"{code}: {count} firms" for code, count in unknown.items())
            raise DataError(
                f"regions: the frame has codes of {self.variable} that the code list of the regions lacks:\n{lines}\n"
                "Add them to the list, or correct the frame."
            )
        return regions


def read_places(
    spec: RegionsSpec, lookup: LookupSpec, zones: Iterable[str], lists: "Mapping[str, pd.DataFrame]"
) -> Places:
    """Return the places of the section; `lists` are the code list and the list of neighbours by their paths, `zones`
    the groups of the zones' cohort. DataError for a list that is wrong. Tiles are the report's business: `read_tiles`.
    """
    rows, zones = _rows(lists, lookup.path), tuple(zones)
    codes = {str(row[lookup.code]): str(row[lookup.value]) for row in rows}
    regions = tuple(dict.fromkeys(codes.values()))
    if len(regions) < LEAST:
        raise DataError(
            f"{lookup.path}: {len(regions)} regions in the column {lookup.value}; a distribution needs {LEAST}.\n"
            "List them all, or take `regions:` out of the study (`regions: null`)."
        )
    zone_of = _zones_of(spec, rows, lookup, zones) if spec.zone_column else {}
    return Places(
        regions=regions,
        variable=lookup.variable,
        codes=codes,
        digits=lookup.digits,
        zone_of=zone_of,
        zones=tuple(zone for zone in zones if zone in zone_of.values()) if zone_of else (),
        neighbours=read_neighbours(_rows(lists, spec.neighbours), spec, regions) if spec.neighbours else {},
    )


def _zones_of(spec: RegionsSpec, rows: Rows, lookup: LookupSpec, zones: tuple[str, ...]) -> dict[str, str]:
    """Return the zone of each region; DataError for a zone without a region, or a region without (or with two)."""
    file, column = lookup.path, spec.zone_column
    fail_if_columns_lack(rows, (column,), file)
    found: dict[str, str] = {}
    for number, row in _numbered(rows):
        region, zone = str(row[lookup.value]), str(row[column])
        if zone not in zones:
            said = f"zone {zone!r} is no group of the cohort {spec.zone_cohort}" if zone else "the zone is blank"
            raise DataError(
                f"{file}, row {number} ({region}): {said}.{did_you_mean(zone, zones)}\nIts groups: {', '.join(zones)}."
            )
        if found.setdefault(region, zone) != zone:
            raise DataError(
                f"{file}, row {number} ({region}): it lies in {found[region]} by another row, here in {zone}.\n"
                "Give all codes of a region the same zone."
            )
    empty = [zone for zone in zones if zone not in found.values()]
    if empty:
        raise DataError(
            f"{file}, column {column}: no region lies in {', '.join(empty)}, of the cohort {spec.zone_cohort}.\n"
            "Give a region that zone, or take the group out of the cohort."
        )
    return found


def read_neighbours(rows: Rows, spec: RegionsSpec, regions: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the neighbours of each region over the boundaries that the section takes, in the regions' order.

    DataError for a region that is not known, is its own neighbour or stands twice, for a pair that is written from one
    side alone or differs from the other, and for regions that cannot be reached.
    """
    file = spec.neighbours
    fail_if_columns_lack(rows, NEIGHBOUR_COLUMNS, file)
    pairs: dict[tuple[str, str], str] = {}
    for number, row in _numbered(rows):
        pair, place = (str(row["region"]), str(row["neighbour"])), f"{file}, row {number}"
        for name in pair:
            fail_if_region_is_unknown(name, regions, place)
        if pair[0] == pair[1]:
            raise DataError(f"{place}: {pair[0]} is its own neighbour.\nTake the row out.")
        if pair in pairs:
            raise DataError(f"{place}: {pair[0]} and {pair[1]} stand in an earlier row already.\nTake one out.")
        pairs[pair] = str(row["boundary"])
    fail_if_neighbours_are_one_sided(pairs, file)
    fail_if_boundaries_are_unknown(spec, set(pairs.values()))
    taken = {pair for pair, boundary in pairs.items() if not spec.boundaries or boundary in spec.boundaries}
    found = {region: tuple(other for other in regions if (region, other) in taken) for region in regions}
    fail_if_regions_are_cut_off(found, file)
    return found


def fail_if_neighbours_are_one_sided(pairs: Mapping[tuple[str, str], str], file: str) -> None:
    """Raise DataError when a pair is not written from both sides, or with two kinds of boundary."""
    for number, ((region, other), boundary) in enumerate(pairs.items(), start=2):
        if (other, region) not in pairs:
            raise DataError(
                f"{file}, row {number}: {region} has the neighbour {other}, but {other} does not have {region}.\n"
                f"Add the row {other},{region},{boundary}, or take this one out."
            )
        if pairs[other, region] != boundary:
            raise DataError(
                f"{file}, row {number}: the boundary of {region} and {other} is {boundary} here and "
                f"{pairs[other, region]} from the other side.\nGive both rows the same kind."
            )


def fail_if_boundaries_are_unknown(spec: RegionsSpec, kinds: Iterable[str]) -> None:
    """Raise StudyError when the section takes a kind of boundary that the list does not have."""
    known = sorted(kinds)
    for kind in spec.boundaries:
        if kind not in known:
            raise StudyError(
                f"regions.neighbours.boundaries: {spec.neighbours} has no boundary {kind}.{did_you_mean(kind, known)}\n"
                f"It has: {', '.join(known)}."
            )


def fail_if_regions_are_cut_off(neighbours: Mapping[str, Sequence[str]], file: str) -> None:
    """Raise DataError when some regions cannot be reached from the first one over common boundaries."""
    reached = reachable(neighbours, next(iter(neighbours)))
    beyond = [region for region in neighbours if region not in reached]
    if beyond:
        raise DataError(
            f"{file}: no chain of neighbours leads from {next(iter(neighbours))} to these regions:\n{bullets(beyond)}\n"
            "Add the boundary that is lacking (both ways), or take more kinds under regions.neighbours.boundaries."
        )


def reachable(neighbours: Mapping[str, Sequence[str]], start: str) -> set[str]:
    """Return the regions that a chain of neighbours leads to, the start among them."""
    reached, waiting = {start}, [start]
    while waiting:
        fresh = [other for other in neighbours[waiting.pop()] if other not in reached]
        reached.update(fresh)
        waiting.extend(fresh)
    return reached


def read_tiles(rows: Rows, file: str, regions: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the tile (column, row) of each region, both counted from 1 at the upper left. DataError for a region that
    is not known, has no tile or two, and for a tile that two regions share.
    """
    fail_if_columns_lack(rows, TILE_COLUMNS, file)
    found: dict[str, tuple[int, int]] = {}
    taken: dict[tuple[int, int], str] = {}
    for number, row in _numbered(rows):
        region, place = str(row["region"]), f"{file}, row {number}"
        fail_if_region_is_unknown(region, regions, place)
        if region in found:
            raise DataError(f"{place}: {region} has a tile already.\nTake one of its rows out.")
        if not all(str(row[axis]).isdigit() and int(row[axis]) > 0 for axis in ("column", "row")):
            raise DataError(f"{place}: column {row['column']!r} and row {row['row']!r} are no whole numbers from 1.")
        tile = (int(row["column"]), int(row["row"]))
        if tile in taken:
            raise DataError(f"{place}: {region} lies on the tile of {taken[tile]}.\nGive one of them another tile.")
        found[region], taken[tile] = tile, region
    lacking = [region for region in regions if region not in found]
    if lacking:
        raise DataError(f"{file}: regions without a tile:\n{bullets(lacking)}\nAdd a row for each.")
    return found


def fail_if_region_is_unknown(name: str, regions: Sequence[str], place: str) -> None:
    """Raise DataError for a region that the code list lacks."""
    if name not in regions:
        raise DataError(
            f"{place}: {name!r} is no region of the code list.{did_you_mean(name, regions)}\n"
            "Write it as the code list does, or add it there."
        )


def fail_if_columns_lack(rows: Rows, columns: Sequence[str], file: str) -> None:
    """Raise DataError for a list without one of these columns, or without rows."""
    if not rows:
        raise DataError(f"{file}: the list has no rows.\nIt needs the columns {', '.join(columns)}.")
    lacking = [column for column in columns if column not in rows[0]]
    if lacking:
        raise DataError(
            f"{file}, row 1: no column {lacking[0]}.{did_you_mean(lacking[0], map(str, rows[0]))}\n"
            f"It has: {', '.join(map(str, rows[0]))}."
        )


def _rows(lists: "Mapping[str, pd.DataFrame]", path: str) -> Rows:
    return lists[path].to_dict("records")


def _numbered(rows: Rows) -> Iterable[tuple[int, Mapping[Any, Any]]]:
    """Return the rows with their numbers as a person counts them: the head is row 1."""
    return enumerate(rows, start=2)
