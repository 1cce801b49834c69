"""Cut the slices of all cohorts and batches."""

from innosurvey import tables
from innosurvey.cohorts.slices import cut_slices
from innosurvey.step import step

with step(snakemake):
    slices = cut_slices(
        tables.read("firms", snakemake.input.firms),
        tables.read("memberships", snakemake.input.memberships),
        snakemake.params.columns,
    )
    tables.write_each("slice", slices, snakemake.output, snakemake.threads)
