"""List every published file on one page."""

from pathlib import Path

from innosurvey import files
from innosurvey.kept import keeping
from innosurvey.report.document import from_json
from innosurvey.report.outputs import Page, list_outputs
from innosurvey.step import step

with step(snakemake):
    said = [from_json(Path(path).read_text(encoding="utf-8")) for path in snakemake.input.documents]
    page = Page(
        layout=Path(snakemake.input.layout).read_text(encoding="utf-8"),
        style=Path(snakemake.input.style).read_text(encoding="utf-8"),
        fonts=dict(zip(("400", "700"), map(Path.read_bytes, map(Path, snakemake.input.fonts)), strict=True)),
    )
    asked = snakemake.params
    published = files.read_files(asked.published, without=[snakemake.output.page])
    documents = dict(zip(asked.languages, said, strict=True))
    with keeping(asked.kept, asked.environment, asked.code) as kept:
        listed = list_outputs(published, documents, page, asked.minimum_n, kept)
    files.write_text(listed, snakemake.output.page)
