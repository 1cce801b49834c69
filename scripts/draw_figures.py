"""Draw the figures of one language."""

from innosurvey import files
from innosurvey.kept import keeping
from innosurvey.report.cleared import read_cleared
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.figures.kept import files_of, kept_from
from innosurvey.step import step

with step(snakemake):
    asked, language, fonts = snakemake.params, snakemake.wildcards.language, snakemake.input.fonts
    with keeping(asked.cleared, asked.environment, asked.code) as kept:
        estimates = dict(zip(asked.tables, snakemake.input.estimates, strict=True))
        cleared = read_cleared(estimates, asked.minimum_n, kept)
    drawings = kept_from(files.read_files(asked.kept), language, asked.setting, fonts, asked.environment)
    figures = draw_figures(cleared, asked.setting, language, fonts, drawings)
    files.write_files(files_of(drawings.now), asked.kept)
    files.write_listed(figures, snakemake.output.index, snakemake.output.figures)
