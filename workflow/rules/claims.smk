rule judge_claims:
    """Judge the claims of the literature by the estimates: hypotheses, checks and verdicts."""
    input:
        estimates=expand("<results>/estimates/{table}.csv", table=JUDGED),
    output:
        claims="<results>/estimates/claims.csv",
        hypotheses="<results>/estimates/hypotheses.csv",
    log:
        "<results>/logs/judge_claims.log",
    params:
        tables=JUDGED,
        claims=PROGRAMME.get("claims", {}),
        absent=dict(COVERAGE.unfed),
        rules=PROGRAMME["design"],
        code=code("scripts/judge_claims.py"),
    script:
        "../../scripts/judge_claims.py"
