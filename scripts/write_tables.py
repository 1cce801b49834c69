"""Write the report's tables as CSV, and describe them and what stands behind them for machines."""

from pathlib import Path

from innosurvey import files, yamlfile
from innosurvey.datapackage import data_package
from innosurvey.report.document import from_json
from innosurvey.report.published import write_tables
from innosurvey.step import step

with step(snakemake):
    given, chosen = snakemake.input, snakemake.params
    written = write_tables(from_json(Path(given.document).read_text(encoding="utf-8")))
    contracts = yamlfile.read(given.contracts).data
    package = data_package(
        {f"tables/{name}": content for name, content in written.items()},
        {name: contracts[name] for name in chosen.estimates},
        files.read_dictionary(given.dictionary, chosen.variables),
        chosen.study,
    )
    files.write_listed(written, snakemake.output.index, snakemake.output.tables)
    files.write_text(package, snakemake.output.package)
