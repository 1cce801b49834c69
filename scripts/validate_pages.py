"""Hold page and PDF of one language against its document."""

from innosurvey import files
from innosurvey.step import step
from innosurvey.validate.checks import as_json
from innosurvey.validate.rendered import inspect_rendered
from innosurvey.validate.traced import document_in

with step(snakemake):
    source = snakemake.input
    checks = inspect_rendered(
        document_in(files.read_text(source.document)),
        snakemake.wildcards.language,
        files.read_bytes(source.page),
        files.read_bytes(source.pdf),
    )
    files.write_text(as_json(checks), snakemake.output.checks)
