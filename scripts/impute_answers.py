"""Impute one wave's missing answers and account for every cell."""

from innosurvey import codebook, files, tables, yamlfile
from innosurvey.clean.conditions import conditions_of
from innosurvey.clean.spec import parse_edits
from innosurvey.derive import parse_derived
from innosurvey.impute.answers import Surroundings, impute_answers
from innosurvey.impute.levels import Derivation
from innosurvey.impute.spec import columns_before, parse_imputation
from innosurvey.step import step

with step(snakemake):
    given, chosen, spec = snakemake.input, snakemake.params, parse_imputation(snakemake.params.imputation)
    dictionary = files.read_dictionary(given.dictionary, chosen.variables)
    around = Surroundings(
        conditions=conditions_of(parse_edits(chosen.edits), dictionary),
        asked_if=codebook.from_yaml(yamlfile.read(given.codebook), dictionary).asked_if,
        derivation=Derivation(parse_derived(chosen.derived), dictionary, tables.read_codelists(given.codelists)),
        before=tables.read_if_any("clean", given.before, columns_before(spec)),
        suspects=tables.read("suspects", given.suspects),
    )
    imputed = impute_answers(tables.read("clean", given.firms), spec, around)
    tables.write("clean", imputed.firms, snakemake.output.firms, dictionary)
    tables.write("draws", imputed.draws, snakemake.output.draws)
    tables.write("imputed_cells", imputed.ledger, snakemake.output.ledger)
    tables.write("imputation", imputed.summary, snakemake.output.counts)
