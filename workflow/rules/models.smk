rule fit_models:
    """Fit one batch of the models: one family on one cohort."""
    input:
        firms="<results>/microdata/slices/models/{batch}.parquet",
    output:
        fits="<results>/estimates/models/{batch}/fits.csv",
        coefficients="<results>/estimates/models/{batch}/coefficients.csv",
        waterfall="<results>/estimates/models/{batch}/waterfall.csv",
        diagnostics="<results>/estimates/models/{batch}/diagnostics.csv",
        balance="<results>/estimates/models/{batch}/balance.csv",
    log:
        "<results>/logs/fit_models/{batch}.log",
    priority: 1
    params:
        fits=lambda wildcards: plan.models_in(FITTED, wildcards.batch),
        kept=keep("fit_models", "{batch}"),
        environment=checksum("requirements.lock"),
        code=code("scripts/fit_models.py"),
    script:
        "../../scripts/fit_models.py"


rule ask_otherwise:
    """Ask one question in all its specifications, together and without each industry, each firm, and what is not observed."""
    input:
        firms="<results>/microdata/slices/robustness/{batch}.parquet",
    output:
        specifications="<results>/estimates/robustness/{batch}/specifications.csv",
        specification_tests="<results>/estimates/robustness/{batch}/specification_tests.csv",
        main_answers="<results>/estimates/robustness/{batch}/main_answers.csv",
        leave_out="<results>/estimates/robustness/{batch}/leave_out.csv",
        influence="<results>/estimates/robustness/{batch}/influence.csv",
        selection_bounds="<results>/estimates/robustness/{batch}/selection_bounds.csv",
    log:
        "<results>/logs/ask_otherwise/{batch}.log",
    priority: 2  # the longest steps first: one that begins last is waited for
    params:
        curves=lambda wildcards: plan_curves.curves_in(QUESTIONS, wildcards.batch),
        kept=keep("ask_otherwise", "{batch}"),
        environment=checksum("requirements.lock"),
        code=code("scripts/ask_otherwise.py"),
    script:
        "../../scripts/ask_otherwise.py"
