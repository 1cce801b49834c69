"""Estimate every item in every group of one cohort."""

from innosurvey import describe, tables
from innosurvey.design import parse_design_rules
from innosurvey.kept import keeping
from innosurvey.sample_files import read_sample, sample_sources
from innosurvey.step import step

with step(snakemake):
    source, asked = snakemake.input, snakemake.params
    (cohort,) = asked.cohort
    with keeping(asked.kept, asked.environment, asked.code, asked.rules, sources=sample_sources(source)) as kept:
        described = describe.describe_all(
            describe.parse_items(asked.described),
            tables.read("slice", source.firms),
            cohort,
            parse_design_rules(asked.rules),
            read_sample(source, asked.waves, asked.replicated),
            kept,
        )
    tables.write("describe", described, snakemake.output.describe)
