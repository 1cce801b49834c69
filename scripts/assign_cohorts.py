"""Pool the waves, derive variables, place every firm in its cohorts."""

from innosurvey import tables
from innosurvey.cohorts.assign import assign_cohorts
from innosurvey.cohorts.pool import with_bridge, with_design
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.coverage import as_availability
from innosurvey.derive import parse_derived
from innosurvey.step import step

with step(snakemake):
    waves, files = snakemake.params.waves, snakemake.input
    firms = with_bridge(tables.read_keyed("clean", waves, files.firms), tables.read("bridge", files.bridge))
    cohorts = assign_cohorts(
        with_design(firms, tables.read_keyed("design", waves, files.designs)),
        parse_cohorts(snakemake.params.cohorts),
        parse_derived(snakemake.params.derived),
        tables.read_dictionary(files.dictionary, snakemake.params.variables),
        tables.read_codelists(files.codelists),
    )
    tables.write("firms", cohorts.firms, snakemake.output.firms)
    tables.write("memberships", cohorts.memberships, snakemake.output.memberships)
    tables.write("cohorts", cohorts.summary, snakemake.output.cohorts)
    availability = as_availability(cohorts.availability, snakemake.params.lacks)
    tables.write("availability", availability, snakemake.output.availability)
