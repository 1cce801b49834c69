"""What sentences tell of regions: where most firms are, where a kind is clearly more or less frequent, whether
neighbours are alike, and whether regions sort into types.
"""

from dataclasses import dataclass
from typing import Any

from innosurvey.report.draft import Draft
from innosurvey.report.layout_regions import by_size, types_of
from innosurvey.report.layout_tables import ALL_WAVES
from innosurvey.report.lookup import Row

MOST_PLACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotients:
    """The regions in which a measure's firms are clearly more (highest first) and clearly less frequent (lowest first)
    among the firms of `among` (empty: among all).
    """

    measure: str
    among: str
    above: tuple[Row, ...]
    below: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """How uneven firms are spread (`gini`), and in which measures neighbouring regions are clearly `alike`, clearly
    `unlike`, or lie as if at `random`.
    """

    gini: tuple[Row, ...]
    alike: tuple[Row, ...]
    unlike: tuple[Row, ...]
    random: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionTypes:
    """Whether regions or zones sort into types by their links to knowledge.

    `says` is `untested`, `alike`, `inseparable` or `types`; `types` are then the link that each leans to (empty: to
    none) and its places.
    """

    test: Row
    zones: bool
    says: str
    types: tuple[tuple[str, tuple[str, ...]], ...]


def regions_cohort(draft: Draft, zones: bool = False) -> str:
    """Return the cohort that holds the regions, or their zones; empty where there are none."""
    return str(draft.context.regions.get("zones" if zones else "cohort") or "")


def told_spread(draft: Draft) -> list[tuple[str, list[Row]]]:
    """Return each measure of all its firms with the rows of the regions where most of them are."""
    told = []
    for measure, about in measures_of(draft).items():
        if not about["part"]:
            rows = draft.lookup.rows("regions", measure=measure, statistic="share", wave=ALL_WAVES, level="region")
            told.append((measure, by_size(rows)[:MOST_PLACES]))
    return [(measure, rows) for measure, rows in told if rows]


def told_quotients(draft: Draft) -> list[Quotients]:
    """Return of each measure of a part of the firms the regions where that part is clearly larger or smaller."""
    told = []
    for measure, about in measures_of(draft).items():
        if about["part"]:
            rows = draft.lookup.rows("regions", measure=measure, statistic="quotient", wave=ALL_WAVES, level="region")
            clear = [row for row in rows if row["p_adjusted"].available and row["p_adjusted"] < draft.context.alpha]
            told.append(
                Quotients(
                    measure=measure,
                    among=about["among"] or "",
                    above=tuple(by_size([row for row in clear if row["estimate"] > 1])),
                    below=tuple(by_size([row for row in clear if not row["estimate"] > 1], lowest=True)),
                )
            )
    return told


def measures_of(draft: Draft) -> dict[str, Any]:
    """Return the measures of firms by region, as the configuration has them."""
    return dict(draft.context.regions.get("measures") or {})


def told_concentration(draft: Draft) -> Concentration:
    """Return how uneven firms are spread, and whether neighbours are alike beyond chance."""
    kept: dict[str, list[Row]] = {"alike": [], "unlike": [], "random": []}
    for row in draft.lookup.rows("concentration", statistic="moran", wave=ALL_WAVES):
        if row["p_adjusted"].available:
            kept[likeness(row, draft.context.alpha)].append(row)
    gini = draft.lookup.rows("concentration", statistic="gini", wave=ALL_WAVES)
    return Concentration(
        gini=tuple(row for row in gini if row["estimate"].available),
        **{name: tuple(rows) for name, rows in kept.items()},
    )


def likeness(row: Row, alpha: float) -> str:
    """Return what Moran's I says: neighbours are `alike`, `unlike`, or neither is clear (`random`)."""
    if row["p_adjusted"] >= alpha:
        return "random"
    return "alike" if row["estimate"] > row["expected"] else "unlike"


def told_types(draft: Draft) -> list[RegionTypes]:
    """Return whether regions sort into types, for each level that was tested."""
    told = []
    for test in draft.lookup.rows("region_types", wave=ALL_WAVES):
        says = types_say(test)
        members = types_of(draft.lookup.rows("region_profiles", wave=ALL_WAVES, level=test["level"]))
        kinds = [(kind, tuple(row["region"] for row in rows)) for kind, rows in members]
        told.append(
            RegionTypes(
                test=test,
                zones=test["level"] == "zone",
                says=says,
                types=tuple(kinds) if says == "types" else (),
            )
        )
    return told


def types_say(test: Row) -> str:
    """Return the message of a test of types."""
    if test["verdict"] == "not tested" or not test["p"].available:
        return "untested"
    return {"alike": "alike", "not separable": "inseparable"}.get(test["verdict"], "types")


def vocabulary(draft: Draft) -> dict[str, Any]:
    """Return what the section templates call to know what to tell of regions."""
    return {
        "regions_cohort": lambda zones=False: regions_cohort(draft, zones),
        "told_spread": lambda: told_spread(draft),
        "told_quotients": lambda: told_quotients(draft),
        "told_concentration": lambda: told_concentration(draft),
        "told_types": lambda: told_types(draft),
    }
