"""Edit one wave and keep a ledger of every change."""

from innosurvey import codebook, files, tables, yamlfile
from innosurvey.clean import clean_survey, parse_edits, parse_localisation
from innosurvey.step import step

with step(snakemake):
    dictionary = files.read_dictionary(snakemake.input.dictionary, snakemake.params.variables)
    cleaned = clean_survey(
        tables.read("linked", snakemake.input.firms),
        parse_edits(snakemake.params.edits),
        dictionary,
        codebook.from_yaml(yamlfile.read(snakemake.input.codebook), dictionary).asked_if,
        parse_localisation(snakemake.params.localisation, dictionary),
    )
    tables.write("clean", cleaned.firms, snakemake.output.firms, dictionary)
    tables.write("changes", cleaned.ledger, snakemake.output.changes)
    tables.write("ledger", cleaned.summary, snakemake.output.ledger)
