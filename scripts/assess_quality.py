"""Assess the quality of the run: non-response by variable, and the indicators of the quality report."""

from innosurvey import tables
from innosurvey.quality import assess_quality, nonresponse_of_waves
from innosurvey.step import step

with step(snakemake):
    counted = tables.read_named(snakemake.params.tables, snakemake.input.estimates)
    nonresponse = nonresponse_of_waves(
        [tables.read("survey", path, snakemake.params.columns) for path in snakemake.input.raw],
        [tables.read("clean", path, snakemake.params.columns) for path in snakemake.input.finished],
        [tables.read("design", path, ["_source_row", "weight_final"]) for path in snakemake.input.designs],
    )
    tables.write("nonresponse", nonresponse, snakemake.output.nonresponse)
    tables.write("quality", assess_quality({**counted, "nonresponse": nonresponse}), snakemake.output.quality)
