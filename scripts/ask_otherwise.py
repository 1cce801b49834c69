"""Ask one question in all its specifications."""

from dataclasses import fields

from innosurvey import tables
from innosurvey.models.robustness_tables import ask_all
from innosurvey.step import step

with step(snakemake):
    found = ask_all(snakemake.params.curves, tables.read("slice", snakemake.input.firms))
    for table in fields(found):
        tables.write(table.name, getattr(found, table.name), snakemake.output[table.name])
