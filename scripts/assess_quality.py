"""Assess the quality of the run: non-response by variable, and the indicators of the quality report."""

from innosurvey import tables
from innosurvey.quality import assess_quality, nonresponse_of_waves
from innosurvey.step import step

with step(snakemake):
    counted = tables.read_named(snakemake.params.tables, snakemake.input.estimates)
    nonresponse = nonresponse_of_waves(
        tables.read_each("survey", snakemake.input.raw),
        tables.read_each("clean", snakemake.input.finished),
        tables.read_each("design", snakemake.input.designs),
    )
    tables.write("nonresponse", nonresponse, snakemake.output.nonresponse)
    tables.write("quality", assess_quality({**counted, "nonresponse": nonresponse}), snakemake.output.quality)
