rule validate_outputs:
    """Look a last time: contracts, disclosure, firm ids, empty numbers; then list every published file with its checksum."""
    input:
        report=report_files(),
        estimates=expand("<results>/estimates/{table}.csv", table=REPORTED),
        firms=["<results>/microdata/cohorts/firms.parquet"] if STUDY.waves else [],
    output:
        checks="<results>/publish/checks.json",
        manifest="<results>/publish/manifest.json",
    log:
        "<results>/logs/validate_outputs.log",
    params:
        tables=REPORTED,
        published=lambda wildcards, output: os.path.dirname(output.manifest),
        minimum_n=PROGRAMME["disclosure"]["minimum_n"],
        sources={**checksums(), **certified_sources()},
        identity={
            "study": STUDY.name,
            "release": STUDY.release,
            "version": SETTING["version"],
        },
        code=code("scripts/validate_outputs.py"),
    script:
        "../../scripts/validate_outputs.py"
