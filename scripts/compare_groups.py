"""Compare the groups of one cohort."""

from innosurvey import compare, describe, tables
from innosurvey.design import parse_design_rules
from innosurvey.kept import keeping
from innosurvey.sample_files import read_sample, sample_sources
from innosurvey.step import step

with step(snakemake):
    source, asked = snakemake.input, snakemake.params
    items = describe.parse_items(asked.described)
    with keeping(asked.kept, asked.environment, asked.code, asked.rules, sources=sample_sources(source)) as kept:
        compared = compare.compare_all(
            compare.parse_plan(asked.asked, items, snakemake.wildcards.cohort, asked.groups),
            tables.read("slice", source.firms),
            parse_design_rules(asked.rules),
            read_sample(source, asked.waves, asked.replicated),
            kept,
        )
    for name, table in compared.items():
        tables.write(name, table, snakemake.output[name])
