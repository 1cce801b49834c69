rule weight_sample:
    """Weight one wave: design weights from the sampling frame, adjusted for non-response within strata."""
    input:
        firms="<results>/microdata/clean/firms_{wave}.parquet",
        frame=expand(
            "<results>/microdata/ingest/register_{register}.parquet",
            register=[name for name in STUDY.registers if name == "frame"],
        ),
    output:
        design="<results>/microdata/weight/design_{wave}.parquet",
        weights="<results>/estimates/weight/{wave}.csv",
    log:
        "<results>/logs/weight_sample/{wave}.log",
    params:
        weights=STUDY.weights,
        key_check=STUDY.key_check,
        code=code("scripts/weight_sample.py"),
    script:
        "../../scripts/weight_sample.py"
