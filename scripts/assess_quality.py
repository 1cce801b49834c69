"""Assess the quality of the run: the indicators of the quality report."""

from innosurvey import tables
from innosurvey.quality.indicators import assess_quality
from innosurvey.step import step

with step(snakemake):
    counted = tables.read_named(snakemake.params.tables, snakemake.input.estimates)
    tables.write("quality", assess_quality(counted), snakemake.output.quality)
