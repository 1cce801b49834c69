"""Read one register through its codebook."""

from pathlib import Path

from innosurvey import codebook, files, tables, yamlfile
from innosurvey.ingest import ingest_register
from innosurvey.step import step

with step(snakemake):
    dictionary = files.read_dictionary(snakemake.input.dictionary)
    register_codebook = codebook.from_yaml(yamlfile.read(snakemake.input.codebook), dictionary)
    ingested = ingest_register(Path(snakemake.input.raw), register_codebook)
    tables.write("register", ingested.table, snakemake.output.register, register_codebook.declared)
