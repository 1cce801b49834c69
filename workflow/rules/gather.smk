rule gather_estimates:
    """Put the parts that the jobs left behind together as the study's tidy estimates."""
    input:
        **{table: [f"<results>/estimates/regions/{table}.csv"] if REGIONS else [] for table in PLACED},
        **{
            table: expand("<results>/estimates/robustness/{batch}/{table}.csv", batch=ASKED, table=[table])
            for table in ROBUSTNESS
        },
        describe=expand("<results>/estimates/describe/{cohort}.csv", cohort=COHORTS),
        compare=expand("<results>/estimates/compare/{cohort}/compare.csv", cohort=COMPARED),
        unweighted=expand("<results>/estimates/compare/{cohort}/unweighted.csv", cohort=COMPARED),
        omnibus=expand("<results>/estimates/compare/{cohort}/omnibus.csv", cohort=COMPARED),
        omnibus_unweighted=expand("<results>/estimates/compare/{cohort}/omnibus_unweighted.csv", cohort=COMPARED),
        ranks=expand("<results>/estimates/compare/{cohort}/ranks.csv", cohort=COMPARED),
        ranks_unweighted=expand("<results>/estimates/compare/{cohort}/ranks_unweighted.csv", cohort=COMPARED),
        adjusted=expand("<results>/estimates/compare/{cohort}/adjusted.csv", cohort=COMPARED),
        decompositions=expand("<results>/estimates/compare/{cohort}/decompositions.csv", cohort=COMPARED),
        fits=expand("<results>/estimates/models/{batch}/fits.csv", batch=BATCHES),
        coefficients=expand("<results>/estimates/models/{batch}/coefficients.csv", batch=BATCHES),
        waterfall=expand("<results>/estimates/models/{batch}/waterfall.csv", batch=BATCHES),
        diagnostics=expand("<results>/estimates/models/{batch}/diagnostics.csv", batch=BATCHES),
        balance=expand("<results>/estimates/models/{batch}/balance.csv", batch=BATCHES),
        link=expand("<results>/estimates/link/{wave}.csv", wave=STUDY.waves),
        ledger=expand(
            "<results>/estimates/{part}{wave}.csv",
            part=["ingest/", "link/ledger_", "clean/"],
            wave=STUDY.waves,
        ),
        imputation=expand("<results>/estimates/impute/{wave}.csv", wave=STUDY.waves),
        screen=expand("<results>/estimates/screen/{wave}.csv", wave=STUDY.waves),
        scores=expand("<results>/estimates/scores/{wave}.csv", wave=STUDY.waves),
        weights=expand("<results>/estimates/weight/{wave}.csv", wave=STUDY.waves),
        weighting=expand("<results>/estimates/weight/steps_{wave}.csv", wave=STUDY.waves),
        calibration=expand("<results>/estimates/calibration/{wave}.csv", wave=STUDY.waves),
    output:
        gathered_files(),
    log:
        "<results>/logs/gather_estimates.log",
    params:
        code=code("scripts/gather_estimates.py"),
    script:
        "../../scripts/gather_estimates.py"
