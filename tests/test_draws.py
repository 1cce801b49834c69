"""Draws as a table, and back."""

import numpy as np
import pandas as pd

from innosurvey import draws
from innosurvey.dictionary import FLAGS

FLAG_TYPE = pd.CategoricalDtype(list(FLAGS))


def wave() -> pd.DataFrame:
    columns = {
        "firm_id": pd.Series(["a", "b"], dtype="str"),
        "sales_t": pd.Series([1.5, 2.5]),
        "employees_t": pd.Series([3, 4], dtype="Int64"),
        "coop_rnd": pd.Series([True, False], dtype="boolean"),
        "group_type": pd.Series(["one", "two"], dtype=pd.CategoricalDtype(["one", "two"])),
        "partners": pd.Series(["x|y", "z"], dtype="str"),
    }
    flags = {
        f"{name}_flag": pd.Series(["imputed", "observed"]).astype(FLAG_TYPE) for name in columns if name != "firm_id"
    }
    return pd.DataFrame({**columns, **flags})


def test_values_of_every_type_come_back_as_they_were():
    firms = wave()
    names = [name for name in firms if name != "firm_id" and not name.endswith("_flag")]
    first = {name: firms[name].iloc[[1]] for name in names}
    rows = {name: np.array([0]) for name in names}
    table = draws.table_of(firms["firm_id"], rows, {1: first})
    back = draws.with_draw(firms, table)
    for name in names:
        assert back[name].iloc[0] == firms[name].iloc[1]
        assert back[name].dtype == firms[name].dtype


def test_a_draw_without_a_value_leaves_the_cell_missing():
    firms = wave()
    table = pd.DataFrame(
        {"firm_id": ["a"], "variable": ["sales_t"], "draw": [1], "value": pd.Series([None], dtype="str")}
    )
    back = draws.with_draw(firms, table)
    assert back["sales_t"].isna().tolist() == [True, False]
    assert back["sales_t_flag"].tolist() == ["missing", "observed"]


def test_a_slice_is_split_into_its_draws_and_stays_whole_without():
    plain = pd.DataFrame({"firm_id": ["a", "b"]})
    assert draws.split(plain)[0] is plain
    parts = draws.split(plain.assign(draw=[2, 1]))
    assert [list(part["firm_id"]) for part in parts] == [["b"], ["a"]]
    assert "draw" not in parts[0]
