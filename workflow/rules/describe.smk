rule describe_cohort:
    """Estimate every item in every group of one cohort, by wave and pooled, with design-based standard errors."""
    input:
        **sample_files(),
        firms="<results>/microdata/slices/{cohort}.parquet",
    output:
        describe="<results>/estimates/describe/{cohort}.csv",
    log:
        "<results>/logs/describe_cohort/{cohort}.log",
    params:
        described=lambda wildcards: items_for(wildcards.cohort),
        cohort=lambda wildcards: COVERAGE.outline(wildcards.cohort),
        rules=PROGRAMME["design"],
        waves=list(STUDY.waves),
        replicated=REPLICATED,
        code=code("scripts/describe_cohort.py"),
    script:
        "../../scripts/describe_cohort.py"
