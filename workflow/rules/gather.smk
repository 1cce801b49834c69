rule gather_estimates:
    """Put what the jobs left behind of a table together, as one of the study's tidy estimates."""
    input:
        parts=lambda wildcards: [f"<results>/estimates/{part}.csv" for part in PARTS[wildcards.table]],
    output:
        gathered="<results>/estimates/{table}.csv",
    log:
        "<results>/logs/gather_estimates/{table}.log",
    wildcard_constraints:
        table="|".join(PARTS),
    priority: 1  # the pages wait for all tables, the figures for a few
    params:
        code=code("scripts/gather_estimates.py"),
    script:
        "../../scripts/gather_estimates.py"
