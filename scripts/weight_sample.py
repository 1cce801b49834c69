"""Weight one wave by its sampling frame."""

from innosurvey import tables
from innosurvey.step import step
from innosurvey.weight import parse_weights, weight_sample

with step(snakemake):
    weighted = weight_sample(
        tables.read("clean", snakemake.input.firms),
        tables.read_if_any("register", snakemake.input.frame),
        parse_weights(snakemake.params.weights),
        snakemake.params.key_check,
    )
    tables.write("weighted", weighted.firms, snakemake.output.firms)
    tables.write("weights", weighted.weights, snakemake.output.weights)
