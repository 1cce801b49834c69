"""Draw the figures of one language."""

from innosurvey import files, tables
from innosurvey.report.figures import draw_figures
from innosurvey.step import step

with step(snakemake):
    estimates = tables.read_named(snakemake.params.tables, snakemake.input.estimates)
    figures = draw_figures(estimates, snakemake.params.setting, snakemake.wildcards.language, snakemake.input.fonts)
    files.write_listed(figures, snakemake.output.index, snakemake.output.figures)
