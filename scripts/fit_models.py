"""Fit one batch of the models."""

from innosurvey import tables
from innosurvey.models.fit import fit_all
from innosurvey.step import step

with step(snakemake):
    results = fit_all(snakemake.params.fits, tables.read("slice", snakemake.input.firms))
    for name in ("fits", "coefficients", "waterfall", "diagnostics", "balance"):
        tables.write(name, getattr(results, name), snakemake.output[name])
