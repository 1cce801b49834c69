"""Where firms are, as tables: the regions under their zones, how concentrated, how they link to knowledge."""

from collections.abc import Sequence

from innosurvey.report.document import Cell, Column, Run, Table, TableRow
from innosurvey.report.draft import Draft, text_cell
from innosurvey.report.layout_tables import ALL_WAVES, interval_runs, notes, ordered, reliability_runs, subtitle
from innosurvey.report.lookup import Row

LISTED = "listed"
MORAN = "moran"
CLEAR = "*"
DECIMALS = {"count": 0, "share": 1, "quotient": 2}
INDEX_DECIMALS = 3


def regions_table(draft: Draft, wave: str = ALL_WAVES) -> Table | None:
    """Return how many firms are in each region: those that the frame lists, then each measure's, and where of all they
    are; the zones stand at the foot.
    """
    found = [row for row in draft.lookup.rows("regions", wave=wave, statistic=["count", "share"]) if is_told(row)]
    asked = ["note_regions", *(["note_frame"] if any(row["measure"] == LISTED for row in found) else [])]
    return table_of_places(draft, "regions", found, asked)


def is_told(row: Row) -> bool:
    """Return whether the table has the row: of the frame's firms the number alone."""
    return bool(row["measure"] != LISTED or row["statistic"] == "count")


def quotients_table(draft: Draft, wave: str = ALL_WAVES) -> Table | None:
    """Return the location quotients of each region with their intervals; the zones stand at the foot."""
    found = draft.lookup.rows("regions", wave=wave, statistic="quotient")
    return table_of_places(draft, "quotients", found, ["note_quotient", "note_interval"])


def table_of_places(draft: Draft, name: str, found: Sequence[Row], asked: Sequence[str]) -> Table | None:
    """Return a table with a row per region below the name of its zone, and the zones at the foot."""
    if not found:
        return None
    heads = ordered((row["measure"], row["statistic"]) for row in found)
    by_place = {(row["level"], row["region"], row["measure"], row["statistic"]): row for row in found}

    def line(level: str, place: str) -> TableRow:
        cells = (placed_cell(draft, by_place.get((level, place, *head))) for head in heads)
        kind = "foot" if level == "zone" else "body"
        return TableRow(cells=(text_cell(place_title(draft, level, place)), *cells), kind=kind)

    rows: list[TableRow] = []
    for zone, regions in in_zones(found).items():
        rows += [subtitle(place_title(draft, "zone", zone))] if zone else []
        rows += [line("region", region) for region in regions]
    rows += [line("zone", zone) for zone in ordered(row["region"] for row in found if row["level"] == "zone")]
    withheld = [draft.words["note_withheld"]] if any(row.suppressed for row in found) else []
    return Table(
        id=name,
        title=draft.words[f"title_{name}"].format(regions=cohort_title(draft, "cohort")),
        columns=columns_of(draft, name, heads),
        rows=tuple(rows),
        notes=(*notes(draft, found, *asked), *withheld),
        source=draft.source(("regions",)),
    )


def columns_of(draft: Draft, name: str, heads: Sequence[tuple[str, str]]) -> tuple[Column, ...]:
    """Return the columns: of quotients a measure each, else a measure's numbers below its title."""
    columns = [Column(title=draft.words["region"], align="left")]
    for measure, statistic in heads:
        title, head = draft.label("measure", measure), draft.words[f"placed_{statistic}"]
        columns.append(Column(title=title) if name == "quotients" else Column(title=head, over=title))
    return tuple(columns)


def in_zones(found: Sequence[Row]) -> dict[str, list[str]]:
    """Return the regions of each zone, in their order; of no zone, where there are none."""
    regions = ordered((row["zone"], row["region"]) for row in found if row["level"] == "region")
    zones: dict[str, list[str]] = {}
    for zone, region in regions:
        zones.setdefault(zone, []).append(region)
    return zones


def place_title(draft: Draft, level: str, name: str) -> str:
    """Return the title of a region or a zone."""
    return draft.group_label(str(draft.context.regions.get("zones" if level == "zone" else "cohort", "")), name)


def cohort_title(draft: Draft, kind: str) -> str:
    """Return the title of the regions' cohort, or of the zones'."""
    return draft.label("cohort", str(draft.context.regions.get(kind, "")))


def placed_cell(draft: Draft, row: Row | None) -> Cell:
    """Return one number of a region: a quotient with its interval below, a mark where it may not be told."""
    if row is None:
        return text_cell("")
    decimals = DECIMALS[row["statistic"]]
    cell = draft.cell(row["estimate"], "estimate", decimals)
    if not row["estimate"].available:
        return cell
    interval = interval_runs(draft, row, decimals, line=1) if row["statistic"] == "quotient" else ()
    marks = reliability_runs(row) if row["statistic"] != "share" else ()
    if row["p_adjusted"].available and row["p_adjusted"] < draft.context.alpha:
        marks = (Run(text=CLEAR), *marks)
    return Cell(runs=(*cell.runs, *marks, *interval), order=cell.order)


