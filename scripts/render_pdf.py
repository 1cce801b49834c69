"""Typeset the document of one language as accessible PDF."""

from pathlib import Path

from innosurvey import files
from innosurvey.report.assets import assets_from
from innosurvey.report.document import from_json
from innosurvey.report.pdf import render_pdf
from innosurvey.report.published import write_tables
from innosurvey.step import step

with step(snakemake):
    document = from_json(Path(snakemake.input.document).read_text(encoding="utf-8"))
    assets = assets_from(
        snakemake.input.layouts,
        snakemake.input.fonts,
        files.read_listed(snakemake.input.figures),
        write_tables(document),
    )
    files.write_bytes(render_pdf(document, assets), snakemake.output.pdf)
