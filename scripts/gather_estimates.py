"""Put the parts of a table together."""

from innosurvey import tables
from innosurvey.gather import gather
from innosurvey.step import step

with step(snakemake):
    table = snakemake.wildcards.table
    parts = [tables.read(table, path) for path in snakemake.input.parts]
    tables.write(table, gather(table, parts), snakemake.output.gathered)
