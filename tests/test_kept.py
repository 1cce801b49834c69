import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innosurvey.kept import Kept, checksum, keeping


def found_with(path, basis: str, answer: str, code: str = "code", sources: tuple[str, ...] = ()) -> str:
    with keeping(path, code, sources=sources) as kept:
        return kept.of(lambda: answer, basis)


def test_what_was_found_on_the_same_basis_is_taken_over(tmp_path):
    found_with(tmp_path / "kept", "basis", "first")
    assert found_with(tmp_path / "kept", "basis", "second") == "first"


def test_on_another_basis_it_is_made_again(tmp_path):
    found_with(tmp_path / "kept", "basis", "first")
    assert found_with(tmp_path / "kept", "another", "second") == "second"


def test_under_other_code_all_is_made_again(tmp_path):
    found_with(tmp_path / "kept", "basis", "first")
    assert found_with(tmp_path / "kept", "basis", "second", code="edited") == "second"


def test_a_source_with_another_content_makes_all_again(tmp_path):
    source = tmp_path / "source"
    source.write_text("as it was")
    found_with(tmp_path / "kept", "basis", "first", sources=(str(source),))
    source.write_text("as it is")
    assert found_with(tmp_path / "kept", "basis", "second", sources=(str(source),)) == "second"


def test_what_a_run_did_not_ask_for_is_kept_no_longer(tmp_path):
    found_with(tmp_path / "kept", "basis", "first")
    found_with(tmp_path / "kept", "another", "second")
    assert found_with(tmp_path / "kept", "basis", "third") == "third"


@pytest.mark.parametrize("spoil", [lambda content: content[:-1], lambda content: b"", lambda content: b"x" + content])
def test_a_file_that_is_not_whole_keeps_nothing(tmp_path, spoil):
    found_with(tmp_path / "kept", "basis", "first")
    (tmp_path / "kept").write_bytes(spoil((tmp_path / "kept").read_bytes()))
    assert found_with(tmp_path / "kept", "basis", "second") == "second"


def test_a_step_that_fails_leaves_what_was_kept(tmp_path):
    found_with(tmp_path / "kept", "basis", "first")

    def fail() -> str:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"), keeping(tmp_path / "kept", "code") as kept:
        kept.of(fail, "another")
    assert found_with(tmp_path / "kept", "basis", "third") == "first"


def test_within_a_run_nothing_is_made_twice():
    kept, calls = Kept(), []
    for _ in range(2):
        kept.of(lambda: calls.append("made"), "basis")
    assert calls == ["made"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.5])),
        (np.array([1.0, 2.0]), np.array([1, 2])),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (pd.DataFrame({"a": [1.0, None]}), pd.DataFrame({"a": [1.0, 0.0]})),
        (pd.DataFrame({"a": [1.0]}), pd.DataFrame({"b": [1.0]})),
        (pd.DataFrame({"a": ["x", "y"]}), pd.DataFrame({"a": ["y", "x"]})),
        (pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}), pd.DataFrame({"a": [3.0, 4.0], "b": [1.0, 2.0]})),
        ("12", 12),
    ],
)
def test_what_differs_has_another_checksum(one, other):
    assert checksum(one) != checksum(other)


def test_parts_are_told_apart_by_where_one_ends():
    assert checksum(b"ab", b"c") != checksum(b"a", b"bc")


@given(st.lists(st.floats(allow_nan=True, width=64), min_size=1), st.data())
def test_one_other_value_in_a_table_has_another_checksum(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    table = pd.DataFrame({"value": values})
    other = table.copy()
    other.loc[place, "value"] = 0.5 if values[place] != 0.5 else 1.5
    assert checksum(table) != checksum(other)
