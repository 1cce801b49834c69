rule impute_answers:
    """Impute one wave's missing answers that were due, by the declared methods and within the hard edits, and account for every cell."""
    input:
        firms="<results>/microdata/clean/firms_{wave}.parquet",
        before=lambda wildcards: expand(
            "<results>/microdata/clean/firms_{wave}.parquet", wave=waves_before(wildcards.wave)
        ),
        suspects="<results>/microdata/screen/suspects_{wave}.parquet",
        codebook=lambda wildcards: STUDY.waves[wildcards.wave].codebook,
        dictionary="resources/dictionary/variables.csv",
        codelists=codelist_files(),
    output:
        firms="<results>/microdata/impute/firms_{wave}.parquet",
        draws="<results>/microdata/impute/draws_{wave}.parquet",
        ledger="<results>/microdata/impute/ledger_{wave}.parquet",
        counts="<results>/estimates/impute/{wave}.csv",
    log:
        "<results>/logs/impute_answers/{wave}.log",
    params:
        variables=STUDY.variables,
        edits=PROGRAMME["edits"],
        derived=PROGRAMME["derived"],
        imputation=PROGRAMME.get("imputation", {}),
        given=given("impute_answers"),
        code=code("scripts/impute_answers.py"),
    script:
        "../../scripts/impute_answers.py"
