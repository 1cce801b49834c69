"""Count answers due, given, changed and imputed, variable by variable."""

from innosurvey import tables
from innosurvey.quality.nonresponse import nonresponse_of_waves
from innosurvey.step import step

with step(snakemake):
    nonresponse = nonresponse_of_waves(
        [tables.read("survey", path, snakemake.params.columns) for path in snakemake.input.raw],
        [tables.read("clean", path, snakemake.params.columns) for path in snakemake.input.finished],
        [tables.read("design", path, ["_source_row", "weight_final"]) for path in snakemake.input.designs],
    )
    tables.write("nonresponse", nonresponse, snakemake.output.nonresponse)
