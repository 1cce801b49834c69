"""The fixed words of the chapter on claims, language by language."""

from collections.abc import Mapping

EN: Mapping[str, str] = {
    "claim": "Claim",
    "verdict": "Verdict",
    "verdict_supported": "supported",
    "verdict_not_supported": "not supported",
    "verdict_reversed": "reversed",
    "verdict_not_estimable": "not estimable",
    "hypothesis": "Hypothesis",
    "hypotheses_held": "Hypotheses that hold",
    "checks_agree": "Checks that agree",
    "effect_asked": "Asked for",
    "effect_asked_positive": "≥ +",
    "effect_asked_negative": "≤ −",
    "effect_asked_none": "within ±",
    "effect_asked_differ": "≥ ",
    "effect": "Effect",
    "p": "p",
    "part_of": " of ",
    "size_cramers_v": "Cramér's V",
    "size_eta": "eta",
    "check_main": "main estimate",
    "check_unweighted": "without weights",
    "check_weighted": "with the weights of the survey",
    "check_adjusted": "same industries and sizes",
    "title_claims": "The claims and their verdicts",
    "title_hypotheses": "The hypotheses behind the claims",
    "title_checks": "The hypotheses asked otherwise",
    "note_claims": (
        "Adjusted p: of the least certain hypothesis; of a claim that an effect is small, it tests that it is not. "
        "Checks: the hypotheses by other definitions of the groups, in single waves, without weights, among firms of "
        "the same industries and sizes."
    ),
    "note_claims_unweighted": (
        "Adjusted p: of the least certain hypothesis. Checks: the hypotheses by other definitions of the groups, in "
        "single waves, by other models, among firms of the same industries and sizes."
    ),
    "note_hypotheses": (
        "Asked for: the sign and the smallest effect that matters. The p-value tests a difference from zero; of "
        "“within” it tests that the effect lies beyond the bounds. "
        "Effects in their own units: points, the item's unit, a coefficient, Cramér's V. "
        "{level} intervals below. p-values adjusted within families of claims (Benjamini–Hochberg)."
    ),
    "note_checks": "p-values of single tests, not adjusted.",
}
