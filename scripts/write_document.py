"""Write the report of one language as typed blocks."""

from pathlib import Path

from innosurvey import files, tables
from innosurvey.kept import keeping
from innosurvey.report.build import build_document
from innosurvey.report.cleared import read_cleared
from innosurvey.report.document import as_json
from innosurvey.report.fonts import fail_if_glyphs_are_missing
from innosurvey.report.section_files import fail_if_sections_are_missing
from innosurvey.step import step

with step(snakemake):
    given, asked, language = snakemake.input, snakemake.params, snakemake.wildcards.language
    fonts = {Path(font).name: Path(font).read_bytes() for font in given.fonts}
    templates = files.read_texts(given.sections)
    fail_if_sections_are_missing([*templates, *asked.english], language)
    with keeping(asked.kept, asked.environment, asked.code, sources=[tables.CONTRACTS]) as kept:
        estimates = dict(zip(asked.tables, given.estimates, strict=True))
        cleared = read_cleared(estimates, asked.minimum_n, kept)
        figures = files.read_listed(given.figures)
        document = build_document(cleared, figures, asked.setting, templates, language, kept)
    fail_if_glyphs_are_missing(document, fonts, templates)
    files.write_text(as_json(document), snakemake.output.document)
