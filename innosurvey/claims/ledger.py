"""The ledger of claims: one row per claim with its verdict, and one per hypothesis and check behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
import pandas as pd

from innosurvey.claims.evidence import Evidence, Tables, evidence_for
from innosurvey.claims.spec import MAIN, ClaimSpec, HypothesisSpec
from innosurvey.claims.verdict import VERDICTS, Verdict, judge, p_of
from innosurvey.multiplicity import benjamini_hochberg

CLAIM_COLUMNS = (
    "claim", "family", "decide", "hypotheses", "supported", "not_supported", "reversed", "not_estimable",
    "verdict", "n", "decisive", "effect", "lower", "upper", "unit", "p_adjusted", "checks", "checks_agree",
    "effect_least", "effect_most", "rule", "reason",
)  # fmt: skip
HYPOTHESIS_COLUMNS = (
    "claim", "hypothesis", "check", "wave", "kind", "cohort", "group", "reference", "item", "model", "term",
    "sign", "matters", "n", "effect", "unit", "se", "df", "lower", "upper", "effect_size", "effect_kind", "p",
    "p_adjusted", "verdict", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One hypothesis by one estimate: what was found, the p-value it is judged by, and the verdict."""

    claim: ClaimSpec
    hypothesis: HypothesisSpec
    evidence: Evidence
    p: float
    p_adjusted: float
    verdict: Verdict


