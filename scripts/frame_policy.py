"""Fill the policy frame and choose the recommendations."""

from innosurvey import tables
from innosurvey.design import parse_design_rules
from innosurvey.policy.frame import Limits, frame_policy
from innosurvey.policy.recommendations import choose_recommendations
from innosurvey.policy.spec import parse_policy
from innosurvey.step import step

with step(snakemake):
    given = snakemake.params
    spec = parse_policy(given.policy)
    limits = Limits(confidence=parse_design_rules(given.rules).confidence, minimum_n=given.minimum_n)
    found = {name: tables.read(name, snakemake.input[name]) for name in ("describe", "compare", "claims")}
    frame = frame_policy(spec, given.stages, found, given.absent, limits)
    tables.write("policy", frame, snakemake.output.policy)
    tables.write(
        "recommendations", choose_recommendations(spec, frame, found["claims"]), snakemake.output.recommendations
    )
