rule check_reference:
    """Read the study's printed tables, hold them against their own arithmetic, and set programmes' output against input."""
    input:
        REFERENCE.values(),
    output:
        series="<results>/estimates/series.csv",
        arithmetic="<results>/estimates/arithmetic.csv",
        ratios="<results>/estimates/ratios.csv",
    log:
        "<results>/logs/check_reference.log",
    params:
        files=REFERENCE,
        given=given("check_reference"),
        code=code("scripts/check_reference.py"),
    script:
        "../../scripts/check_reference.py"
