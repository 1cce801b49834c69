"""Write the report of one language as typed blocks."""

from innosurvey import tables
from innosurvey.report.build import build_document
from innosurvey.report.document import as_json
from innosurvey.step import step

with step(snakemake):
    document = build_document(
        tables.read_named(snakemake.params.tables, snakemake.input.estimates),
        tables.read_listed(snakemake.input.figures),
        snakemake.params.setting,
        tables.read_texts(snakemake.input.sections),
        snakemake.wildcards.language,
    )
    tables.write_text(as_json(document), snakemake.output.document)
