rule assign_cohorts:
    """Pool the waves, derive the study's variables, and place every firm in the groups of every cohort."""
    input:
        firms=expand("<results>/microdata/impute/firms_{wave}.parquet", wave=STUDY.waves),
        draws=expand("<results>/microdata/impute/draws_{wave}.parquet", wave=STUDY.waves),
        designs=expand("<results>/microdata/weight/design_{wave}.parquet", wave=STUDY.waves),
        pooled="<results>/microdata/weight/pooled.parquet",
        bridge="<results>/microdata/harmonise/bridge.parquet",
        dictionary="resources/dictionary/variables.csv",
        codelists=codelist_files(),
    output:
        firms="<results>/microdata/cohorts/firms.parquet",
        memberships="<results>/microdata/cohorts/memberships.parquet",
        cohorts="<results>/estimates/cohorts.csv",
        definitions="<results>/estimates/definitions.csv",
        overlaps="<results>/estimates/overlaps.csv",
        availability="<results>/estimates/availability.csv",
    log:
        "<results>/logs/assign_cohorts.log",
    params:
        waves=list(STUDY.waves),
        variables=STUDY.variables,
        derived=PROGRAMME["derived"],
        cohorts=PROGRAMME["cohorts"],
        offers=COVERAGE.offers,
        lacks=COVERAGE.lacks,
        given=given("assign_cohorts"),
        code=code("scripts/assign_cohorts.py"),
    script:
        "../../scripts/assign_cohorts.py"


rule cut_slices:
    """Cut for each cohort and each batch of models the rows and columns that it uses, and no others."""
    input:
        firms="<results>/microdata/cohorts/firms.parquet",
        memberships="<results>/microdata/cohorts/memberships.parquet",
    output:
        slice_files(),
    log:
        "<results>/logs/cut_slices.log",
    threads: 2  # nothing else is left to do meanwhile
    params:
        columns=slice_columns(),
        code=code("scripts/cut_slices.py"),
    script:
        "../../scripts/cut_slices.py"
