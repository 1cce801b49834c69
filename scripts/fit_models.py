"""Fit one batch of the models."""

from innosurvey import tables
from innosurvey.models.fit import fit_all
from innosurvey.step import step

with step(snakemake):
    results = fit_all(snakemake.params.fits, tables.read("slice", snakemake.input.firms))
    tables.write("fits", results.fits, snakemake.output.fits)
    tables.write("coefficients", results.coefficients, snakemake.output.coefficients)
    tables.write("waterfall", results.waterfall, snakemake.output.waterfall)
