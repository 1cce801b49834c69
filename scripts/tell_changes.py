"""Tell what changed since a release, where that is recorded of the present results."""

from innosurvey import tables, yamlfile
from innosurvey.changes.record import told_of
from innosurvey.step import step

with step(snakemake):
    told = told_of(
        tables.read_named(snakemake.params.tables, snakemake.input.recorded),
        tables.read_named(snakemake.params.headlines, snakemake.input.estimates),
        yamlfile.read(snakemake.input.contracts).data,
        snakemake.params.minimum_n,
    )
    tables.write_named(told, snakemake.output)
