"""Set the published numbers beside the computed ones."""

from innosurvey import tables
from innosurvey.certificate.compare import compare_published, joined
from innosurvey.step import step

with step(snakemake):
    names = snakemake.params.data
    told = joined(tables.read_keyed("certificate_data", names, snakemake.input.told).values())
    found = {
        table: joined(tables.read_keyed(table, names, snakemake.input[table]).values())
        for table in ("fits", "coefficients", "diagnostics")
    }
    compared = compare_published(snakemake.params.columns, told, found)
    tables.write("certificate", compared.numbers, snakemake.output.numbers)
    tables.write("certificate_cases", compared.cases, snakemake.output.cases)
    tables.write("certificate_counts", compared.counts, snakemake.output.counts)
    tables.write("certificate_data", told, snakemake.output.told)
