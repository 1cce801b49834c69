"""Compare the groups of one cohort."""

from innosurvey import compare, describe, tables
from innosurvey.design import parse_design_rules
from innosurvey.sample_files import read_sample
from innosurvey.step import step

with step(snakemake):
    items = describe.parse_items(snakemake.params.described)
    compared = compare.compare_all(
        compare.parse_plan(snakemake.params.asked, items, snakemake.wildcards.cohort, snakemake.params.groups),
        tables.read("slice", snakemake.input.firms),
        parse_design_rules(snakemake.params.rules),
        read_sample(snakemake.input, snakemake.params.waves, snakemake.params.replicated),
    )
    for name, table in compared.items():
        tables.write(name, table, snakemake.output[name])
