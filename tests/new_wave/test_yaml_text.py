"""Edits of YAML as text."""

import yaml

from innosurvey.new_wave.yaml_text import YamlText, applied

TEXT = """\
# 머리말
a:
  first: {column: 하나, values: {1: x}, asked_if: &rule "p > 1"}   # one
  second: {column: two, asked_if: *rule}
  third:
    column: three   # of three
    asked_if: *rule
"""
PAGE = YamlText(TEXT)


def test_a_replaced_value_leaves_all_else():
    edit = PAGE.replaced(PAGE.value("a", "first", "column"), "셋")
    assert applied(TEXT, [edit]) == TEXT.replace("하나", "셋")


def test_an_anchor_stays_before_a_replaced_value():
    edit = PAGE.replaced(PAGE.value("a", "first", "asked_if"), "q")
    assert "asked_if: &rule q}" in applied(TEXT, [edit])


def test_an_entry_is_added_between_braces_and_below_lines():
    edits = [PAGE.appended(PAGE.value("a", "first", "values"), "2: y"), PAGE.appended(PAGE.value("a", "third"), "k: 1")]
    read = yaml.safe_load(applied(TEXT, edits))["a"]
    assert read["first"]["values"] == {1: "x", 2: "y"}
    assert read["third"]["k"] == 1


def test_an_entry_made_a_comment_hands_its_anchor_to_the_next_use_that_stays():
    entries = [PAGE.entry("a", "first"), PAGE.entry("a", "second")]
    text = applied(TEXT, PAGE.commented(entries, "gone"))
    assert yaml.safe_load(text) == {"a": {"third": {"column": "three", "asked_if": "p > 1"}}}
    assert "  # second: {column: two, asked_if: *rule}   # gone" in text


def test_an_entry_of_several_lines_becomes_as_many_comments():
    text = applied(TEXT, PAGE.commented([PAGE.entry("a", "third")], "gone"))
    assert list(yaml.safe_load(text)["a"]) == ["first", "second"]
    assert "  #   column: three   # of three\n" in text


def test_an_entry_between_braces_goes_with_its_comma():
    text = "a: {b: 1, c: 2}\n"
    page = YamlText(text)
    assert applied(text, page.commented([page.entry("a", "b")], "gone")) == "a: {c: 2}\n"
