"""The reference page is made, never written: it says what the sources say now."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from innosurvey.expressions import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "tools/make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_page_is_what_the_tool_makes_now(tool):
    assert (ROOT / "docs/reference.md").read_text(encoding="utf-8") == tool.reference(), "run make docs"


def test_every_key_of_the_configuration_has_a_description(tool):
    schema = tool.load("workflow/schemas/config.schema.yaml")
    assert [path for path, _, _, meaning in tool.keys(schema, schema["$defs"]) if not meaning] == []


def test_every_function_of_the_language_says_what_comes_back(tool):
    assert [name for name in FUNCTIONS if not tool.FUNCTIONS_BY_NAME[name].__doc__] == []


def test_a_bar_in_a_cell_does_not_end_the_cell(tool):
    assert tool.row(["a|b", "two\nlines", None]) == "| a\\|b | two lines |  |"


def test_a_bound_that_is_absent_is_not_written(tool):
    assert (tool.bounds(None, None), tool.bounds(0, None), tool.bounds(0, 100.0)) == ("", "≥ 0", "≥ 0, ≤ 100")
