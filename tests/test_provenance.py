import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from innosurvey import provenance

ROOT = Path("/project")


class Rule:
    """A rule as Snakemake has it, as far as the walk asks: one output pattern with at most one wildcard."""

    def __init__(self, name, output, inputs):
        self.name, self.output, self.docstring = name, [output], f"Do {name}\n  well."
        self._pattern = re.compile(re.sub(r"\{(\w+),([^}]*)\}", r"(?P<\1>\2)", output))
        self._inputs = inputs

    def is_producer(self, file):
        return bool(self._pattern.fullmatch(file))

    def get_wildcards(self, file):
        return self._pattern.fullmatch(file).groupdict()

    def expand_input(self, wildcards):
        return ([each.format(**wildcards) for each in self._inputs], SimpleNamespace())


RULES = [
    Rule("ingest", "results/s/microdata/{wave,a|b}.parquet", ["elsewhere/{wave}.csv", "words.yaml"]),
    Rule(
        "report", "results/s/rendered/report.html", ["results/s/microdata/a.parquet", "results/s/microdata/b.parquet"]
    ),
    Rule("unused", "results/s/estimates/other.csv", ["other.csv"]),
]


@pytest.fixture(scope="module")
def behind():
    def shown(path):
        return path.replace("elsewhere/", "raw/")

    return provenance.rules_behind(["results/s/rendered/report.html"], RULES, "results/s", shown, "code of {}".format)


def test_the_rules_behind_a_file_are_those_that_it_needs_and_no_others_the_first_first(behind):
    assert list(behind) == ["ingest", "report"]


def test_a_rule_names_what_all_its_jobs_read_and_the_rules_that_it_follows(behind):
    assert behind["ingest"]["reads"] == ["raw/a.csv", "raw/b.csv", "words.yaml"]
    assert behind["report"]["after"] == ["ingest"]


def test_a_rule_says_what_it_is_for_what_it_writes_and_which_code_it_is(behind):
    entry = behind["ingest"]
    assert (entry["about"], entry["writes"]) == ("Do ingest well.", ["microdata/{wave}.parquet"])
    assert entry["code"] == "code of scripts/ingest.py"


def test_no_name_of_an_input_tells_where_it_lies_on_this_machine():
    raw = {"/data/secret/wave.csv": "wave.csv"}
    shown = [provenance.shown_name(path, ROOT, raw) for path in (*raw, "/data/secret/book.yaml", "/project/a/b.yaml")]
    assert shown == ["raw/wave.csv", "book.yaml", "a/b.yaml"]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("raw/wave.csv", "raw data"),
        ("resources/codebooks/seoul/2018.yaml", "codebook"),
        ("resources/models.yaml", "configuration"),
        ("workflow/report/style.css", "template"),
        ("requirements.lock", "environment"),
        ("mine.yaml", "configuration"),
    ],
)
def test_an_input_is_of_the_kind_that_its_place_tells(file, kind):
    assert provenance.kind_of(file) == kind


@pytest.fixture
def manifest(behind):
    inputs = {"raw/a.csv": "0", "config.yaml": "1"}
    return json.loads(provenance.manifest({"b": b"2", "a": b"1"}, {"a.csv": "0"}, inputs, behind, {"study": "s"}))


def test_the_manifest_lists_files_in_order_with_checksums(manifest):
    assert [file["file"] for file in manifest["files"]] == ["a", "b"]
    assert manifest["files"][0]["sha256"].startswith("6b86b273ff34fce1")


def test_the_manifest_lists_raw_files_as_sources_and_every_other_input_with_its_kind(manifest):
    assert manifest["sources"] == {"a.csv": "0"}
    assert manifest["inputs"] == [{"file": "config.yaml", "kind": "configuration", "sha256": "1"}]


def test_the_manifest_has_a_fingerprint_of_each_rules_code(manifest):
    assert manifest["code"] == {"ingest": "code of scripts/ingest.py", "report": "code of scripts/report.py"}


def test_the_versions_of_the_lock_file_are_those_of_the_packages_that_are_asked_for():
    lock = "numpy==2.4.1 \\\n    --hash=x\nsix==1.0 ; python_version < '4'\n"
    assert provenance.pinned(lock, '[project]\ndependencies = ["numpy<3", "absent[x]>=1"]') == {"numpy": "2.4.1"}
