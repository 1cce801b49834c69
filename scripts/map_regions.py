"""Say where the firms are, how unevenly, and which regions link to knowledge alike."""

from innosurvey import tables
from innosurvey.design import parse_design_rules
from innosurvey.kept import keeping
from innosurvey.regions.places import read_places
from innosurvey.regions.plan import Request, map_regions
from innosurvey.sample_files import read_sample
from innosurvey.step import step

with step(snakemake):
    source, asked = snakemake.input, snakemake.params
    (spec,), (lookup,) = asked.spec, asked.lookup
    places = read_places(spec, lookup, asked.zones, tables.read_references(source.lists))
    rules = parse_design_rules(asked.rules)
    with keeping(asked.kept, asked.environment, asked.code) as kept:
        mapped = map_regions(
            Request(spec=spec, places=places, rules=rules, minimum_n=asked.minimum_n),
            tables.read("slice", source.firms),
            read_sample(source, asked.waves, asked.replicated),
            tables.read_if_any("register", source.frame, ["_source_row", "wave", places.variable]),
            kept,
        )
    tables.write_named(mapped, snakemake.output)