def concentration_table(draft: Draft, wave: str = ALL_WAVES) -> Table | None:
    """Return a row per measure: the indices with their intervals, Moran's I with its p-values."""
    found = draft.lookup.rows("concentration", wave=wave)
    if not found:
        return None
    statistics = ordered(row["statistic"] for row in found)
    by_place = {(row["measure"], row["statistic"]): row for row in found}
    has_moran = MORAN in statistics
    rows = [
        TableRow(
            cells=(
                text_cell(draft.label("measure", measure)),
                *(index_cell(draft, by_place.get((measure, statistic))) for statistic in statistics),
                *(p_cells(draft, by_place.get((measure, MORAN))) if has_moran else ()),
            )
        )
        for measure in ordered(row["measure"] for row in found)
    ]
    heads = [
        *(f"statistic_{statistic}" for statistic in statistics),
        *(("alike_p", "any_p", "p_adjusted") if has_moran else ()),
    ]
    asked = ["note_concentration", *(["note_merged"] if any(row["merged"] > 0 for row in found) else [])]
    asked += ["note_moran"] if has_moran else []
    return Table(
        id="concentration",
        title=draft.words["title_concentration"],
        columns=(
            Column(title=draft.words["measure"], align="left"),
            *(Column(title=draft.words[head]) for head in heads),
        ),
        rows=tuple(rows),
        notes=notes(draft, found, *asked),
        source=draft.source(("concentration",)),
    )


def index_cell(draft: Draft, row: Row | None) -> Cell:
    """Return an index with its interval below."""
    if row is None or not row["estimate"].available:
        return text_cell("") if row is None else draft.cell(row["estimate"], "estimate", INDEX_DECIMALS)
    runs = (draft.run(row["estimate"], "estimate", INDEX_DECIMALS), *interval_runs(draft, row, INDEX_DECIMALS, line=1))
    return Cell(runs=runs, order=f"{float(row['estimate']):.10g}")


def p_cells(draft: Draft, row: Row | None) -> tuple[Cell, ...]:
    """Return the p-values of Moran's I: of likeness, of either, and that adjusted for the number of measures."""
    columns = ("p_greater", "p_two_sided", "p_adjusted")
    return tuple(text_cell("") if row is None else draft.cell(row[column], "p_bare") for column in columns)


def profiles_table(draft: Draft, wave: str = ALL_WAVES) -> Table | None:
    """Return a row per zone (or region) with its links to knowledge, and its type where types can be told apart."""
    found = draft.lookup.rows("region_profiles", wave=wave)
    if not found:
        return None
    links, level = ordered(row["link"] for row in found), found[0]["level"]
    typed = any(row["type"] for row in found)
    rows = []
    for region in ordered(row["region"] for row in found):
        ours = {row["link"]: row for row in found if row["region"] == region}
        first = ours[links[0]]
        cells = [profile_cell(draft, ours[link]) for link in links]
        firms = draft.cell(min((ours[link]["n"] for link in links), key=smallest), "count")
        last = (text_cell(first["type"]),) if typed else ()
        rows.append(TableRow(cells=(text_cell(place_title(draft, level, region)), firms, *cells, *last)))
    return Table(
        id="region-profiles",
        title=draft.words["title_profiles"].format(
            regions=cohort_title(draft, "zones" if level == "zone" else "cohort")
        ),
        columns=(
            Column(title=draft.words["region"], align="left"),
            Column(title=draft.words["firms"]),
            *(Column(title=draft.label("link", link)) for link in links),
            *((Column(title=draft.words["type"]),) if typed else ()),
        ),
        rows=tuple(rows),
        notes=notes(draft, found, "note_profiles"),
        source=draft.source(("region_profiles",)),
    )


def smallest(number: object) -> float:
    """Return a number to sort by; one that is hidden comes first."""
    return float(number) if getattr(number, "available", False) else -1.0  # type: ignore[arg-type]


def profile_cell(draft: Draft, row: Row) -> Cell:
    """Return a link with its interval below."""
    runs = (draft.run(row["estimate"], "estimate", 1), *interval_runs(draft, row, 1, line=1))
    return Cell(runs=runs, order=f"{float(row['estimate']):.10g}" if row["estimate"].available else "")


def by_size(rows: Sequence[Row], lowest: bool = False) -> list[Row]:
    """Return the rows that have an estimate, the highest (or the lowest) first."""
    told = [row for row in rows if row["estimate"].available]
    return sorted(told, key=lambda row: float(row["estimate"]) * (1 if lowest else -1))


def types_of(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Return each type as the link that it leans to and a row for each of its regions."""
    types: dict[str, dict[str, Row]] = {}
    for row in rows:
        if row["type"]:
            types.setdefault(row["type"], {}).setdefault(row["region"], row)
    return [(next(iter(members.values()))["leans_to"], list(members.values())) for members in types.values()]
