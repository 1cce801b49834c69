"""Publish what passed the last look."""

from innosurvey import files
from innosurvey.step import step

with step(snakemake):
    files.write_files(files.read_files(snakemake.params.rendered), snakemake.params.published)
