import json
from dataclasses import replace

import pytest

from innosurvey.access import Access
from innosurvey.replication import Replication, readme
from tests.test_crate import made
from tests.test_exhibits import DOCUMENT

HEADINGS = (
    "## Data availability and provenance statements", "### Statement about rights",
    "### Statement on confidential data", "### Details on each data source", "## Dataset list",
    "## Computational requirements", "### Software requirements", "### Controlled randomness",
    "### Memory, runtime and storage", "## Description of programs", "## Instructions to replicators",
    "## List of tables, figures and programs", "## References",
)  # fmt: skip


@pytest.fixture(scope="module")
def told():
    step = {"rule": "ingest_survey", "wildcards": {"wave": "2020"}, "seconds": 3.0, "memory_mb": 100.0}
    return Replication(
        title="My study",
        attribution="My office",
        licence={},
        synthetic=False,
        access={"wave.csv": Access(file="wave.csv", open=False, how="Apply to the office.")},
        codebooks={"wave.csv": "book.yaml"},
        with_data=False,
        raw="resources/raw/mine",
        manifest={
            "study": "mine", "release": "2024-06-30", "version": "0.1.0", "sources": {"wave.csv": "a" * 64},
            "inputs": [{"file": "book.yaml", "kind": "codebook", "sha256": "b" * 64}],
        },
        crate=json.loads(made()),
        document=DOCUMENT,
        steps=[step, step | {"seconds": 2.0, "memory_mb": 90.0}],
        stage_of={"ingest_survey": "ingest"},
        machine={"system": "Linux"},
        command="make report STUDY=mine",
    )  # fmt: skip


def test_the_readme_has_the_parts_of_the_template_in_their_order(told):
    text = readme(told)
    places = [text.index(heading) for heading in HEADINGS]
    assert places == sorted(places)


def test_each_raw_file_is_told_with_where_it_goes_and_how_to_get_it(told):
    text = readme(told)
    assert "`resources/raw/mine/wave.csv` (empty: put the file there)" in text
    assert "How to get it: Apply to the office." in text


def test_confidential_files_that_are_left_out_are_counted(told):
    assert "1 of 1 raw files may not be passed on and are **not** in this package" in readme(told)


def test_run_time_and_memory_are_those_of_the_last_time_that_each_step_was_done(told):
    assert "| ingest | 1 | 2 | 90 |" in readme(told)


def test_every_exhibit_is_listed_with_its_rule_script_and_estimates(told):
    assert "| Table 1: State | `published/tables/state.csv` | `write_tables` | `describe` |" in readme(told)


def test_a_stamp_is_told_where_there_is_one_of_these_results(told):
    stamp = {"verified": "2024-07-01 10:00 UTC", "platform": "Linux", "python": "3.12.1", "seconds": 90}
    assert "no stamp" in readme(told)
    assert "Verified on 2024-07-01 10:00 UTC" in readme(replace(told, stamp=stamp))
