rule ingest_survey:
    """Read one wave's raw file through its codebook: typed columns under canonical names, kinds of missing kept apart."""
    input:
        raw=lambda wildcards: STUDY.raw_file(STUDY.waves[wildcards.wave]),
        codebook=lambda wildcards: STUDY.waves[wildcards.wave].codebook,
        dictionary="resources/dictionary/variables.csv",
    output:
        survey="<results>/microdata/ingest/survey_{wave}.parquet",
        ledger="<results>/estimates/ingest/{wave}.csv",
    log:
        "<results>/logs/ingest_survey/{wave}.log",
    params:
        variables=STUDY.variables,
        own=lambda wildcards: STUDY.waves[wildcards.wave].own,
        given=given("ingest_survey"),
        code=code("scripts/ingest_survey.py"),
    script:
        "../../scripts/ingest_survey.py"


rule ingest_register:
    """Read one register (certificates, financial statements, programmes, patents, sampling frame) through its codebook."""
    input:
        raw=lambda wildcards: STUDY.raw_file(STUDY.registers[wildcards.register]),
        codebook=lambda wildcards: STUDY.registers[wildcards.register].codebook,
        dictionary="resources/dictionary/variables.csv",
    output:
        register="<results>/microdata/ingest/register_{register}.parquet",
    log:
        "<results>/logs/ingest_register/{register}.log",
    params:
        given=given("ingest_register"),
        code=code("scripts/ingest_register.py"),
    script:
        "../../scripts/ingest_register.py"
