"""Make the waves comparable: one revision of each classification, and price levels."""

from innosurvey import tables
from innosurvey.harmonise.bridge import harmonise_waves
from innosurvey.harmonise.spec import parse_harmonise
from innosurvey.step import step

with step(snakemake):
    names = snakemake.params.waves
    harmonised = harmonise_waves(
        tables.read_keyed("clean", names, snakemake.input.waves, snakemake.params.columns),
        parse_harmonise(snakemake.params.section, names),
        tables.read_references(snakemake.params.files),
        snakemake.params.years,
    )
    tables.write("bridge", harmonised.bridge, snakemake.output.bridge)
    tables.write("harmonise", harmonised.counts, snakemake.output.harmonise)
