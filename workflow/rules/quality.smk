rule count_answers:
    """Count, variable by variable, which answers were due, given, changed and imputed."""
    input:
        raw=expand("<results>/microdata/ingest/survey_{wave}.parquet", wave=STUDY.waves),
        finished=expand("<results>/microdata/impute/firms_{wave}.parquet", wave=STUDY.waves),
        designs=expand("<results>/microdata/weight/design_{wave}.parquet", wave=STUDY.waves),
    output:
        nonresponse="<results>/estimates/nonresponse.csv",
    log:
        "<results>/logs/count_answers.log",
    params:
        columns=flag_columns(),
        code=code("scripts/count_answers.py"),
    script:
        "../../scripts/count_answers.py"


rule assess_quality:
    """Put what the stages counted together as the indicators of the quality report."""
    input:
        estimates=expand("<results>/estimates/{table}.csv", table=COUNTED),
    output:
        quality="<results>/estimates/quality.csv",
    log:
        "<results>/logs/assess_quality.log",
    priority: 1  # the pages wait for it, the figures do not
    params:
        tables=COUNTED,
        code=code("scripts/assess_quality.py"),
    script:
        "../../scripts/assess_quality.py"
