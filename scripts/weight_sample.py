"""Weight one wave: by its sampling frame or the weights that it brings, calibrated to known totals."""

from innosurvey import files, tables
from innosurvey.classes import columns_of
from innosurvey.derive import parse_derived
from innosurvey.step import step
from innosurvey.weight import Outside, frame_columns, parse_weights, survey_columns, weight_sample

with step(snakemake):
    source, params = snakemake.input, snakemake.params
    spec = parse_weights(params.weights, params.design)
    firms = tables.read("clean", source.firms, columns=survey_columns(spec))
    dictionary, codelists = (
        files.read_dictionary(source.dictionary, params.variables),
        tables.read_codelists(source.codelists),
    )
    outside = Outside(
        totals=tables.read_totals(source.totals),
        variables=columns_of(firms, spec.variables, parse_derived(params.derived), dictionary, codelists),
    )
    frame = tables.read_if_any("register", source.frame, columns=frame_columns(spec))
    weighted = weight_sample(firms, frame, spec, params.key_check, outside)
    tables.write_named(weighted.tables(), snakemake.output)
