import hashlib
import json

import pytest
from jsonschema import Draft202012Validator

from innosurvey import study, yamlfile
from innosurvey.datapackage import data_package
from innosurvey.setting import package_setting

PUBLISHED = {
    "tables/cohorts.csv": b"Group,n,Share,Group\nA,5,1.5,x\nB,7,,y\n",
    "tables/note.txt": b"no table",
}


def contracts(names):
    declared = yamlfile.read(study.ROOT / "workflow/schemas/tables.yaml").data
    return {name: declared[name] for name in names}


@pytest.fixture(scope="module")
def text(dictionary):
    setting = package_setting(study.read(*study.BASE), {"wave.csv": "0" * 64})
    return data_package(PUBLISHED, contracts(["describe", "cohorts", "firms"]), dictionary, setting)


@pytest.fixture(scope="module")
def resources(text):
    return {resource["name"]: resource for resource in json.loads(text)["resources"]}


def fields_of(resource):
    return {field["name"]: field for field in resource["schema"]["fields"]}


def test_the_package_is_one_by_its_schema(text, root):
    schema = json.loads((root / "tests/cases/datapackage.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(json.loads(text))] == []


def test_a_published_table_has_its_size_checksum_and_the_types_of_its_cells(resources):
    table, content = resources["tables-cohorts"], PUBLISHED["tables/cohorts.csv"]
    assert (table["bytes"], table["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    assert [field["type"] for field in table["schema"]["fields"]] == ["string", "integer", "number", "string"]
    assert [field["name"] for field in table["schema"]["fields"]] == ["Group", "n", "Share", "Group (2)"]


def test_the_tables_behind_are_described_by_their_contracts_and_not_shipped(resources):
    described = resources["estimates-describe"]
    assert described["data"] == []
    assert described["schema"]["primaryKey"] == ["cohort", "group", "wave", "item"]
    assert fields_of(described)["n"]["constraints"] == {"required": True, "minimum": 0}


def test_the_microdata_are_described_by_the_dictionary_with_the_kinds_of_missing(resources, dictionary):
    firms = resources["firms"]
    assert firms["data"] == []
    fields = fields_of(firms)
    assert set(dictionary) <= set(fields)
    assert fields["goal_attainment"]["constraints"]["enum"] == list(dictionary["goal_attainment"].levels)
    assert {"refused", "dont_know", "not_asked"} <= set(fields["sales_t_flag"]["constraints"]["enum"])
    assert "weight_final_flag" not in fields


def test_a_study_without_a_licence_names_none(dictionary):
    setting = {**package_setting(study.read(*study.BASE), {"wave.csv": "0" * 64}), "licence": {}}
    assert "licenses" not in json.loads(data_package(PUBLISHED, {}, dictionary, setting))


def test_every_type_of_a_contract_has_its_name_in_a_package(dictionary):
    setting = package_setting(study.read(*study.BASE), {})
    names = ["survey", "changes", "memberships", "describe", "compare", "fits", "coefficients", "link", "ledger"]
    assert len(json.loads(data_package({}, contracts(names), dictionary, setting))["resources"]) == len(names) + 1
