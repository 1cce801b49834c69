"""Follow items along a variable, without assuming a form."""

from innosurvey import describe, smooth, tables
from innosurvey.design import parse_design_rules
from innosurvey.sample import full_sample
from innosurvey.step import step

with step(snakemake):
    source, asked = snakemake.input, snakemake.params
    sample = full_sample(
        tables.read_keyed("design", asked.waves, source.design),
        tables.read_keyed("calibrated", asked.waves, source.calibrated),
        tables.read_keyed("replicates", asked.replicated, source.replicates),
        tables.read("pooled", source.pooled),
    )
    curves = smooth.smooth_all(
        smooth.parse_curves(asked.curves),
        describe.parse_items(asked.described),
        tables.read_keyed("slice", list(asked.groups), source.firms),
        asked.groups,
        parse_design_rules(asked.rules),
        sample,
    )
    tables.write("curves", curves, snakemake.output.curves)
