"""Look a last time before anything leaves."""

from innosurvey import files, tables, validate
from innosurvey.step import step

with step(snakemake):
    published = files.read_files(snakemake.params.published, without=snakemake.params.made_after)
    checks = validate.inspect(
        published,
        tables.read_named(snakemake.params.tables, snakemake.input.estimates),
        validate.ids_of(tables.read_if_any("firms", snakemake.input.firms, ["firm_id"])),
        snakemake.params.minimum_n,
    )
    files.write_text(validate.as_json(checks), snakemake.output.checks)
