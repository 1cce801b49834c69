"""What is asked about regions: the config's section `regions:`.

The regions are the groups of a cohort that a code list gives; the zones that they lie in are a column of that list.
Imports nothing heavy: the Snakefile asks at every start.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.specs import (
    fail_if_key_missing,
    fail_if_not_one_of,
    fail_if_unknown_keys,
    list_at,
    mapping_at,
    names_at,
    title_of,
)

By = Literal["zones", "regions"]
WHERE = "regions"
KEYS = ("cohort", "zones", "neighbours", "tiles", "measures", "map", "permutations", "seed", "types")
MEASURE_KEYS = ("title", "variable", "level", "among")
TYPES_KEYS = ("by", "links", "least", "groups", "draws", "alpha", "stability", "silhouette")
LINK_KEYS = ("title", "variables")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Which firms are counted: those that say yes to `variable` (or are of its `level`); all where it is empty.
    `among` names the measure whose firms they are a part of; a measure without one is a part of all firms.
    """

    id: str
    title: Mapping[str, str]
    variable: str = ""
    level: str = ""
    among: str = ""

    @property
    def is_part(self) -> bool:
        """Return whether the measure counts some of the firms: only then it has a location quotient."""
        return bool(self.variable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One kind of link to knowledge: the mean share of firms that say yes to each of `variables`."""

    id: str
    title: Mapping[str, str]
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesSpec:
    """Types of regions by their links. `least` firms with an answer make a profile; `groups` are the numbers of types
    tried. Types are told apart where the test of equal profiles has a p below `alpha`, and the types reach the
    `silhouette` and, over `draws` from the sampling error, the `stability` (adjusted Rand index).
    """

    links: tuple[Link, ...]
    by: By = "zones"
    least: int = 30
    groups: tuple[int, ...] = (2, 3)
    draws: int = 999
    alpha: float = 0.05
    stability: float = 0.75
    silhouette: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionsSpec:
    """The whole section. `zone_cohort` has the zones as groups and `zone_column` of the regions' code list names each
    region's zone (both empty without zones); `boundaries` says which kinds of boundary make neighbours (empty: any).
    """

    cohort: str
    measures: tuple[Measure, ...]
    zone_cohort: str = ""
    zone_column: str = ""
    neighbours: str = ""
    boundaries: tuple[str, ...] = ()
    tiles: str = ""
    map: str = ""
    permutations: int = 9999
    seed: int = 0
    types: TypesSpec | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the variables that a slice must hold for the measures and the links, each once."""
        of_measures = [measure.variable for measure in self.measures if measure.variable]
        of_links = [name for link in (self.types.links if self.types else ()) for name in link.variables]
        return tuple(dict.fromkeys([*of_measures, *of_links]))

    @property
    def files(self) -> tuple[str, ...]:
        """Return the lists that the section names, beside the code list of the cohort."""
        return tuple(path for path in (self.neighbours, self.tiles) if path)


def parse_regions(section: Mapping[str, Any] | None) -> RegionsSpec | None:
    """Return the section as a spec, None where there is none. StudyError for what could not work."""
    if section is None:
        return None
    entry = mapping_at(section, WHERE)
    fail_if_unknown_keys(entry, KEYS, WHERE)
    fail_if_key_missing(entry, ("cohort", "measures"), WHERE)
    zones = _part(entry, "zones", ("cohort", "column"))
    neighbours = _part(entry, "neighbours", ("file",), ("boundaries",))
    spec = RegionsSpec(
        cohort=str(entry["cohort"]),
        measures=_measures(entry["measures"]),
        zone_cohort=str(zones.get("cohort", "")),
        zone_column=str(zones.get("column", "")),
        neighbours=str(neighbours.get("file", "")),
        boundaries=list_at(neighbours.get("boundaries") or (), f"{WHERE}.neighbours.boundaries"),
        tiles=str(entry.get("tiles") or ""),
        map=str(entry.get("map") or ""),
        permutations=_whole(entry, "permutations", 9999, 99),
        seed=_whole(entry, "seed", 0, 0),
        types=_types(entry.get("types")),
    )
    fail_if_the_map_shows_nothing(spec)
    fail_if_types_lack_zones(spec)
    return spec


def _part(
    entry: Mapping[str, Any], name: str, needed: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Mapping[str, Any]:
    """Return a part of the section with its keys checked; an empty one where it is left out."""
    found = mapping_at(entry.get(name), f"{WHERE}.{name}")
    fail_if_unknown_keys(found, (*needed, *optional), f"{WHERE}.{name}")
    if found:
        fail_if_key_missing(found, needed, f"{WHERE}.{name}")
    return found


def _measures(section: Any) -> tuple[Measure, ...]:
    """Return the measures, each after the one that it is a part of."""
    entries = {
        str(name): entry for name, entry in mapping_at(section, f"{WHERE}.measures").items() if entry is not None
    }
    found: dict[str, Measure] = {}
    for name, entry in entries.items():
        where = f"{WHERE}.measures.{name}"
        entry = mapping_at(entry, where)
        fail_if_unknown_keys(entry, MEASURE_KEYS, where)
        among = str(entry.get("among") or "")
        if among and among not in found:
            raise StudyError(
                f"{where}.among: no measure {among} is declared above it.{did_you_mean(among, entries)}\n"
                f"Above it: {', '.join(found) or 'none'}.  Declare the whole before its part."
            )
        if not entry.get("variable") and (among or entry.get("level")):
            raise StudyError(f"{where}: `among` and `level` need a `variable`.\nName the yes/no variable to count by.")
        found[name] = Measure(
            id=name,
            title=title_of(entry, name, where),
            variable=str(entry.get("variable") or ""),
            level=str(entry.get("level") or ""),
            among=among,
        )
    return tuple(found.values())


def _types(section: Any) -> TypesSpec | None:
    if section is None:
        return None
    where = f"{WHERE}.types"
    entry = mapping_at(section, where)
    fail_if_unknown_keys(entry, TYPES_KEYS, where)
    fail_if_key_missing(entry, ("links",), where)
    by = entry.get("by", "zones")
    fail_if_not_one_of(by, ("zones", "regions"), f"{where}.by")
    groups = tuple(int(count) for count in list_at(entry.get("groups", (2, 3)), f"{where}.groups"))
    if not groups or min(groups) < 2:
        raise StudyError(f"{where}.groups: a type needs another beside it.\nGive numbers from 2, such as [2, 3].")
    return TypesSpec(
        links=_links(entry["links"]),
        by=by,
        least=_whole(entry, "least", 30, 2, where),
        groups=tuple(sorted(groups)),
        draws=_whole(entry, "draws", 999, 99, where),
        alpha=_part_of_one(entry, "alpha", 0.05),
        stability=_part_of_one(entry, "stability", 0.75),
        silhouette=_part_of_one(entry, "silhouette", 0.5),
    )


def _links(section: Any) -> tuple[Link, ...]:
    found = []
    for name, entry in mapping_at(section, f"{WHERE}.types.links").items():
        where = f"{WHERE}.types.links.{name}"
        if entry is None:
            continue
        entry = mapping_at(entry, where)
        fail_if_unknown_keys(entry, LINK_KEYS, where)
        fail_if_key_missing(entry, ("variables",), where)
        variables = names_at(where, "variables", entry["variables"])
        found.append(Link(id=str(name), title=title_of(entry, str(name), where), variables=variables))
    return tuple(found)


def _whole(entry: Mapping[str, Any], key: str, default: int, least: int, where: str = WHERE) -> int:
    value = entry.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise StudyError(f"{where}.{key}: {value!r} is no whole number from {least}.\nGive one, such as {default}.")
    return value


def _part_of_one(entry: Mapping[str, Any], key: str, default: float) -> float:
    value = entry.get(key, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1:
        raise StudyError(
            f"{WHERE}.types.{key}: {value!r} is not between 0 and 1.\nGive a part of one, such as {default}."
        )
    return float(value)


def fail_if_the_map_shows_nothing(spec: RegionsSpec) -> None:
    """Raise StudyError when the map is of a measure that is not declared, or has no quotient."""
    parts = [measure.id for measure in spec.measures if measure.is_part]
    if spec.map and spec.map not in parts:
        raise StudyError(
            f"{WHERE}.map: {spec.map} is no measure with a location quotient.{did_you_mean(spec.map, parts)}\n"
            f"With one: {', '.join(parts) or 'none'}."
        )


def fail_if_types_lack_zones(spec: RegionsSpec) -> None:
    """Raise StudyError when types of zones are asked for and no zones are declared."""
    if spec.types and spec.types.by == "zones" and not spec.zone_cohort:
        raise StudyError(
            f"{WHERE}.types.by: zones are asked for, but none are declared.\n"
            "Declare `zones: {cohort: …, column: …}`, or set `by: regions`."
        )
