rule clean_survey:
    """Edit one wave: drop what is out of scope, apply ranges, hard edits and skips, and keep a ledger of every change."""
    input:
        firms="<results>/microdata/link/firms_{wave}.parquet",
        codebook=lambda wildcards: STUDY.waves[wildcards.wave].codebook,
        dictionary="resources/dictionary/variables.csv",
    output:
        firms="<results>/microdata/clean/firms_{wave}.parquet",
        changes="<results>/microdata/clean/ledger_{wave}.parquet",
        ledger="<results>/estimates/clean/{wave}.csv",
    log:
        "<results>/logs/clean_survey/{wave}.log",
    params:
        variables=STUDY.variables,
        edits=PROGRAMME["edits"],
        localisation=PROGRAMME.get("localisation"),
        given=given("clean_survey"),
        code=code("scripts/clean_survey.py"),
    script:
        "../../scripts/clean_survey.py"
