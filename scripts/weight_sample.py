"""Weight one wave by its sampling frame."""

from innosurvey import tables
from innosurvey.step import step
from innosurvey.weight import SURVEY_COLUMNS, frame_columns, parse_weights, weight_sample

with step(snakemake):
    spec = parse_weights(snakemake.params.weights)
    weighted = weight_sample(
        tables.read("clean", snakemake.input.firms, columns=SURVEY_COLUMNS),
        tables.read_if_any("register", snakemake.input.frame, columns=frame_columns(spec)),
        spec,
        snakemake.params.key_check,
    )
    tables.write("design", weighted.design, snakemake.output.design)
    tables.write("weights", weighted.weights, snakemake.output.weights)
