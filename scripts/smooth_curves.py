"""Follow items along a variable, without assuming a form."""

from innosurvey import describe, smooth, tables
from innosurvey.design import parse_design_rules
from innosurvey.sample_files import read_sample
from innosurvey.step import step

with step(snakemake):
    source, asked = snakemake.input, snakemake.params
    curves = smooth.smooth_all(
        smooth.parse_curves(asked.curves),
        describe.parse_items(asked.described),
        tables.read_keyed("slice", list(asked.groups), source.firms),
        asked.groups,
        parse_design_rules(asked.rules),
        read_sample(source, asked.waves, asked.replicated),
    )
    tables.write("curves", curves, snakemake.output.curves)
