"""Small linked waves for the tests of cleaning."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from innosurvey.dictionary import FLAGS, Dictionary

FLAG_TYPE = pd.CategoricalDtype(list(FLAGS))
PANDAS = {"int": "Int64", "float": "float64", "bool": "boolean", "string": "str", "multi": "str"}


def make_wave(dictionary: Dictionary, **answers: Sequence[Any]) -> pd.DataFrame:
    """Return a linked wave with these answers; None is a missing one."""
    count = len(next(iter(answers.values())))
    columns: dict[str, Any] = {
        "_source_row": pd.array(range(2, count + 2), dtype="Int64"),
        "wave": pd.array(["2018"] * count, dtype="str"),
        "firm_id": pd.array([f"f{number}" for number in range(count)], dtype="str"),
    }
    for name, values in answers.items():
        variable = dictionary.get(name)
        kind = variable.type if variable else "float"
        dtype = pd.CategoricalDtype(list(variable.levels)) if variable and kind == "enum" else PANDAS[kind]
        columns[name] = pd.Series(list(values), dtype=object).astype(dtype)
        flags = ["observed" if value is not None else "missing" for value in values]
        columns[f"{name}_flag"] = pd.Series(flags).astype(FLAG_TYPE)
    end = pd.Series(pd.Timestamp("2018-12-31"), index=range(count)).dt.as_unit("s")
    return pd.DataFrame(columns).assign(obs_end=end)
