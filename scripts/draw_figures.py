"""Draw the figures of one language."""

from innosurvey import files, tables
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.figures.kept import files_of, kept_from
from innosurvey.step import step

with step(snakemake):
    estimates = tables.read_named(snakemake.params.tables, snakemake.input.estimates)
    setting, language, fonts = snakemake.params.setting, snakemake.wildcards.language, snakemake.input.fonts
    before = files.read_files(snakemake.params.kept)
    kept = kept_from(before, language, setting, fonts, snakemake.params.environment)
    figures = draw_figures(estimates, setting, language, fonts, kept)
    files.write_files(files_of(kept.now), snakemake.params.kept)
    files.write_listed(figures, snakemake.output.index, snakemake.output.figures)
