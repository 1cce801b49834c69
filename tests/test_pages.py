"""The pages on architecture and methods say what is true of the code now."""

import re
from pathlib import Path

import pytest

from innosurvey import yamlfile
from tests.test_architecture import RULES

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
METHODS = (ROOT / "docs/methods.md").read_text(encoding="utf-8")
CONTRACTS = yamlfile.read(ROOT / "workflow/schemas/tables.yaml").data


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_architecture_names_every_rule(rule):
    assert f"`{rule}`" in ARCHITECTURE


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_architecture_names_every_output_that_a_rule_spells_out(rule):
    output = RULES[rule].split("    output:\n")[1].split("    log:")[0]
    written = re.findall(r'<results>/([^"]+)"', output)
    shortened = ARCHITECTURE.replace("…/", "estimates/models/{batch}/")
    assert [path for path in written if path not in shortened] == []


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
