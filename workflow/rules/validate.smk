rule validate_outputs:
    """Look a last time: contracts, disclosure, firm ids, empty numbers; then list every published file with its checksum."""
    input:
        report=report_files(),
        estimates=expand("<results>/estimates/{table}.csv", table=REPORTED),
        firms=["<results>/microdata/cohorts/firms.parquet"] if STUDY.waves else [],
    output:
        checks="<results>/rendered/checks.json",
        manifest="<results>/rendered/manifest.json",
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


rule publish_outputs:
    """Publish what passed the last look, all at once: until then what was published before stays as it was."""
    input:
        inspected=inspected_files(),
    output:
        files=published_files(),
        folders=[directory(folder) for folder in published_folders()],
    log:
        "<results>/logs/publish_outputs.log",
    params:
        rendered=lambda wildcards, input: os.path.dirname(input.inspected[-1]),
        published=lambda wildcards, output: os.path.dirname(output.files[-1]),
        code=code("scripts/publish_outputs.py"),
    script:
        "../../scripts/publish_outputs.py"
