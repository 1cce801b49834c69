"""Cells with few answers are taken together, and nothing of the population is lost."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from innosurvey.errors import StudyError
from innosurvey.weight.margins import Margins
from innosurvey.weight.merge import with_small_cells_merged
from innosurvey.weight.spec import CalibrationSpec, MarginSpec, parse_weights


def merged(answers_by_cell: list[int], least: int) -> pd.DataFrame:
    cells = np.repeat(np.arange(len(answers_by_cell)), answers_by_cell)
    x = sparse.csr_array(
        (np.ones(len(cells)), (np.arange(len(cells)), cells)), shape=(len(cells), len(answers_by_cell))
    )
    totals = [10.0 * (n + 1) for n in range(len(answers_by_cell))]
    table = pd.DataFrame({"margin": "industry", "cell": list("abcdefgh")[: len(totals)], "total": totals})
    spec = CalibrationSpec(method="raking", margins=(MarginSpec(name="industry", by=("ksic",), least=least),))
    found = with_small_cells_merged(Margins(cells=table, x=x), spec, np.arange(len(cells)))
    return found.cells.assign(n=np.asarray(found.x.sum(axis=0)).ravel())


def test_cells_with_few_answers_are_one_cell_with_the_sum_of_their_totals():
    table = merged([20, 2, 15, 9], least=10).set_index("cell")
    assert table.loc["others", ["total", "n"]].tolist() == [60, 11]
    assert sorted(table.index) == ["a", "c", "others"]


def test_a_single_small_cell_takes_the_smallest_of_the_others_with_it():
    table = merged([20, 0, 15], least=10).set_index("cell")
    assert table.loc["others", ["total", "n"]].tolist() == [50, 15]


def test_a_margin_without_small_cells_stays_as_it_is():
    assert merged([20, 12], least=10)["cell"].tolist() == ["a", "b"]


def test_a_margin_that_asks_for_nothing_keeps_its_empty_cells():
    assert merged([20, 0], least=0)["cell"].tolist() == ["a", "b"]


def test_a_least_number_that_is_none_is_refused():
    margins = {"industry": {"by": ["ksic"], "least": -1}}
    with pytest.raises(StudyError, match="least is -1"):
        parse_weights({"method": "frame", "calibrate": {"method": "raking", "margins": margins}})


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(0, 40))
def test_totals_and_firms_are_never_lost(answers, least):
    table = merged(answers, least)
    assert table["total"].sum() == pytest.approx(sum(10.0 * (n + 1) for n in range(len(answers))))
    assert table["n"].sum() == sum(answers)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(0, 40))
def test_every_cell_is_large_enough_unless_only_one_is_left(answers, least):
    table = merged(answers, least)
    assert len(table) == 1 or (table["n"] >= least).all()
