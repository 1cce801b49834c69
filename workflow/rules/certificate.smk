rule read_certified_data:
    """Read one data set of the certificate, from a package or a file, and hold it against its contract."""
    input:
        lambda wildcards: certified_file(wildcards.data),
    output:
        firms="<results>/microdata/slices/models/{data}.certificate.parquet",
        told="<results>/estimates/certificate/{data}.csv",
    log:
        "<results>/logs/read_certified_data/{data}.log",
    params:
        # in a tuple: Snakemake does not see a change of a parameter that is no builtin
        spec=lambda wildcards: (CERTIFIED.data[wildcards.data],),
        needs=lambda wildcards: CERTIFIED.needs(wildcards.data),
        version=lambda wildcards: certified.version_used(CERTIFIED.data[wildcards.data]),
        code=code("scripts/read_certified_data.py"),
    script:
        "../../scripts/read_certified_data.py"


rule compare_published:
    """Set every published number beside the one that the models find, with its tolerance and the verdict."""
    input:
        told=expand("<results>/estimates/certificate/{data}.csv", data=CERTIFIED.used),
        fits=expand("<results>/estimates/models/{data}.certificate/fits.csv", data=CERTIFIED.used),
        coefficients=expand("<results>/estimates/models/{data}.certificate/coefficients.csv", data=CERTIFIED.used),
        diagnostics=expand("<results>/estimates/models/{data}.certificate/diagnostics.csv", data=CERTIFIED.used),
    output:
        numbers="<results>/estimates/certificate.csv",
        cases="<results>/estimates/certificate_cases.csv",
        counts="<results>/estimates/certificate_counts.csv",
        told="<results>/estimates/certificate_data.csv",
    log:
        "<results>/logs/compare_published.log",
    params:
        columns=CERTIFIED.columns,
        data=CERTIFIED.used,
        code=code("scripts/compare_published.py"),
    script:
        "../../scripts/compare_published.py"
