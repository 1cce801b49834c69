rule link_registers:
    """Link one wave to the registers by business registration number; firms that no register knows are kept and counted."""
    input:
        survey="<results>/microdata/ingest/survey_{wave}.parquet",
        registers=expand("<results>/microdata/ingest/register_{register}.parquet", register=LINKED),
    output:
        firms="<results>/microdata/link/firms_{wave}.parquet",
        rates="<results>/estimates/link/{wave}.csv",
        ledger="<results>/estimates/link/ledger_{wave}.csv",
    log:
        "<results>/logs/link_registers/{wave}.log",
    params:
        registers=list(LINKED),
        links=LINKED,
        period=lambda wildcards: COVERAGE.periods[wildcards.wave],
        key_check=STUDY.key_check,
        code=code("scripts/link_registers.py"),
    script:
        "../../scripts/link_registers.py"
