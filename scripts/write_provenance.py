"""Say what the published files were made from: as manifest, and as research object with a copy of the workflow."""

from pathlib import Path

from innosurvey import crate, files, provenance
from innosurvey.step import step

with step(snakemake):
    chosen, made = snakemake.params, snakemake.output
    published = files.read_files(chosen.published, without=made)
    published[crate.WORKFLOW] = Path(snakemake.input.workflow).read_bytes()
    told = crate.Told(**chosen.told, inputs=chosen.inputs, rules=chosen.rules)
    published[crate.FILE] = crate.run_crate(published, [Path(made.manifest).name], told).encode()
    listed = provenance.manifest(published, chosen.sources, chosen.inputs, chosen.rules, chosen.identity)
    files.write_bytes(published[crate.WORKFLOW], made.workflow)
    files.write_bytes(published[crate.FILE], made.crate)
    files.write_text(listed, made.manifest)
