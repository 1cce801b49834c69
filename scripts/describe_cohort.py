"""Estimate every item in every group of one cohort."""

from innosurvey import describe, tables
from innosurvey.design import parse_design_rules
from innosurvey.sample import full_sample
from innosurvey.step import step

with step(snakemake):
    described = describe.describe_all(
        describe.parse_items(snakemake.params.described),
        tables.read("slice", snakemake.input.firms),
        snakemake.params.cohort,
        parse_design_rules(snakemake.params.rules),
        full_sample(
            tables.read_keyed("design", snakemake.params.waves, snakemake.input.design),
            tables.read_keyed("calibrated", snakemake.params.waves, snakemake.input.calibrated),
            tables.read_keyed("replicates", snakemake.params.replicated, snakemake.input.replicates),
            tables.read("pooled", snakemake.input.pooled),
        ),
    )
    tables.write("describe", described, snakemake.output.describe)
