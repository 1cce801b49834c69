TOTALS = (STUDY.weights.get("calibrate") or {}).get("totals")  # a file of totals, where the frame does not give them


rule weight_sample:
    """Weight one wave: design weights, adjusted for non-response, trimmed and calibrated as the study declares."""
    input:
        firms="<results>/microdata/impute/firms_{wave}.parquet",
        frame=expand(
            "<results>/microdata/ingest/register_{register}.parquet",
            register=[name for name in STUDY.registers if name == "frame"],
        ),
        totals=[f"{STUDY.raw}/{TOTALS}"] if TOTALS else [],
        dictionary="resources/dictionary/variables.csv",
        codelists=codelist_files() if TOTALS else [],
    output:
        design="<results>/microdata/weight/design_{wave}.parquet",
        listed="<results>/microdata/weight/listed_{wave}.parquet",
        calibrated="<results>/microdata/weight/calibration_{wave}.parquet",
        replicates="<results>/microdata/weight/replicates_{wave}.parquet",
        weights="<results>/estimates/weight/{wave}.csv",
        weighting="<results>/estimates/weight/steps_{wave}.csv",
        calibration="<results>/estimates/calibration/{wave}.csv",
    log:
        "<results>/logs/weight_sample/{wave}.log",
    params:
        weights=STUDY.weights,
        design={
            key: PROGRAMME["design"].get(key)
            for key in ("variance", "replicates", "seed")
            if key in PROGRAMME["design"]
        },
        variables=STUDY.variables,
        derived=PROGRAMME["derived"] if TOTALS else {},
        key_check=STUDY.key_check,
        given=given("weight_sample"),
        code=code("scripts/weight_sample.py"),
    script:
        "../../scripts/weight_sample.py"


rule pool_designs:
    """Give each firm its stratum over all waves, and count the firms that the frames list there by pairs of waves."""
    input:
        designs=expand("<results>/microdata/weight/design_{wave}.parquet", wave=STUDY.waves),
        listed=expand("<results>/microdata/weight/listed_{wave}.parquet", wave=STUDY.waves),
    output:
        pooled="<results>/microdata/weight/pooled.parquet",
    log:
        "<results>/logs/pool_designs.log",
    params:
        waves=list(STUDY.waves),
        code=code("scripts/pool_designs.py"),
    script:
        "../../scripts/pool_designs.py"
