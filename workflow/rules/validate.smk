rule validate_numbers:
    """Hold the numbers of the documents against the estimates: whose they are, and whether they may be told."""
    input:
        documents=expand("<results>/rendered/document.{language}.json", language=LANGUAGES),
        estimates=expand("<results>/estimates/{table}.csv", table=REPORTED),
    output:
        checks="<results>/checks/numbers.json",
    log:
        "<results>/logs/validate_numbers.log",
    params:
        tables=REPORTED,
        minimum_n=PROGRAMME["disclosure"]["minimum_n"],
        code=code("scripts/validate_numbers.py"),
    script:
        "../../scripts/validate_numbers.py"


rule validate_pages:
    """Hold the numbers that page and PDF of a language show against its document."""
    input:
        document="<results>/rendered/document.{language}.json",
        page="<results>/rendered/report.{language}.html",
        pdf="<results>/rendered/report.{language}.pdf",
    output:
        checks="<results>/checks/pages.{language}.json",
    log:
        "<results>/logs/validate_pages/{language}.log",
    params:
        code=code("scripts/validate_pages.py"),
    script:
        "../../scripts/validate_pages.py"


rule validate_outputs:
    """Look a last time at all that was rendered: firm ids, empty numbers, what is listed."""
    input:
        report=report_files(),
        passed=["<results>/checks/numbers.json", *expand("<results>/checks/pages.{language}.json", language=LANGUAGES)],
        firms=["<results>/microdata/cohorts/firms.parquet"] if STUDY.waves else [],
    output:
        checks="<results>/rendered/checks.json",
    log:
        "<results>/logs/validate_outputs.log",
    params:
        published=lambda wildcards, output: os.path.dirname(output.checks),
        made_after=[path.replace("<results>", f"results/{STUDY.name}") for path in last_files()],
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
        manifest="<results>/rendered/manifest.json",  # has the checksum of each file: Snakemake would hash every one of them once per output
    output:
        files=published_files(),
        folders=[directory(folder) for folder in published_folders()],
    log:
        "<results>/logs/publish_outputs.log",
    params:
        rendered=lambda wildcards, input: os.path.dirname(input.manifest),
        published=lambda wildcards, output: os.path.dirname(output.files[-1]),
        code=code("scripts/publish_outputs.py"),
    script:
        "../../scripts/publish_outputs.py"
