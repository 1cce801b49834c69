"""Give each firm its stratum over all waves, and count the firms that the frames list there."""

from innosurvey import tables
from innosurvey.pooled import pool_designs
from innosurvey.step import step

with step(snakemake):
    pooled = pool_designs(
        tables.read_keyed("design", snakemake.params.waves, snakemake.input.designs, ["firm_id", "stratum_id"]),
        tables.read_keyed("listed", snakemake.params.waves, snakemake.input.listed),
    )
    tables.write("pooled", pooled, snakemake.output.pooled)
