"""Entries between braces: a comma inside a text is the mistake that YAML lets pass."""

import pytest

from innosurvey import yamlfile
from innosurvey.errors import StudyError


def test_a_text_with_a_comma_between_braces_is_refused_rather_than_cut() -> None:
    with pytest.raises(StudyError, match=r"study.yaml line 2: `b\)` has no value.\nBetween { and } a comma"):
        yamlfile.parse("derived:\n  support: {rule: any(a, b)}\n", "study.yaml")


def test_an_empty_text_in_quotes_is_a_value() -> None:
    assert yamlfile.parse('missing: {"": missing, a: ""}', "study.yaml").data == {"missing": {"": "missing", "a": ""}}


def test_a_key_that_is_left_open_below_another_stays_null() -> None:
    assert yamlfile.parse("cohorts:\n  zone:\n", "study.yaml").data == {"cohorts": {"zone": None}}
