"""Pool the waves, derive variables, place every firm in its cohorts."""

from innosurvey import tables
from innosurvey.cohorts.assign import assign_cohorts
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.coverage import as_availability
from innosurvey.derive import parse_derived
from innosurvey.step import step

with step(snakemake):
    cohorts = assign_cohorts(
        tables.read_keyed("weighted", snakemake.params.waves, snakemake.input.waves),
        parse_cohorts(snakemake.params.cohorts),
        parse_derived(snakemake.params.derived),
        tables.read_dictionary(snakemake.input.dictionary, snakemake.params.variables),
        tables.read_codelists(snakemake.input.codelists),
    )
    tables.write("firms", cohorts.firms, snakemake.output.firms)
    tables.write("memberships", cohorts.memberships, snakemake.output.memberships)
    tables.write("cohorts", cohorts.summary, snakemake.output.cohorts)
    tables.write(
        "availability", as_availability(cohorts.availability, snakemake.params.lacks), snakemake.output.availability
    )
