"""Read one wave's raw file through its codebook."""

from pathlib import Path

from innosurvey import codebook, files, tables, yamlfile
from innosurvey.ingest import ingest_survey
from innosurvey.step import step

with step(snakemake):
    dictionary = files.read_dictionary(snakemake.input.dictionary, snakemake.params.variables)
    wave, own = snakemake.wildcards.wave, snakemake.params.own
    book = codebook.from_yaml(yamlfile.read(snakemake.input.codebook), dictionary)
    ingested = ingest_survey(Path(snakemake.input.raw), codebook.of_wave(book, **own), wave)
    tables.write("survey", ingested.table, snakemake.output.survey, dictionary)
    tables.write("ledger", ingested.ledger, snakemake.output.ledger)
