"""Numbers read a column at a time: the same as one by one."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.codebook import FileSpec, VariableSource
from innosurvey.dictionary import Variable
from innosurvey.ingest import numbers
from innosurvey.ingest.cells import typed
from innosurvey.ingest.numbers import plain_numbers

POINT, COMMA = FileSpec(), FileSpec(decimal=",", thousands=".")
WRITTEN = st.one_of(
    st.integers(-(10**16), 10**16).map(str),
    st.integers(-(10**9), 10**9).map("{:,}".format),
    st.decimals(-(10**6), 10**6, allow_nan=False, places=3).map(str),
    st.text(alphabet="0123456789.,- +e", max_size=7),
    st.sampled_from(["-9", "-9.0", "-09", "999999999", "999,999,999", "", ".", "4５", "−3", "1'000", "1.5"]),
)


def source(kind: str, factor: float = 1.0) -> VariableSource:
    missing = {"-9": "refused", "999999999": "dont_know", "1.5": "missing", "": "missing", "x": "missing"}
    variable = Variable(variable="x", type=kind)  # type: ignore[arg-type]
    return VariableSource(name="x", declared=variable, columns=("a",), missing=missing, factor=factor)


@settings(deadline=None)
@given(st.lists(WRITTEN, min_size=1, max_size=8), st.sampled_from(["int", "float"]), st.sampled_from([POINT, COMMA]))
def test_numbers_read_at_once_are_those_read_one_by_one(texts, kind, spec):
    raw = pd.DataFrame({"a": texts}, dtype=object)
    found = {}
    for few in (0, 1_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(numbers, "FEW", few)
            column = typed(raw, source(kind, 0.001 if kind == "float" else 1.0), spec)
        found[few] = (column.values.tolist(), column.flags.tolist(), column.blank.tolist(), column.problems)
    assert repr(found[0]) == repr(found[1_000])


@settings(deadline=None)
@given(st.lists(st.one_of(st.floats(), st.integers(-(10**17), 10**17).map(float)), min_size=1, max_size=8))
def test_numbers_of_a_binary_file_read_at_once_are_those_read_one_by_one(cells):
    raw = pd.DataFrame({"a": cells})
    found = {}
    for few in (0, 1_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(numbers, "FEW", few)
            column = typed(raw, source("float"), POINT)
        found[few] = (column.values.tolist(), column.flags.tolist(), column.problems)
    assert repr(found[0]) == repr(found[1_000])


def test_what_is_plain_is_read_and_a_code_is_not():
    cells = [str(number) for number in range(100, 160)] + ["1,234", "-9", "x"]
    plain, read = plain_numbers(pd.Index(cells), source("float"), POINT)
    assert plain.tolist() == [True] * 61 + [False] * 2
    assert read is not None
    assert read[60] == 1234.0
