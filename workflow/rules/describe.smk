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
        cohort=lambda wildcards: (COVERAGE.outline(wildcards.cohort),),  # a tuple: bare dataclasses are not compared
        rules=PROGRAMME["design"],
        waves=list(STUDY.waves),
        replicated=REPLICATED,
        kept=keep("describe_cohort", "{cohort}"),
        environment=checksum("requirements.lock"),
        code=code("scripts/describe_cohort.py"),
    script:
        "../../scripts/describe_cohort.py"


rule smooth_curves:
    """Follow items along a variable in the groups of their cohorts, by local linear regression with the survey's weights."""
    input:
        **sample_files(),
        firms=expand("<results>/microdata/slices/{cohort}.parquet", cohort=CURVED),
    output:
        curves="<results>/estimates/curves.csv",
    log:
        "<results>/logs/smooth_curves.log",
    params:
        curves=CURVES,
        described=ITEMS,
        groups={cohort: list(COVERAGE.groups[cohort]) for cohort in CURVED},
        rules=PROGRAMME["design"],
        waves=list(STUDY.waves),
        replicated=REPLICATED,
        code=code("scripts/smooth_curves.py"),
    script:
        "../../scripts/smooth_curves.py"
