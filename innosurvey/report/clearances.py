"""The clearance rule of each table: which counts must reach the threshold, which columns are numbers about firms."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """How one table is cleared: the row's key, the counts that must reach the threshold, the numbers that are blanked,
    those that may stand."""

    key: tuple[str, ...]
    counts: tuple[str, ...]
    numbers: tuple[str, ...]
    verdicts: tuple[str, ...] = ()  # words about these numbers, blanked with them
    open_numbers: tuple[str, ...] = ()
    withheld: str = ""  # the column that marks the rows whose numbers others would follow from
    parts_of: tuple[str, ...] = ()  # rows with the same values here are parts of one whole, whose total may be known


FIT_KEY = ("model", "cohort", "group")
COEFFICIENT_KEY = (*FIT_KEY, "outcome")
ANSWER_KEY = ("curve", "cohort", "group", "outcome", "input")
ANSWERED = ("n", "n_firms", "estimate", "se", "df", "statistic", "p", "lower", "upper")
P_OF_CURVES = ("p_median", "p_share", "p_mean")
TESTED = ("difference", "se", "df", "t", "p", "p_adjusted", "lower", "upper", "fmi")

COMPARISON = Clearance(
    key=("cohort", "group", "reference", "wave", "item", "statistic"),
    counts=("n_group", "n_reference"),
    numbers=(
        "n_group",
        "n_reference",
        "estimate_group",
        "estimate_reference",
        "difference",
        "se",
        "df",
        "t",
        "p",
        "p_adjusted",
        "lower",
        "upper",
        "effect_size",
        "log_odds",
        "log_odds_lower",
        "log_odds_upper",
        "fmi",
    ),
)

OMNIBUS = Clearance(
    key=("cohort", "wave", "item", "statistic"),
    counts=("n",),
    numbers=("n", "value", "df1", "df2", "p", "p_adjusted", "effect_size", "fmi"),
    open_numbers=("groups",),
)
RANKS = Clearance(
    key=("ranking", "cohort", "group", "wave", "item", "other", "statistic"),
    counts=("n",),
    numbers=("n", "estimate", "estimate_other", *TESTED),
)
CLEARANCES: Mapping[str, Clearance] = {
    "describe": Clearance(
        key=("cohort", "group", "wave", "item", "statistic"),
        counts=("n",),
        numbers=("n", "estimate", "se", "lower", "upper", "cv", "deff", "fmi"),
        verdicts=("reliability",),
    ),
    "compare": COMPARISON,
    "unweighted": COMPARISON,
    "omnibus": OMNIBUS,
    "omnibus_unweighted": OMNIBUS,
    "ranks": RANKS,
    "ranks_unweighted": RANKS,
    "adjusted": Clearance(
        key=("cohort", "group", "reference", "wave", "item", "statistic", "adjust_for"),
        counts=("n_group", "n_reference"),
        numbers=("n_group", "n_reference", "difference_raw", *TESTED, "overlap"),
    ),
    "decompositions": Clearance(
        key=("decomposition", "cohort", "group", "reference", "wave", "outcome", "part", "term"),
        counts=("n_group", "n_reference"),
        numbers=("n_group", "n_reference", "estimate", "se", "df", "t", "p", "lower", "upper", "share_of_gap", "fmi"),
    ),
    "curves": Clearance(
        key=("curve", "cohort", "group", "at"),
        counts=("n",),
        numbers=("n", "estimate", "se", "lower", "upper"),
        open_numbers=("at", "bandwidth"),
    ),
    "regions": Clearance(
        key=("measure", "level", "region", "wave", "statistic"),
        counts=("n",),
        numbers=("n", "estimate", "se", "lower", "upper", "cv", "p", "p_adjusted", "fmi"),
        verdicts=("reliability",),
        withheld="withheld",
    ),
    "concentration": Clearance(
        key=("measure", "wave", "statistic"),
        counts=("n",),
        numbers=("n", "estimate", "se", "lower", "upper", "expected", "p_greater", "p_two_sided", "p_adjusted", "fmi"),
        open_numbers=("regions", "merged", "permutations"),
        withheld="withheld",
    ),
    "region_profiles": Clearance(
        key=("level", "region", "wave", "link"),
        counts=("n",),
        numbers=("n", "estimate", "se", "lower", "upper"),
    ),
    "region_types": Clearance(
        key=("level", "wave"),
        counts=("n",),
        numbers=("n", "value", "df1", "df2", "p", "silhouette", "stability"),
        open_numbers=("regions", "groups"),
    ),
    "fits": Clearance(
        key=COEFFICIENT_KEY,
        counts=("n",),
        numbers=("n", "n_firms", "n_clusters", "r2", "loglik", "gradient_norm", "condition_number"),
    ),
    "coefficients": Clearance(
        key=(*COEFFICIENT_KEY, "term"),
        counts=("n",),  # not its own: the n of its fit is joined on
        numbers=("estimate", "se", "df", "statistic", "p", "lower", "upper", "fmi"),
    ),
    "diagnostics": Clearance(
        key=(*FIT_KEY, "name"),
        counts=("n",),  # joined on, as for coefficients
        numbers=("statistic", "df", "df2", "p"),
    ),
    "balance": Clearance(
        key=(*FIT_KEY, "covariate"),
        counts=("n",),
        numbers=("treated", "control", "control_weighted", "difference", "difference_weighted"),
    ),
    "specifications": Clearance(
        key=("curve", "cohort", "group", "number"),
        counts=("n",),
        numbers=(*ANSWERED, "n_clusters"),
    ),
    "specification_tests": Clearance(
        key=ANSWER_KEY,
        counts=("n",),
        numbers=("n", "lowest", "median", "highest", "share_positive", "share_significant", *P_OF_CURVES),
        open_numbers=("specifications", "estimated", "draws"),
    ),
    "main_answers": Clearance(key=ANSWER_KEY, counts=("n",), numbers=(*ANSWERED, "p_adjusted")),
    # Too few firms left out would be known by the difference.
    "leave_out": Clearance(
        key=(*ANSWER_KEY, "left_out"), counts=("n", "n_left_out"), numbers=(*ANSWERED, "n_left_out")
    ),
    "influence": Clearance(
        key=ANSWER_KEY,
        counts=("n",),
        numbers=("n", "slope", "smallest", "largest", "largest_change", "notable"),
    ),
    "selection_bounds": Clearance(
        key=ANSWER_KEY,
        counts=("n",),
        numbers=(
            *("n", "uncontrolled", "controlled", "r2_uncontrolled", "r2_controlled"),
            *("r2_max", "adjusted", "selection_needed"),
        ),
    ),
    "claims": Clearance(
        key=("claim",),
        counts=("n",),
        numbers=("n", "effect", "lower", "upper", "p_adjusted", "effect_least", "effect_most"),
        open_numbers=(
            "hypotheses",
            "supported",
            "not_supported",
            "reversed",
            "not_estimable",
            "checks",
            "checks_agree",
        ),
    ),
    "hypotheses": Clearance(
        key=("claim", "hypothesis", "check"),
        counts=("n",),
        numbers=("n", "effect", "se", "df", "lower", "upper", "effect_size", "p", "p_adjusted"),
        open_numbers=("matters",),
    ),
    # A cell takes no number over that too few firms stand behind; `n` is the fewest behind those that it has.
    "policy": Clearance(
        key=("cohort", "group", "field", "barrier", "instrument", "government"),
        counts=("n",),
        numbers=(
            "n",
            *("need", "need_se", "need_lower", "need_upper", "need_n"),
            *("reach", "reach_se", "reach_lower", "reach_upper", "reach_n"),
            *("association", "association_se", "association_lower", "association_upper", "association_n"),
            *("p_adjusted", "priority"),
        ),
        verdicts=("need_is", "reach_is", "association_is", "action"),
        open_numbers=("need_least", "reach_below"),
    ),
    # Counts and numbers of both releases are cleared before they are recorded (`innosurvey/changes/record.py`).
    "causes": Clearance(
        key=("release", "step", "cause"), counts=(), numbers=(), open_numbers=("moved", "largest", "turns")
    ),
    "changed_numbers": Clearance(
        key=("kind", "number", "step", "cause"),
        counts=(),
        numbers=("before", "part", "after", "decimals"),
    ),
    "revisions": Clearance(key=("source",), counts=(), numbers=("came", "left", "amended", "stayed")),
    "recommendations": Clearance(key=("recommendation",), counts=(), numbers=(), open_numbers=("least", "cells")),
    # Printed figures of other sources, and what follows from them: no firm of the survey stands behind them.
    "series": Clearance(
        key=("table", "series", "at"), counts=(), numbers=(), open_numbers=("value", "decimals", "rounding")
    ),
    "arithmetic": Clearance(
        key=("check",),
        counts=(),
        numbers=(),
        open_numbers=("printed", "computed", "lowest", "highest", "difference", "decimals"),
    ),
    "ratios": Clearance(
        key=("ratio", "at"), counts=(), numbers=(), open_numbers=("output", "input", "value", "stated")
    ),
    # Numbers as textbooks print them, and the same estimated again from data sets that are published: no firm of a
    # survey stands behind them (`innosurvey/certified.py` refuses the survey's own files).
    "certificate": Clearance(
        key=("case", "column", "term", "quantity"),
        counts=(),
        numbers=(),
        open_numbers=("published", "decimals", "right", "computed", "difference", "tolerance"),
    ),
    "certificate_cases": Clearance(
        key=("case", "column"), counts=(), numbers=(), open_numbers=("observations", "numbers", "agree", "largest")
    ),
    "certificate_counts": Clearance(key=("verdict",), counts=(), numbers=(), open_numbers=("cases", "numbers")),
    "certificate_data": Clearance(
        key=("data",), counts=(), numbers=(), open_numbers=("rows", "firms", "waves", "contracts")
    ),
    "cohorts": Clearance(
        key=("cohort", "variant", "version", "group", "wave"),
        counts=("n",),
        numbers=("n", "weighted_n", "share"),
        parts_of=("cohort", "variant", "wave"),
    ),
    "definitions": Clearance(
        key=("concept", "cohort_a", "group_a", "cohort_b", "group_b", "wave"),
        counts=("n",),
        numbers=("n", "weighted_n", "share"),
    ),
    "overlaps": Clearance(
        key=("about", "kind", "pattern", "base", "wave"),
        counts=("n",),
        numbers=("n", "weighted_n", "share"),
    ),
    "availability": Clearance(key=("kind", "id"), counts=(), numbers=()),
    "link": Clearance(key=("wave", "register", "stratum_id"), counts=("n",), numbers=("n", "linked", "rate")),
    # Counts of what the editing did, and of the frame: about the work and the population, not about what a firm
    # answered.
    "ledger": Clearance(
        key=("wave", "stage", "rule", "variable", "action"), counts=(), numbers=(), open_numbers=("rows", "cells")
    ),
    "weights": Clearance(
        key=("wave", "stratum_id"),
        counts=("responded",),
        numbers=(
            "responded",
            "weight_design",
            "factor_response",
            "factor_calibration",
            "factor_trimming",
            "weight_final",
            "deff",
        ),
        open_numbers=("population", "sampled", "in_scope"),
    ),
    "screen": Clearance(
        key=("wave", "rule", "variable"),
        counts=(),
        numbers=(),
        open_numbers=("checked", "outside", "flagged", "treated"),
    ),
    "weighting": Clearance(
        key=("wave", "step"),
        counts=("firms",),
        numbers=("firms", "total", "lowest", "median", "highest", "deff"),
        open_numbers=("changed",),
    ),
    "calibration": Clearance(
        key=("wave", "margin", "cell"),
        counts=("n",),
        numbers=("n", "design", "response", "calibrated", "difference"),
        open_numbers=("target",),
    ),
    # Rates of the survey's work; a count is of answers or of estimates, a number of firms behind a rate hides it.
    "quality": Clearance(
        key=("wave", "concept", "indicator", "variable", "group"), counts=(), numbers=(), open_numbers=("n", "value")
    ),
    "nonresponse": Clearance(
        key=("wave", "variable"),
        counts=("due",),
        numbers=(
            "due",
            "observed",
            "corrected",
            "imputed",
            "missing",
            "refused",
            "dont_know",
            "item_nonresponse",
            "item_nonresponse_weighted",
            "imputation_rate",
            "imputation_rate_weighted",
        ),
    ),
}
