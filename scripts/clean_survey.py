"""Edit one wave and keep a ledger of every change."""

from innosurvey import codebook, tables, yamlfile
from innosurvey.clean import clean_survey, parse_edits
from innosurvey.step import step

with step(snakemake):
    dictionary = tables.read_dictionary(snakemake.input.dictionary, snakemake.params.variables)
    cleaned = clean_survey(
        tables.read("linked", snakemake.input.firms),
        parse_edits(snakemake.params.edits),
        dictionary,
        codebook.from_yaml(yamlfile.read(snakemake.input.codebook), dictionary).asked_if,
    )
    tables.write("clean", cleaned.firms, snakemake.output.firms, dictionary)
    tables.write("changes", cleaned.ledger, snakemake.output.changes)
    tables.write("ledger", cleaned.summary, snakemake.output.ledger)
