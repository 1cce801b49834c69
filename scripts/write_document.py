"""Write the report of one language as typed blocks."""

from pathlib import Path

from innosurvey import files, tables
from innosurvey.report.build import build_document
from innosurvey.report.document import as_json
from innosurvey.report.fonts import fail_if_glyphs_are_missing
from innosurvey.report.section_files import fail_if_sections_are_missing
from innosurvey.step import step

with step(snakemake):
    fonts = {Path(font).name: Path(font).read_bytes() for font in snakemake.input.fonts}
    templates = files.read_texts(snakemake.input.sections)
    fail_if_sections_are_missing([*templates, *snakemake.params.english], snakemake.wildcards.language)
    document = build_document(
        tables.read_named(snakemake.params.tables, snakemake.input.estimates),
        files.read_listed(snakemake.input.figures),
        snakemake.params.setting,
        templates,
        snakemake.wildcards.language,
    )
    fail_if_glyphs_are_missing(document, fonts, templates)
    files.write_text(as_json(document), snakemake.output.document)
