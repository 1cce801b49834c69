"""Which tables the figures are taken from: said without loading matplotlib, for the rule that draws them."""

DRAWN = frozenset(
    {
        "claims",
        "coefficients",
        "cohorts",
        "curves",
        "decompositions",
        "describe",
        "fits",  # how many firms stand behind a coefficient
        "hypotheses",
        "ledger",
        "leave_out",
        "link",
        "policy",
        "ratios",
        "regions",
        "series",
        "specifications",
        "weights",
    }
)
