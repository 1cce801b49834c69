"""Point at the suspicious answers of one wave."""

from innosurvey import files, tables
from innosurvey.derive import parse_derived
from innosurvey.screen.answers import screen_answers
from innosurvey.screen.spec import columns_needed, parse_screen
from innosurvey.screen.wave import Wave
from innosurvey.step import step

with step(snakemake):
    specs = parse_screen(snakemake.params.screen, snakemake.params.edits)
    derived = parse_derived(snakemake.params.derived)
    columns = columns_needed(specs, derived)
    wave = Wave(
        firms=tables.read("clean", snakemake.input.firms, columns=columns),
        previous=tables.read_if_any("clean", snakemake.input.previous, columns=columns),
        dictionary=files.read_dictionary(snakemake.input.dictionary, snakemake.params.variables),
        derived=derived,
        codelists=tables.read_codelists(snakemake.input.codelists),
    )
    screened = screen_answers(wave, specs)
    tables.write("suspects", screened.suspects, snakemake.output.suspects)
    tables.write("screen", screened.summary, snakemake.output.screen)
