rule frame_policy:
    """Fill the policy frame (stage, barrier, instrument) from the estimates and choose the recommendations by verdicts and cells."""
    input:
        describe="<results>/estimates/describe.csv",
        compare="<results>/estimates/compare.csv",
        claims="<results>/estimates/claims.csv",
    output:
        policy="<results>/estimates/policy.csv",
        recommendations="<results>/estimates/recommendations.csv",
    log:
        "<results>/logs/frame_policy.log",
    params:
        policy=PROGRAMME.get("policy") or {},
        stages=stages_framed(),
        absent=dict(COVERAGE.unframed),
        rules=PROGRAMME["design"],
        minimum_n=PROGRAMME["disclosure"]["minimum_n"],
        code=code("scripts/frame_policy.py"),
    script:
        "../../scripts/frame_policy.py"
