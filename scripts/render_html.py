"""Render the document of one language as one self-contained page."""

from pathlib import Path

from innosurvey import files
from innosurvey.kept import keeping
from innosurvey.report.assets import assets_from
from innosurvey.report.document import from_json
from innosurvey.report.html import render_html
from innosurvey.step import step

with step(snakemake):
    document = from_json(Path(snakemake.input.document).read_text(encoding="utf-8"))
    assets = assets_from(snakemake.input.layouts, snakemake.input.fonts, files.read_listed(snakemake.input.figures), {})
    asked = snakemake.params
    with keeping(asked.kept, asked.environment, asked.code) as kept:
        page = render_html(document, assets, asked.languages, kept)
    files.write_text(page, snakemake.output.page)
