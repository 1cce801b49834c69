"""The pages say what is true of the code and the data now."""

import re
from pathlib import Path

import pytest

from innosurvey import yamlfile
from tests.test_architecture import RULES

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
METHODS = (ROOT / "docs/methods.md").read_text(encoding="utf-8")
SYNTHETIC = (ROOT / "docs/synthetic.md").read_text(encoding="utf-8")
TUTORIAL = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
RAW = ROOT / "resources/raw/seoul"
CONTRACTS = yamlfile.read(ROOT / "workflow/schemas/tables.yaml").data


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_architecture_names_every_rule(rule):
    assert f"`{rule}`" in ARCHITECTURE


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_architecture_names_every_output_that_a_rule_spells_out(rule):
    output = RULES[rule].split("    output:\n")[1].split("    log:")[0]
    written = re.findall(r'<results>/([^"]+)"', output)
    shortened = ARCHITECTURE.replace("…/", "estimates/models/{batch}/")
    assert [path for path in written if f"`{path}" not in shortened] == []


@pytest.mark.parametrize("table", re.findall(r"`(\w+)\.csv`: `", ARCHITECTURE))
def test_the_architecture_lists_the_columns_of_the_estimates_as_their_contracts_do(table):
    listed = re.search(rf"`{table}\.csv`: `([^`]+)`", ARCHITECTURE)
    assert listed is not None
    assert listed[1].split(", ") == list(CONTRACTS[table]["columns"])


def test_the_list_of_assumptions_names_every_module_that_states_one():
    stated = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "innosurvey").rglob("*.py"))
        if re.search(r"\bASSUME\b", path.read_text(encoding="utf-8"))
    ]
    listed = METHODS.split("## 8. What is assumed")[1]
    assert stated
    assert [path for path in stated if f"`{path}`" not in listed] == []


def test_the_page_on_the_synthetic_survey_counts_the_injected_errors_as_its_account_does():
    account = yamlfile.read(RAW / "truth.yaml").data["errors"]
    listed = {name: int(count) for name, count in re.findall(r"^\| `(\w+)` \| (\d+) \|", SYNTHETIC, flags=re.MULTILINE)}
    for wave in ("2018", "2020", "2022"):
        assert listed == {kind: entry["count"] for kind, entry in account[wave].items()}
    assert f"holds {sum(listed.values())} errors" in SYNTHETIC
    for register in ("certificates", "programmes", "patents"):
        count = account[register]["wrong_check_digit"]["count"]
        assert re.search(rf"\b{count}\s+{register}", SYNTHETIC)


def test_the_value_that_the_tutorial_changes_stands_once_in_its_row_of_the_raw_file():
    row, value = re.search(r"sed -i.bak '(\d+)s/(\"[\d,]+\")/", TUTORIAL).groups()  # type: ignore[union-attr]
    lines = (RAW / "innovation_2020.csv").read_text(encoding="cp949").splitlines()
    assert lines[int(row) - 1].count(value) == 1


@pytest.mark.parametrize("block", re.findall(r"^```yaml\n(.*?)^```", TUTORIAL, flags=re.MULTILINE | re.DOTALL))
def test_what_the_tutorial_adds_is_not_there_yet_and_reads_as_yaml(block):
    added = next(iter(yamlfile.parse(block.replace("*output_items", "[]"), "tutorial").data))
    there = [ROOT / "config.yaml", ROOT / "resources/models.yaml", ROOT / "resources/dictionary/derived.yaml"]
    assert not [
        path.name for path in there if re.search(rf"^  {added}:", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
