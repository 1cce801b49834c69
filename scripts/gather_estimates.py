"""Put the parts of the estimates together."""

from pathlib import Path

from innosurvey import tables
from innosurvey.gather import gather
from innosurvey.step import step

with step(snakemake):
    parts = {name: [tables.read(name, path) for path in paths] for name, paths in snakemake.input.items()}
    gathered = gather(parts)
    for path in snakemake.output:
        tables.write(Path(path).stem, gathered[Path(path).stem], path)
