rule validate_outputs:
    """Look a last time: contracts, disclosure, firm ids, empty numbers."""
    input:
        report=report_files(),
        estimates=expand("<results>/estimates/{table}.csv", table=REPORTED),
        firms=["<results>/microdata/cohorts/firms.parquet"] if STUDY.waves else [],
    output:
        checks="<results>/rendered/checks.json",
    log:
        "<results>/logs/validate_outputs.log",
    params:
        tables=REPORTED,
        published=lambda wildcards, output: os.path.dirname(output.checks),
        made_after=[path.replace("<results>", f"results/{STUDY.name}") for path in last_files()],
        minimum_n=PROGRAMME["disclosure"]["minimum_n"],
        code=code("scripts/validate_outputs.py"),
    script:
        "../../scripts/validate_outputs.py"


rule write_provenance:
    """Say what the published files were made from: a manifest with all checksums, and a research object of the run."""
    input:
        report=report_files(),
        checks="<results>/rendered/checks.json",
        workflow="Snakefile",
    output:
        workflow="<results>/rendered/workflow.smk",
        crate="<results>/rendered/ro-crate-metadata.json",
        manifest="<results>/rendered/manifest.json",
    log:
        "<results>/logs/write_provenance.log",
    params:
        published=lambda wildcards, output: os.path.dirname(output.manifest),
        sources={**checksums(), **certified_sources()},
        inputs=lambda wildcards: inputs_used(),
        rules=lambda wildcards: rules_used(),
        told=lambda wildcards: told(),
        identity={
            "study": STUDY.name,
            "release": STUDY.release,
            "version": SETTING["version"],
        },
        code=code("scripts/write_provenance.py"),
    script:
        "../../scripts/write_provenance.py"


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
