"""Look a last time before anything leaves."""

from innosurvey import files, tables
from innosurvey.step import step
from innosurvey.validate.checks import all_of, as_json
from innosurvey.validate.published import ids_of, inspect_published

with step(snakemake):
    passed = all_of(map(files.read_text, snakemake.input.passed))
    checks = inspect_published(
        files.read_files(snakemake.params.published, without=snakemake.params.made_after),
        ids_of(tables.read_if_any("firms", snakemake.input.firms, ["firm_id"])),
    )
    files.write_text(as_json([*passed, *checks]), snakemake.output.checks)
