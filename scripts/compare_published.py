"""Set the published numbers beside the computed ones."""

from innosurvey import tables
from innosurvey.certificate.compare import compare_published, joined
from innosurvey.step import step

with step(snakemake):
    names = snakemake.params.data
    told = joined(tables.read_keyed("certificate_data", names, snakemake.input.told).values())
    compared = compare_published(
        snakemake.params.columns,
        told,
        joined(tables.read_keyed("fits", names, snakemake.input.fits).values()),
        joined(tables.read_keyed("coefficients", names, snakemake.input.coefficients).values()),
    )
    tables.write("certificate", compared.numbers, snakemake.output.numbers)
    tables.write("certificate_cases", compared.cases, snakemake.output.cases)
    tables.write("certificate_counts", compared.counts, snakemake.output.counts)
    tables.write("certificate_data", told, snakemake.output.told)
