"""Which regions may be told of: few firms stand behind some, and what is hidden must not follow from what is shown.

The counts of a measure add up: regions to zones, zones to the whole, and a part and the rest to the firms that it is a
part of. A region with fewer firms than the threshold, or with fewer of the rest, is withheld; so is one whose whole is
withheld. Where what is withheld in a zone can be had by subtracting the others, the smallest other region is withheld
with it, until at least two are and they have the threshold's firms together; where a zone is withheld the same holds of
the zones, and one of its regions is withheld, too. Only the waves together are told: single waves would be one more
margin. Counts, shares and quotients of a region are withheld together: of two the third follows.

Measures of the whole distribution may not give the withheld regions away, either: they are taken of the regions that
are shown, and of the mean of the others, which anybody can work out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from innosurvey.regions.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """The regions and zones of one measure that are not told of."""

    regions: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()

    def covers(self, level: str, name: str) -> bool:
        """Return whether a place is withheld."""
        return name in (self.zones if level == "zone" else self.regions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The firms of a measure by region: those that it counts, and the rest of those that they are counted among (empty
    where it counts all).
    """

    counted: Mapping[str, int]
    rest: Mapping[str, int]

    def is_small(self, regions: Sequence[str], minimum_n: int) -> bool:
        """Return whether these regions together have too few firms to be told of: counted, or of the rest (where there
        is any).
        """
        rest = sum(self.rest.get(name, 0) for name in regions)
        return sum(self.counted[name] for name in regions) < minimum_n or 0 < rest < minimum_n


def withheld_of(cells: Cells, places: Places, minimum_n: int, whole: Withheld = Withheld()) -> Withheld:
    """Return which places of a measure are withheld; `whole` are those of the measure that it is a part of."""
    families = {zone: [name for name in places.regions if places.zone_of[name] == zone] for zone in places.zones}
    families = families or {"": list(places.regions)}
    regions = {name for name in places.regions if cells.is_small([name], minimum_n)} | whole.regions
    zones = {zone for zone in places.zones if cells.is_small(families[zone], minimum_n)} | whole.zones
    while True:
        before = (len(regions), len(zones))
        for zone, members in families.items():
            _close(regions, zones, zone, members, cells, minimum_n)
        _close_zones(zones, families, cells, minimum_n)
        if before == (len(regions), len(zones)):
            return Withheld(regions=frozenset(regions), zones=frozenset(zones))


def _close(regions: set[str], zones: set[str], zone: str, members: Sequence[str], cells: Cells, minimum_n: int) -> None:
    """Withhold more regions of a zone until those that are withheld do not follow from the others."""
    while is_open := [name for name in members if name not in regions]:
        hidden = [name for name in members if name in regions]
        if (zone in zones and not hidden) or (
            zone not in zones and hidden and (len(hidden) == 1 or cells.is_small(hidden, minimum_n))
        ):
            regions.add(_smallest(is_open, cells))
        else:
            return
    if zone and len(members) == 1 and members[0] in regions:
        zones.add(zone)


def _close_zones(zones: set[str], families: Mapping[str, Sequence[str]], cells: Cells, minimum_n: int) -> None:
    """Withhold more zones until those that are withheld do not follow from the whole and the others."""
    while zones and (is_open := [zone for zone in families if zone not in zones]):
        members = [name for zone in zones for name in families[zone]]
        if len(zones) > 1 and not cells.is_small(members, minimum_n):
            return
        sizes = {zone: sum(cells.counted[name] for name in families[zone]) for zone in is_open}
        zones.add(min(is_open, key=lambda zone: (sizes[zone], zone)))


def _smallest(names: Sequence[str], cells: Cells) -> str:
    """Return the region with the fewest firms; of several the first by name."""
    return min(names, key=lambda name: (cells.counted[name], name))
