rule compare_groups:
    """Compare the groups of one cohort: design-based differences, tests and effect sizes."""
    input:
        **sample_files(),
        firms="<results>/microdata/slices/{cohort}.parquet",
    output:
        compare="<results>/estimates/compare/{cohort}.csv",
    log:
        "<results>/logs/compare_groups/{cohort}.log",
    params:
        comparisons=lambda wildcards: comparisons_of(wildcards.cohort),
        described=ITEMS,
        groups=lambda wildcards: COVERAGE.groups[wildcards.cohort],
        rules=PROGRAMME["design"],
        waves=list(STUDY.waves),
        replicated=REPLICATED,
        code=code("scripts/compare_groups.py"),
    script:
        "../../scripts/compare_groups.py"
