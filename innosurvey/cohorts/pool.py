"""All waves in one table, and each firm's place in the pooled design."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from innosurvey.dictionary import FLAGS, Dictionary

FLAG_TYPE = pd.CategoricalDtype(list(FLAGS))


def pool_waves(waves: Mapping[str, pd.DataFrame], dictionary: Dictionary) -> pd.DataFrame:
    """Return the waves one below the other, by wave (in the study's order) and firm_id, with the pooled design columns.

    What a wave did not ask is missing there and flagged `not_collected`. `pooled_stratum` is the firm's stratum in the
    first wave it is seen, `pooled_stratum_n` the number of distinct firms in it: pooled, the firm is the sampling unit.
    """
    columns = list(dict.fromkeys(column for firms in waves.values() for column in firms.columns))
    filled = [
        _with_columns(firms.sort_values("firm_id", kind="stable"), columns, waves, dictionary)
        for firms in waves.values()
    ]
    pooled = pd.concat(filled, ignore_index=True)
    first = pooled.drop_duplicates("firm_id").set_index("firm_id")["stratum_id"].astype("str")
    pooled["pooled_stratum"] = pooled["firm_id"].map(first).astype("str")
    pooled["pooled_stratum_n"] = pooled["pooled_stratum"].map(first.value_counts()).astype("Int64")
    return pooled


def _with_columns(
    firms: pd.DataFrame, columns: list[str], waves: Mapping[str, pd.DataFrame], dictionary: Dictionary
) -> pd.DataFrame:
    """Return the firms with all columns, in one order and type; a column that is new to them is missing throughout."""
    types = {column: next(other[column].dtype for other in waves.values() if column in other) for column in columns}
    added = {}
    for column in columns:
        if column in firms:
            added[column] = firms[column].astype(FLAG_TYPE) if _is_flag(column, dictionary) else firms[column]
        elif _is_flag(column, dictionary):
            added[column] = pd.Series("not_collected", index=firms.index).astype(FLAG_TYPE)
        else:
            added[column] = pd.Series(None, index=firms.index, dtype=types[column])
    return pd.DataFrame(added, index=firms.index)


def _is_flag(column: str, dictionary: Dictionary) -> bool:
    return column.endswith("_flag") and column.removesuffix("_flag") in dictionary
