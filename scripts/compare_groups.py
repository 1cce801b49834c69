"""Compare the groups of one cohort."""

from innosurvey import compare, describe, tables
from innosurvey.design import parse_design_rules
from innosurvey.sample import full_sample
from innosurvey.step import step

with step(snakemake):
    items = describe.parse_items(snakemake.params.described)
    compared = compare.compare_all(
        compare.parse_plan(snakemake.params.asked, items, snakemake.wildcards.cohort, snakemake.params.groups),
        tables.read("slice", snakemake.input.firms),
        parse_design_rules(snakemake.params.rules),
        full_sample(
            tables.read_keyed("design", snakemake.params.waves, snakemake.input.design),
            tables.read_keyed("calibrated", snakemake.params.waves, snakemake.input.calibrated),
            tables.read_keyed("replicates", snakemake.params.replicated, snakemake.input.replicates),
            tables.read("pooled", snakemake.input.pooled),
        ),
    )
    for name, table in compared.items():
        tables.write(name, table, snakemake.output[name])
