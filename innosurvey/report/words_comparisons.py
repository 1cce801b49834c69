"""The fixed words of comparisons, rankings and decompositions, language by language."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "kinds_ranking": "Rankings",
    "kinds_decomposition": "Decompositions",
    "items_acquisition": "Acquisition of technology",
    "items_failure": "Where and why projects fail",
    "at_equal_composition": "At equal composition",
    "all_at_once": "All at once",
    "equal": "adj. ",
    "below_the_highest": "From the highest",
    "gap": "Gap",
    "explained": "Explained",
    "unexplained": "Unexplained",
    "explained_share": "Explained, % of the gap",
    "all_terms": "All terms",
    "title_decomposition": "What the gap is made of",
    "family_activity": "output",
    "family_activity_variant": "output, other definition",
    "family_network": "information network",
    "family_network_variant": "information network, other definitions",
    "family_barriers_variant": "barriers, other definitions",
    "family_rank_barriers": "barriers among all firms",
    "family_rank_barriers_active": "barriers among active firms",
    "family_rank_capacity": "capacity and finance",
    "note_family": "p-values adjusted for the number of tests (Benjamini–Hochberg) within the family “{families}”.",
    "note_families": (
        "p-values adjusted for the number of tests (Benjamini–Hochberg) within each of the families “{families}”."
    ),
    "between_families": "”, “",
    "note_composition": "At equal composition, adj.: the difference among firms alike in {variables}.",
    "note_log_odds": "Below the effect size of an exact test: the log odds ratio (Firth) and its {level} interval.",
    "note_omnibus": (
        "All at once: adjusted p of the test that all groups are equal, below it Cramér's V of shares or η of means."
    ),
    "note_ranking": "Differences from the item that stands highest, among the same firms, with {level} intervals.",
    "note_decomposition": (
        "Explained: what the groups' differences in the terms are worth. Unexplained: that the terms "
        "are worth something else in each group, and what no term holds. {level} intervals below."
    ),
    "title_decomposition_bars": "Gaps between groups, explained and unexplained",
    "alt_bars": "Bar chart.",
    "figure_of_the_gap": "Percent of the gap",
}
