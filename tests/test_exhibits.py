from innosurvey.exhibits import exhibits_of, raw_behind

CRATE = {
    "@graph": [
        {"@id": "#run/ingest_survey", "name": "ingest_survey", "object": [{"@id": "#input/raw/my%20wave.csv"}],
         "result": [{"@id": "#made/firms"}]},
        {"@id": "#run/describe_cohort", "name": "describe_cohort", "object": [{"@id": "#made/firms"}],
         "result": [{"@id": "#made/describe"}]},
        {"@id": "report.html", "@type": "File"},
    ]
}  # fmt: skip
TABLE = {
    "is": "Table", "id": "state", "number": "1", "title": "State", "source": "",
    "rows": [{"cells": [{"runs": [{"text": "12", "trace": "t1"}, {"text": "and", "trace": ""}]}]}],
}  # fmt: skip
FIGURE = {"is": "Figure", "id": "dots", "number": "1", "title": "Dots", "source": "estimates/describe.csv"}
DOCUMENT = {
    "language": "en",
    "sections": [{"blocks": [FIGURE, {"is": "Paragraph"}, TABLE]}],
    "trace": [{"id": "t1", "table": "describe"}],
}


def test_a_rule_rests_on_the_raw_files_of_the_rules_before_it():
    assert raw_behind(CRATE) == {"ingest_survey": {"my wave.csv"}, "describe_cohort": {"my wave.csv"}}


def test_a_table_comes_from_the_estimates_that_its_numbers_are_traced_to():
    table, _ = exhibits_of(DOCUMENT, CRATE)
    assert (table.file, table.rule) == ("tables/state.csv", "write_tables")
    assert (table.estimates, table.rules, table.raw) == (("describe",), ("describe_cohort",), ("my wave.csv",))


def test_a_figure_comes_from_the_estimates_that_it_names_as_its_source():
    _, figure = exhibits_of(DOCUMENT, CRATE)
    assert (figure.file, figure.rule) == ("figures.en/dots.en.svg", "draw_figures")
    assert figure.estimates == ("describe",)
