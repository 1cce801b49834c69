import pytest

from innosurvey import yamlfile
from innosurvey.errors import StudyError


def test_a_repeated_key_is_refused_with_both_lines():
    with pytest.raises(StudyError, match=r"x\.yaml line 3: the key `a` is repeated \(first on line 1\)"):
        yamlfile.parse("a: 1\nb: 2\na: 3\n", "x.yaml")


def test_a_repeated_key_is_refused_in_a_nested_map_and_in_a_flow_map():
    with pytest.raises(StudyError, match="`c` is repeated"):
        yamlfile.parse("a:\n  b: {c: 1, c: 2}\n", "x.yaml")


def test_no_and_yes_are_text_and_only_true_and_false_are_truth_values():
    assert yamlfile.parse("a: no\nb: true\nc: on\n", "x").data == {"a": "no", "b": True, "c": "on"}


def test_a_date_stays_text():
    assert yamlfile.parse("a: 2020-01-31\n", "x").data == {"a": "2020-01-31"}


def test_an_entry_knows_its_line_and_an_unknown_path_its_nearest_parent():
    file = yamlfile.parse("title: t\nvariables:\n  sales_t: {column: Q1}\n", "x.yaml")
    assert file.where("variables", "sales_t") == "x.yaml line 3"
    assert file.where("variables", "absent") == "x.yaml line 2"
    assert file.where("nothing") == "x.yaml"


def test_a_syntax_error_names_file_and_line():
    with pytest.raises(StudyError, match=r"x\.yaml line 2: not valid YAML"):
        yamlfile.parse("a: 1\nb: c: 2\n", "x.yaml")


def test_a_file_that_is_no_map_is_refused():
    with pytest.raises(StudyError, match="expected `key: value` entries"):
        yamlfile.parse("- 1\n- 2\n", "x.yaml")


def test_an_empty_file_is_an_empty_map():
    assert yamlfile.parse("", "x.yaml").data == {}


def test_merge_keys_share_entries():
    assert yamlfile.parse("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n", "x").data["b"] == {"x": 1, "y": 2}


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "k.yaml"
    path.write_bytes("title: 한국".encode("cp949"))
    with pytest.raises(StudyError, match="not UTF-8"):
        yamlfile.read(path)


@pytest.mark.parametrize("repeated", ["1: a\n1.0: b\n", "true: a\n1: b\n"])
def test_keys_that_are_equal_in_different_writings_are_refused(repeated):
    with pytest.raises(StudyError, match=r"x\.yaml line 2: the key .* is repeated \(first on line 1\)"):
        yamlfile.parse(repeated, "x.yaml")


def test_what_a_merge_brings_may_be_said_otherwise():
    data = yamlfile.parse("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n", "x.yaml").data
    assert data["b"] == {"x": 1, "y": 3}


def test_a_list_as_key_is_refused():
    with pytest.raises(StudyError, match=r"x\.yaml line 2: a key is one word or number"):
        yamlfile.parse("a:\n  [1]: true\n", "x.yaml")
