"""The cleared tables that a run takes over from the one before."""

from pathlib import Path

import pandas as pd
import pytest

from innosurvey.kept import Kept
from innosurvey.report import cleared
from innosurvey.report.clearances import CLEARANCES
from innosurvey.report.cleared import read_cleared
from innosurvey.report.disclosure import clear_tables, cleared_with

from .made_up import made_up_tables

MINIMUM_N = 10


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, str]:
    """Files of made-up tables, which have not all columns of their contracts: pickled, so that nothing checks these."""
    made = made_up_tables()
    for name, table in made.items():
        table.to_pickle(tmp_path / name)
    return {name: str(tmp_path / name) for name in made}


@pytest.fixture(autouse=True)
def names_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tables that are read."""
    names: list[str] = []
    monkeypatch.setattr(cleared.tables, "read", lambda name, path: names.append(name) or pd.read_pickle(path))
    return names


def test_each_table_is_cleared_as_it_is_with_all_others(paths: dict[str, str]):
    together = clear_tables(made_up_tables(), MINIMUM_N)
    found = read_cleared(paths, MINIMUM_N, Kept())
    assert set(found) == set(together)
    for name, table in together.items():
        pd.testing.assert_frame_equal(found[name], table)


@pytest.mark.parametrize("name", sorted(CLEARANCES))
def test_a_table_is_among_those_that_settle_what_is_shown_of_it(name: str):
    assert name in cleared_with(name)


def test_where_no_file_has_changed_none_is_read_again(paths: dict[str, str], names_read: list[str]):
    first = Kept()
    read_cleared(paths, MINIMUM_N, first)
    names_read.clear()
    read_cleared(paths, MINIMUM_N, Kept(before=first.now))
    assert names_read == []


def test_a_table_is_cleared_again_with_those_that_it_settles(paths: dict[str, str], names_read: list[str]):
    first = Kept()
    read_cleared(paths, MINIMUM_N, first)
    names_read.clear()
    made_up_tables()["fits"].assign(n=MINIMUM_N - 1).to_pickle(paths["fits"])
    found = read_cleared(paths, MINIMUM_N, Kept(before=first.now))
    assert set(names_read) == {name for name in paths if "fits" in cleared_with(name)} | {"fits"}
    assert found["coefficients"]["estimate"].isna().all()


def test_another_threshold_clears_all_again(paths: dict[str, str]):
    first = Kept()
    read_cleared(paths, MINIMUM_N, first)
    found = read_cleared(paths, 10**9, Kept(before=first.now))
    assert found["describe"]["suppressed"].all()
