rule harmonise_waves:
    """Carry each firm's industry code to one revision and find the price levels of the waves' years."""
    input:
        waves=expand("<results>/microdata/impute/firms_{wave}.parquet", wave=STUDY.waves),
        files=HARMONISE.files,
    output:
        bridge="<results>/microdata/harmonise/bridge.parquet",
        harmonise="<results>/estimates/harmonise.csv",
    log:
        "<results>/logs/harmonise_waves.log",
    params:
        waves=list(STUDY.waves),
        section=STUDY.harmonise,
        columns={wave: ["_source_row", "wave", "firm_id", *HARMONISE.variables] for wave in STUDY.waves},
        files=HARMONISE.files,
        years={wave: int(period[1][:4]) for wave, period in COVERAGE.periods.items()},
        given=given("harmonise_waves"),
        code=code("scripts/harmonise_waves.py"),
    script:
        "../../scripts/harmonise_waves.py"
