"""Ask one question in all its specifications."""

from dataclasses import fields

from innosurvey import tables
from innosurvey.kept import keeping
from innosurvey.models.robustness_tables import ask_all
from innosurvey.step import step

with step(snakemake):
    asked = snakemake.params
    with keeping(asked.kept, asked.environment, asked.code) as kept:
        found = ask_all(asked.curves, tables.read("slice", snakemake.input.firms), kept)
    for table in fields(found):
        tables.write(table.name, getattr(found, table.name), snakemake.output[table.name])
