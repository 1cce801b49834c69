rule assess_quality:
    """Put what the stages counted together as quality indicators, and count non-response variable by variable."""
    input:
        raw=expand("<results>/microdata/ingest/survey_{wave}.parquet", wave=STUDY.waves),
        finished=expand("<results>/microdata/impute/firms_{wave}.parquet", wave=STUDY.waves),
        designs=expand("<results>/microdata/weight/design_{wave}.parquet", wave=STUDY.waves),
        estimates=expand("<results>/estimates/{table}.csv", table=COUNTED),
    output:
        nonresponse="<results>/estimates/nonresponse.csv",
        quality="<results>/estimates/quality.csv",
    log:
        "<results>/logs/assess_quality.log",
    params:
        tables=COUNTED,
        columns=flag_columns(),
        code=code("scripts/assess_quality.py"),
    script:
        "../../scripts/assess_quality.py"
