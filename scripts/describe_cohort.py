"""Estimate every item in every group of one cohort."""

from innosurvey import describe, tables
from innosurvey.design import parse_design_rules
from innosurvey.sample_files import read_sample
from innosurvey.step import step

with step(snakemake):
    (cohort,) = snakemake.params.cohort
    described = describe.describe_all(
        describe.parse_items(snakemake.params.described),
        tables.read("slice", snakemake.input.firms),
        cohort,
        parse_design_rules(snakemake.params.rules),
        read_sample(snakemake.input, snakemake.params.waves, snakemake.params.replicated),
    )
    tables.write("describe", described, snakemake.output.describe)
