rule compare_groups:
    """Compare the groups of one cohort: against a reference, all at once, at an equal composition; rank items, take gaps apart."""
    input:
        **sample_files(),
        firms="<results>/microdata/slices/{cohort}.parquet",
    output:
        compare="<results>/estimates/compare/{cohort}/compare.csv",
        unweighted="<results>/estimates/compare/{cohort}/unweighted.csv",
        omnibus="<results>/estimates/compare/{cohort}/omnibus.csv",
        omnibus_unweighted="<results>/estimates/compare/{cohort}/omnibus_unweighted.csv",
        ranks="<results>/estimates/compare/{cohort}/ranks.csv",
        ranks_unweighted="<results>/estimates/compare/{cohort}/ranks_unweighted.csv",
        adjusted="<results>/estimates/compare/{cohort}/adjusted.csv",
        decompositions="<results>/estimates/compare/{cohort}/decompositions.csv",
    log:
        "<results>/logs/compare_groups/{cohort}.log",
    params:
        described=ITEMS,
        asked=lambda wildcards: contrasts_of(wildcards.cohort),
        groups=lambda wildcards: list(COVERAGE.groups[wildcards.cohort]),
        rules=PROGRAMME["design"],
        waves=list(STUDY.waves),
        replicated=REPLICATED,
        kept=keep("compare_groups", "{cohort}"),
        environment=checksum("requirements.lock"),
        code=code("scripts/compare_groups.py"),
    script:
        "../../scripts/compare_groups.py"
