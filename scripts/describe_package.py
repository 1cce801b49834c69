"""Describe what is published for machines: datapackage.json."""

from innosurvey import tables
from innosurvey.datapackage import data_package
from innosurvey.step import step

with step(snakemake):
    published = {f"tables/{name}": content for name, content in tables.read_listed(snakemake.input.tables).items()}
    package = data_package(
        published,
        tables.contracts(snakemake.params.estimates),
        tables.read_dictionary(snakemake.input.dictionary, snakemake.params.variables),
        snakemake.params.study,
    )
    tables.write_text(package, snakemake.output.package)
