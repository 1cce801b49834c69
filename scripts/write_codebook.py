"""Write the codebook page of one language."""

from pathlib import Path

from innosurvey import codebook, files, yamlfile
from innosurvey.codebook.page import Content, codebook_page
from innosurvey.step import step

with step(snakemake):
    dictionary = files.read_dictionary(snakemake.input.dictionary, snakemake.params.variables)
    books = [codebook.from_yaml(yamlfile.read(path), dictionary) for path in snakemake.input.codebooks]
    page = codebook_page(
        Content(
            dictionary=dictionary,
            books=dict(zip(snakemake.params.waves, books, strict=True)),
            study=snakemake.params.study,
        ),
        snakemake.wildcards.language,
        yamlfile.read(snakemake.input.words).data,
        Path(snakemake.input.layout).read_text(encoding="utf-8"),
        dict(zip(("400", "700"), map(Path.read_bytes, map(Path, snakemake.input.fonts)), strict=True)),
    )
    files.write_text(page, snakemake.output.page)
