"""Write the tables of one language as LaTeX, one file each."""

from pathlib import Path

from innosurvey import tables
from innosurvey.report.document import from_json
from innosurvey.report.latex import write_latex
from innosurvey.step import step

with step(snakemake):
    document = from_json(Path(snakemake.input.document).read_text(encoding="utf-8"))
    tables.write_listed(write_latex(document), snakemake.output.index, snakemake.output.tables)