def judge_claims(
    claims: Sequence[ClaimSpec], tables: Tables, absent: Mapping[str, str], confidence: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables `claims` (a row per claim) and `hypotheses` (a row per hypothesis and check).

    `tables` are gathered estimates by name (see `evidence_for`); `absent` says why the survey cannot have a
    hypothesis, by claim and hypothesis (`C1.patents`). The main estimates decide, with p-values adjusted within the
    families of claims (Benjamini and Hochberg 1995); checks are judged by their own p-values.
    """
    alpha = 1 - confidence
    found = [
        (claim, hypothesis, evidence)
        for claim in claims
        for hypothesis in claim.hypotheses
        for evidence in evidence_for(hypothesis, tables)
    ]
    p = [p_of(evidence.effect, hypothesis.sign, hypothesis.matters) for _, hypothesis, evidence in found]
    adjusted = _adjusted([(claim.family, evidence.check) for claim, _, evidence in found], p)
    judged = [
        Judged(
            claim=claim,
            hypothesis=hypothesis,
            evidence=evidence,
            p=raw,
            p_adjusted=by_family,
            verdict=judge(
                evidence.effect, hypothesis.sign, hypothesis.matters, raw if isnan(by_family) else by_family, alpha
            ),
        )
        for (claim, hypothesis, evidence), raw, by_family in zip(found, p, adjusted, strict=True)
    ]
    rows = [_hypothesis_row(one, absent) for one in judged]
    ledger = [_claim_row(claim, [one for one in judged if one.claim is claim], alpha, absent) for claim in claims]
    return _table(ledger, CLAIM_COLUMNS), _table(rows, HYPOTHESIS_COLUMNS)


def _table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows as a table; counts of firms are whole numbers, empty where nothing was estimated."""
    return pd.DataFrame(rows, columns=list(columns)).astype({"n": "Int64"})


def _adjusted(tests: Sequence[tuple[str, str]], p: Sequence[float]) -> list[float]:
    """Return the p-values of the main estimates adjusted within their families; NaN for checks and without a test."""
    adjusted = np.full(len(p), nan)
    for family in dict.fromkeys(family for family, _ in tests):
        chosen = [i for i, test in enumerate(tests) if test == (family, MAIN) and not isnan(p[i])]
        if chosen:
            adjusted[chosen] = benjamini_hochberg(np.array([p[i] for i in chosen]))
    return adjusted.tolist()


def combined(verdicts: Sequence[Verdict], decide: str) -> Verdict:
    """Return the verdict on a claim from those on its hypotheses.

    `all`: one that is not supported decides, and so do two that point in opposite ways; else one that cannot be
    estimated leaves the claim open. `any`: one that is supported decides, unless another is reversed.
    """
    kinds = set(verdicts)
    known = kinds - {"not estimable"}
    if not known:
        return "not estimable"
    if decide == "any":
        if {"supported", "reversed"} <= kinds:
            return "not supported"
        decisive = kinds & {"supported", "reversed"}
        return decisive.pop() if decisive else "not estimable" if "not estimable" in kinds else "not supported"
    if len(known) > 1 or known == {"not supported"}:
        return "not supported"
    return "not estimable" if "not estimable" in kinds else known.pop()


def _claim_row(
    claim: ClaimSpec, judged: Sequence[Judged], alpha: float, absent: Mapping[str, str]
) -> dict[str, object]:
    main = [one for one in judged if one.evidence.check == MAIN]
    verdicts = [one.verdict for one in main]
    checks = [one for one in judged if one.evidence.check != MAIN and one.verdict != "not estimable"]
    of_main = {one.hypothesis.id: one.verdict for one in main}
    decisive = _decisive(main, claim.decide)
    reasons = dict.fromkeys(filter(None, (_reason(one, absent) for one in main)))
    return {
        "claim": claim.id,
        "family": claim.family,
        "decide": claim.decide,
        "hypotheses": len(main),
        **{verdict.replace(" ", "_"): verdicts.count(verdict) for verdict in VERDICTS},
        "verdict": combined(verdicts, claim.decide),
        "n": min((one.evidence.n for one in main if one.evidence.effect.estimable), default=nan),
        **_told_of(decisive),
        "checks": len(checks),
        "checks_agree": sum(one.verdict == of_main[one.hypothesis.id] for one in checks),
        **_range_of(decisive, checks),
        "rule": rule_of(claim, alpha),
        "reason": "; ".join(reasons),
    }


def _decisive(main: Sequence[Judged], decide: str) -> Judged | None:
    """Return the hypothesis that a claim hangs on: the least certain where all must hold, else the most certain."""
    tested = [one for one in main if not isnan(one.p_adjusted)]
    choose = max if decide == "all" else min
    return choose(tested, key=lambda one: one.p_adjusted, default=None)


def _told_of(decisive: Judged | None) -> dict[str, object]:
    """Return the decisive hypothesis with its effect, interval, unit and p-value."""
    if decisive is None:
        return {"decisive": "", "effect": nan, "lower": nan, "upper": nan, "unit": "", "p_adjusted": nan}
    evidence = decisive.evidence
    return {
        "decisive": decisive.hypothesis.id,
        "effect": evidence.effect.value,
        "lower": evidence.lower,
        "upper": evidence.upper,
        "unit": evidence.unit,
        "p_adjusted": decisive.p_adjusted,
    }


def _range_of(decisive: Judged | None, checks: Sequence[Judged]) -> dict[str, float]:
    """Return the least and the largest effect among the checks of the decisive hypothesis."""
    effects = [
        one.evidence.effect.value for one in checks if decisive is not None and one.hypothesis is decisive.hypothesis
    ]
    return {"effect_least": min(effects, default=nan), "effect_most": max(effects, default=nan)}


def rule_of(claim: ClaimSpec, alpha: float) -> str:
    """Return the rule by which the claim is judged, as the report prints it."""
    parts = []
    for hypothesis in claim.hypotheses:
        least = f", at least {hypothesis.matters:g}" if hypothesis.matters and hypothesis.sign != "none" else ""
        said = f"within ±{hypothesis.matters:g}" if hypothesis.sign == "none" else f"{hypothesis.sign}{least}"
        parts.append(f"{hypothesis.id}: {said}")
    which = "" if len(parts) == 1 else f"{claim.decide} of "
    return f"{which}{'; '.join(parts)}; p < {alpha:.3g} adjusted in family {claim.family}"


def _hypothesis_row(one: Judged, absent: Mapping[str, str]) -> dict[str, object]:
    evidence, key = one.evidence, one.evidence.estimand.key
    parts = {part: key.get(part, "") for part in ("cohort", "group", "reference", "item", "model", "term")}
    return {
        "claim": one.claim.id,
        "hypothesis": one.hypothesis.id,
        "check": evidence.check,
        "wave": evidence.wave,
        "kind": evidence.estimand.kind,
        **parts,
        "sign": one.hypothesis.sign,
        "matters": one.hypothesis.matters,
        "n": evidence.n,
        "effect": evidence.effect.value,
        "unit": evidence.unit,
        "se": evidence.effect.se,
        "df": evidence.effect.df,
        "lower": evidence.lower,
        "upper": evidence.upper,
        "effect_size": evidence.effect_size,
        "effect_kind": evidence.effect_kind,
        "p": one.p,
        "p_adjusted": one.p_adjusted,
        "verdict": one.verdict,
        "reason": _reason(one, absent),
    }


def _reason(one: Judged, absent: Mapping[str, str]) -> str:
    """Return why a hypothesis is not estimable: what the survey lacks for it, else what estimation said."""
    if one.verdict != "not estimable":
        return ""
    lacking = absent.get(f"{one.claim.id}.{one.hypothesis.id}", "") if one.evidence.check == MAIN else ""
    return lacking or one.evidence.effect.reason or "the estimate has no test"
