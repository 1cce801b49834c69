"""Judge the claims of the literature by the estimates."""

from innosurvey import tables
from innosurvey.claims.ledger import judge_claims
from innosurvey.claims.spec import parse_claims
from innosurvey.design import parse_design_rules
from innosurvey.step import step

with step(snakemake):
    ledger, hypotheses = judge_claims(
        parse_claims(snakemake.params.claims),
        tables.read_named(snakemake.params.tables, snakemake.input.estimates),
        snakemake.params.absent,
        parse_design_rules(snakemake.params.rules).confidence,
    )
    tables.write("claims", ledger, snakemake.output.claims)
    tables.write("hypotheses", hypotheses, snakemake.output.hypotheses)
