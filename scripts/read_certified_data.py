"""Read one data set of the certificate and hold it against its contract."""

from innosurvey import tables
from innosurvey.certificate.prepare import prepare
from innosurvey.datasets import read_dataset
from innosurvey.step import step

with step(snakemake):
    (spec,) = snakemake.params.spec
    prepared = prepare(read_dataset(spec), spec, snakemake.params.version, snakemake.params.needs)
    tables.write("slice", prepared.firms, snakemake.output.firms)
    tables.write("certificate_data", prepared.told, snakemake.output.told)
