rule gather_estimates:
    """Put the parts that the jobs left behind together as the study's tidy estimates."""
    input:
        **{name: expand(f"<results>/estimates/compare/{{cohort}}/{name}.csv", cohort=COMPARED) for name in CONTRASTS},
        describe=expand("<results>/estimates/describe/{cohort}.csv", cohort=COHORTS),
        fits=expand("<results>/estimates/models/{batch}/fits.csv", batch=BATCHES),
        coefficients=expand("<results>/estimates/models/{batch}/coefficients.csv", batch=BATCHES),
        waterfall=expand("<results>/estimates/models/{batch}/waterfall.csv", batch=BATCHES),
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
