"""Write the report's tables as CSV."""

from pathlib import Path

from innosurvey import tables
from innosurvey.report.document import from_json
from innosurvey.report.published import write_tables
from innosurvey.step import step

with step(snakemake):
    document = from_json(Path(snakemake.input.document).read_text(encoding="utf-8"))
    tables.write_listed(write_tables(document), snakemake.output.index, snakemake.output.tables)
