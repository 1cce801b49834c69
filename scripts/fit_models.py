"""Fit one batch of the models."""

from innosurvey import tables
from innosurvey.kept import keeping
from innosurvey.models.fit import fit_all
from innosurvey.step import step

with step(snakemake):
    asked = snakemake.params
    with keeping(asked.kept, asked.environment, asked.code) as kept:
        results = fit_all(asked.fits, tables.read("slice", snakemake.input.firms), kept)
    for name in ("fits", "coefficients", "waterfall", "diagnostics", "balance"):
        tables.write(name, getattr(results, name), snakemake.output[name])
