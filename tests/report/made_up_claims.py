"""Made-up claims with every verdict, and a made-up chain from R&D to productivity."""

import pandas as pd

# id: (title, verdict, sign, smallest that matters, effect, half of the interval, checks, of them agree)
CLAIMS = {
    "C1": ("Active firms do better", "supported", "positive", 0.1, 0.5, 0.1, 4, 4),
    "C5": ("Size does not matter", "reversed", "none", 0.03, 0.09, 0.01, 3, 2),
    "C7": ("Funds are the top barrier", "not supported", "negative", 2.0, -1.0, 3.0, 2, 1),
    "C9": ("Regions differ", "not estimable", "differ", 0.05, None, None, 0, 0),
}
COUNTS = {"supported": "supported", "not supported": "not_supported", "reversed": "reversed"}

CHAIN = {
    "estimator": "cdm",
    "selection": {"outcome": "rnd_performer", "regressors": ["support_any", "uses_clients"]},
    "intensity": {"outcome": "log_rd_per_employee", "regressors": ["support_any"]},
    "knowledge": {"outcome": "product_innovation", "regressors": ["cooperation"]},
}
CHAIN_TERMS = (
    "predicted(product_innovation)", "export_share", "log_employees", "const",
    "knowledge/predicted(log_rd_per_employee)", "knowledge/cooperation", "knowledge/rho", "intensity/support_any",
    "intensity/log_employees", "selection/support_any", "selection/uses_clients",
)  # fmt: skip


def claims_words() -> dict[str, dict]:
    """Return the titles of the claims and of their one hypothesis each."""
    return {
        claim: {"title": {"en": about[0]}, "hypotheses": {"main": {"en": f"It is so that {about[0].lower()}"}}}
        for claim, about in CLAIMS.items()
    }


def claims_tables() -> dict[str, pd.DataFrame]:
    """Return claims.csv and hypotheses.csv, each claim with one hypothesis."""
    claims, hypotheses = [], []
    for claim, (_, verdict, sign, matters, effect, half, checks, agree) in CLAIMS.items():
        known = effect is not None
        p = 0.001 if verdict == "supported" else 0.4 if known else None
        numbers = {
            "n": 900 if known else None, "effect": effect, "lower": effect - half if known else None,
            "upper": effect + half if known else None, "p_adjusted": p, "verdict": verdict,
            "reason": "" if known else "the study has no cohort zone",
        }  # fmt: skip
        counts = {
            name: int(COUNTS.get(verdict, "not_estimable") == name) for name in (*COUNTS.values(), "not_estimable")
        }
        claims.append(
            {"claim": claim, "hypotheses": 1, **counts, **numbers, "decisive": "main" if known else "",
             "checks": checks, "checks_agree": agree}
        )  # fmt: skip
        asked = {"sign": sign, "matters": matters, "unit": "logit", "kind": "coefficient", "cohort": "all"}
        rest = {"wave": "all", "group": "all", "reference": "", "item": "", "model": "product_on_rd", "term": "x"}
        hypotheses.append({"claim": claim, "hypothesis": "main", "check": "main", **rest, **asked, **numbers, "p": p})
    return {"claims": pd.DataFrame(claims), "hypotheses": pd.DataFrame(hypotheses)}
