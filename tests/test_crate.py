"""The crate against what RO-Crate 1.1, Workflow RO-Crate 1.0 and Workflow Run Crate 0.5 require."""

import json

import pytest

from innosurvey import crate

PUBLISHED = {"report.en.html": b"<p>", "tables/a table.csv": b"n\n", "workflow.smk": b"rule all:"}
RULES = {
    "ingest_survey": {
        "about": "Read a wave.",
        "code": "0123456789abcdef",
        "reads": ["raw/wave.csv", "config.yaml"],
        "after": [],
        "writes": ["microdata/ingest/survey_{wave}.parquet"],
    },
    "render_html": {
        "about": "Render the page.",
        "code": "fedcba9876543210",
        "reads": [],
        "after": ["ingest_survey"],
        "writes": ["rendered/report.{language}.html"],
    },
}
STUDY = {
    "name": "mine", "title": "My study", "release": "2024-06-30", "attribution": "My office", "synthetic": True,
    "version": "0.1.0", "licence": {"name": "CC-BY-4.0", "title": "Attribution 4.0", "path": "https://example.org/by"},
}  # fmt: skip


def made(**changed):
    told = crate.Told(
        study={**STUDY, **changed},
        inputs={"raw/wave.csv": "a" * 64, "config.yaml": "b" * 64},
        raw={"waves.2020": "wave.csv"},
        rules=RULES,
        software={"pandas": "3.0.1", "snakemake": "9.27.1"},
    )
    return crate.run_crate(PUBLISHED, ["manifest.json"], told)


@pytest.fixture(scope="module")
def described():
    return json.loads(made())


@pytest.fixture(scope="module")
def entities(described):
    return {entity["@id"]: entity for entity in described["@graph"]}


def types_of(entity):
    return [entity["@type"]] if isinstance(entity["@type"], str) else entity["@type"]


def pointed_at(value):
    """Return the ids that a property points at."""
    return [each["@id"] for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def test_the_same_files_give_the_same_bytes():
    assert made() == made()


def test_the_graph_is_flat_and_names_nothing_twice(described, entities):
    assert described["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    assert len(entities) == len(described["@graph"])
    values = [value for entity in entities.values() for value in entity.values()]
    nested = [each for value in values for each in (value if isinstance(value, list) else [value])]
    assert all(set(each) == {"@id"} for each in nested if isinstance(each, dict))


def test_all_that_is_pointed_at_is_described_or_has_an_address(entities):
    found = {id_ for entity in entities.values() for value in entity.values() for id_ in pointed_at(value)}
    assert {id_ for id_ in found - set(entities) if not id_.startswith(("http://", "https://"))} == set()


def test_the_descriptor_says_which_specifications_it_follows(entities):
    descriptor = entities["ro-crate-metadata.json"]
    assert (descriptor["@type"], descriptor["about"]) == ("CreativeWork", {"@id": "./"})
    assert pointed_at(descriptor["conformsTo"]) == [
        "https://w3id.org/ro/crate/1.1",
        "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
    ]


def test_the_root_has_what_every_crate_must_and_conforms_to_the_profiles_of_runs(entities):
    root = entities["./"]
    assert root["@type"] == "Dataset"
    assert all(root[key] for key in ("name", "description", "datePublished", "license"))
    assert {"https://w3id.org/ro/wfrun/process/0.5", "https://w3id.org/ro/wfrun/workflow/0.5"} <= set(
        pointed_at(root["conformsTo"])
    )
    assert all(types_of(entities[profile]) == ["CreativeWork"] for profile in pointed_at(root["conformsTo"]))


def test_every_file_is_a_part_of_the_crate(entities):
    files = {id_ for id_, entity in entities.items() if "File" in types_of(entity)}
    assert files == set(pointed_at(entities["./"]["hasPart"]))
    assert "tables/a%20table.csv" in files


def test_the_main_entity_is_a_workflow_in_a_language_with_a_name_and_an_address(entities):
    workflow = entities[entities["./"]["mainEntity"]["@id"]]
    assert types_of(workflow) == ["File", "SoftwareSourceCode", "ComputationalWorkflow"]
    language = entities[workflow["programmingLanguage"]["@id"]]
    assert (language["@type"], language["name"], language["version"]) == ("ComputerLanguage", "Snakemake", "9.27.1")


def test_one_action_has_the_workflow_as_its_instrument_and_all_published_files_as_its_result(entities):
    runs = [e for e in entities.values() if e["@type"] == "CreateAction" and e["instrument"] == {"@id": "workflow.smk"}]
    assert [run["@id"] for run in runs] == ["#run"]
    assert set(pointed_at(runs[0]["result"])) == {"manifest.json", "report.en.html", "tables/a%20table.csv"}
    assert set(pointed_at(runs[0]["object"])) == {"#input/raw/wave.csv", "#input/config.yaml"}


def test_each_rule_is_an_action_of_its_script_from_what_it_read_to_what_it_wrote(entities):
    action = entities["#run/render_html"]
    assert entities[action["instrument"]["@id"]]["version"] == "fedcba9876543210"
    assert pointed_at(action["object"]) == ["#made/microdata/ingest/survey_%7Bwave%7D.parquet"]
    assert pointed_at(action["result"]) == ["report.en.html"]


def test_every_action_is_mentioned_by_the_root(entities):
    actions = {id_ for id_, entity in entities.items() if entity["@type"] == "CreateAction"}
    assert actions == set(pointed_at(entities["./"]["mentions"]))


def test_a_raw_file_is_an_example_of_the_parameter_that_the_configuration_calls_it(entities):
    parameter = entities["#parameter/waves.2020"]
    assert (parameter["@type"], parameter["additionalType"], parameter["name"]) == (
        "FormalParameter",
        "File",
        "waves.2020",
    )
    assert pointed_at(entities["#input/raw/wave.csv"]["exampleOfWork"]) == ["#parameter/waves.2020"]


def test_a_file_that_is_made_later_is_named_without_a_checksum(entities):
    assert "sha256" not in entities["manifest.json"]
    assert len(entities["report.en.html"]["sha256"]) == 64


def test_a_study_without_a_licence_says_whom_to_ask():
    graph = {entity["@id"]: entity for entity in json.loads(made(licence={}))["@graph"]}
    assert "My office" in graph[graph["./"]["license"]["@id"]]["name"]
