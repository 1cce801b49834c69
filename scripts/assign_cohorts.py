"""Pool the waves, derive variables, place every firm in its cohorts."""

from functools import partial

from innosurvey import files, tables
from innosurvey.availability import as_availability
from innosurvey.cohorts.assign import assign_cohorts
from innosurvey.cohorts.multiple import assign_draws
from innosurvey.cohorts.pool import with_bridge, with_design
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.derive import parse_derived
from innosurvey.step import step

with step(snakemake):
    given, chosen = snakemake.input, snakemake.params
    firms = with_bridge(tables.read_keyed("clean", chosen.waves, given.firms), tables.read("bridge", given.bridge))
    designs, pooled = tables.read_keyed("design", chosen.waves, given.designs), tables.read("pooled", given.pooled)
    waves = with_design(firms, designs, pooled)
    declared = {"specs": parse_cohorts(chosen.cohorts), "derived": parse_derived(chosen.derived)}
    declared |= {"dictionary": files.read_dictionary(given.dictionary, chosen.variables), "offers": chosen.offers}
    assign = partial(assign_cohorts, **declared, codelists=tables.read_codelists(given.codelists))
    cohorts = assign_draws(waves, tables.read_keyed("draws", chosen.waves, given.draws), assign)
    for name in ("firms", "memberships", "definitions", "overlaps"):
        tables.write(name, getattr(cohorts, name), snakemake.output[name])
    tables.write("cohorts", cohorts.summary, snakemake.output.cohorts)
    tables.write("availability", as_availability(cohorts.availability, chosen.lacks), snakemake.output.availability)
