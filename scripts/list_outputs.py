"""List every published file on one page."""

from pathlib import Path

from innosurvey import files
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
    published = files.read_files(snakemake.params.published, without=[snakemake.output.page])
    documents = dict(zip(snakemake.params.languages, said, strict=True))
    files.write_text(list_outputs(published, documents, page, snakemake.params.minimum_n), snakemake.output.page)
