"""Rank one wave's suspects by what they could change in the estimates."""

from innosurvey import files, tables
from innosurvey.derive import parse_derived
from innosurvey.screen.score import rank_suspects
from innosurvey.screen.spec import columns_scored, parse_score
from innosurvey.screen.wave import Wave
from innosurvey.step import step

with step(snakemake):
    suspects = tables.read("suspects", snakemake.input.suspects)
    score = parse_score(snakemake.params.score)
    derived = parse_derived(snakemake.params.derived)
    wave = Wave(
        firms=tables.read("clean", snakemake.input.firms, columns=columns_scored(suspects, score, derived)),
        dictionary=files.read_dictionary(snakemake.input.dictionary, snakemake.params.variables),
        derived=derived,
        codelists=tables.read_codelists(snakemake.input.codelists),
    )
    design = tables.read("design", snakemake.input.design, columns=["firm_id", "weight_final"])
    ranked = rank_suspects(suspects, wave, design, score)
    tables.write("review", ranked.review, snakemake.output.review)
    tables.write("scores", ranked.summary, snakemake.output.scores)
