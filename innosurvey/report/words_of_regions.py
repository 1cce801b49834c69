"""The fixed words of the part on regions, language by language."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "kinds_region": "Measures of regions",
    "region": "Region",
    "measure": "Measure",
    "measure_listed": "Firms in the sampling frame",
    "measure_types": "Types of regions",
    "measure_regions": "Where firms are",
    "placed_count": "firms",
    "placed_share": "% of all",
    "placed_quotient": "quotient",
    "title_regions": "Where the firms are: {regions}",
    "title_quotients": "Location quotients: {regions}",
    "title_concentration": "How unevenly firms are spread over the regions",
    "title_profiles": "Links to knowledge: {regions}",
    "statistic_herfindahl": "Herfindahl",
    "statistic_herfindahl_normalised": "Herfindahl, normalised",
    "statistic_gini": "Gini",
    "statistic_moran": "Moran's I",
    "alike_p": "p, neighbours alike",
    "any_p": "p, alike or unlike",
    "type": "Type",
    "note_regions": "Firms as the survey estimates them, the mean of the waves. % of all: of the firms counted.",
    "note_frame": "The sampling frame is counted, not estimated; it may list firms that no longer trade.",
    "note_quotient": (
        "Quotient: the part that the measure's firms make of a region's firms, over the part that they make of the "
        "firms of all regions. Marked with *: clearly not one."
    ),
    "note_withheld": "Further regions are hidden where a confidential one could be worked out from them.",
    "note_concentration": (
        "Herfindahl: sum of the squared shares, from one over the number of regions to one; normalised: from zero to "
        "one. Gini: zero where every region has as many. {level} intervals below."
    ),
    "note_merged": (
        "Regions that are hidden count with the mean of their shares, so that these numbers tell nothing of them."
    ),
    "note_moran": (
        "Moran's I: of the quotients, or of the number of all firms; regions that are hidden are left out. "
        "p-values of permutations: of values at least as large, and at least as far from what chance lets expect."
    ),
    "note_profiles": "Mean share of firms that use each source of a kind, in percent; {level} intervals below.",
    "title_quotient_map": "Location quotients on the tile map",
    "alt_quotients": "Tile map of the location quotients of",
    "figure_quotients": (
        "1 is the mean of all regions. Heavy frame, *: clearly not 1, p-values adjusted for the number of regions. "
        "Hatched: too few firms, or hidden."
    ),
    "figure_quotient": "Location quotient",
}
