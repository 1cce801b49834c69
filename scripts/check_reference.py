"""Read the study's printed tables and hold them against their own arithmetic."""

from innosurvey import tables, yamlfile
from innosurvey.reference.context import read_context
from innosurvey.step import step

with step(snakemake):
    declared, checks, *printed = snakemake.input
    context = read_context(
        yamlfile.read(declared).data,
        tables.read_codelist(checks),
        tables.read_codelists(printed),
        snakemake.params.files,
    )
    tables.write("series", context.series, snakemake.output.series)
    tables.write("arithmetic", context.arithmetic, snakemake.output.arithmetic)
    tables.write("ratios", context.ratios, snakemake.output.ratios)
