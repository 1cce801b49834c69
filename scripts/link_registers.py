"""Link one wave to the registers."""

from innosurvey import tables
from innosurvey.link import columns_needed, link_registers, parse_links
from innosurvey.step import step

with step(snakemake):
    links = parse_links(snakemake.params.links)
    columns = columns_needed(links)
    linked = link_registers(
        tables.read("survey", snakemake.input.survey),
        tables.read_keyed("register", snakemake.params.registers, snakemake.input.registers, columns),
        links,
        snakemake.params.period,
        snakemake.params.key_check,
    )
    tables.write("linked", linked.firms, snakemake.output.firms)
    tables.write("link", linked.rates, snakemake.output.rates)
    tables.write("ledger", linked.ledger, snakemake.output.ledger)
