"""Compare the groups of one cohort."""

from innosurvey import compare, describe, tables
from innosurvey.design import parse_design_rules
from innosurvey.step import step

with step(snakemake):
    items = describe.parse_items(snakemake.params.described)
    compared = compare.compare_groups(
        compare.parse_comparisons(
            snakemake.params.comparisons, items, {snakemake.wildcards.cohort: snakemake.params.groups}
        ),
        items,
        tables.read("slice", snakemake.input.firms),
        parse_design_rules(snakemake.params.rules),
    )
    tables.write("compare", compared, snakemake.output.compare)
