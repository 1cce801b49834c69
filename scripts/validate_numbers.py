"""Hold the numbers of the documents against the estimates."""

from innosurvey import files, tables
from innosurvey.step import step
from innosurvey.validate.checks import as_json
from innosurvey.validate.numbers import inspect_numbers
from innosurvey.validate.traced import document_in

with step(snakemake):
    checks = inspect_numbers(
        [document_in(files.read_text(path)) for path in snakemake.input.documents],
        tables.read_named(snakemake.params.tables, snakemake.input.estimates),
        snakemake.params.minimum_n,
    )
    files.write_text(as_json(checks), snakemake.output.checks)
