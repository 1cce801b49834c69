rule tell_changes:
    """Tell what changed since a release, and why, as far as it is recorded of the present results."""
    input:
        recorded=RECORD.values(),
        estimates=expand("<results>/estimates/{table}.csv", table=["claims", "hypotheses", "describe/all"]),
        contracts="workflow/schemas/tables.yaml",
    output:
        causes="<results>/estimates/causes.csv",
        changed_numbers="<results>/estimates/changed_numbers.csv",
        revisions="<results>/estimates/revisions.csv",
    log:
        "<results>/logs/tell_changes.log",
    params:
        tables=list(RECORD),
        headlines=["claims", "hypotheses", "describe"],
        minimum_n=PROGRAMME["disclosure"]["minimum_n"],
        code=code("scripts/tell_changes.py"),
    script:
        "../../scripts/tell_changes.py"
