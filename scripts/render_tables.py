"""Write the tables of one language as accessible workbook and as LaTeX, one file each."""

from pathlib import Path

from innosurvey import files
from innosurvey.report.document import from_json
from innosurvey.report.latex import write_latex
from innosurvey.report.xlsx import render_xlsx
from innosurvey.step import step

with step(snakemake):
    document = from_json(Path(snakemake.input.document).read_text(encoding="utf-8"))
    files.write_bytes(render_xlsx(document), snakemake.output.workbook)
    files.write_listed(write_latex(document), snakemake.output.index, snakemake.output.latex)
