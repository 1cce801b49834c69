"""Write the tables of one language as accessible workbook."""

from pathlib import Path

from innosurvey import tables
from innosurvey.report.document import from_json
from innosurvey.report.xlsx import render_xlsx
from innosurvey.step import step

with step(snakemake):
    document = from_json(Path(snakemake.input.document).read_text(encoding="utf-8"))
    tables.write_bytes(render_xlsx(document), snakemake.output.workbook)
