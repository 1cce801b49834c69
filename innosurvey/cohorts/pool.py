"""Each firm's answers beside its weight and harmonised codes, the waves in one table, and the pooled design."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from innosurvey.dictionary import FLAGS, Dictionary
from innosurvey.errors import DataError

JOINED = (
    "stratum_id", "pop_n_stratum", "sample_n_stratum", "weight_design", "weight_final", "certainty",
)  # fmt: skip
"""What the firms take over of the table `design`."""
POOLED = ("pooled_stratum", "pooled_stratum_n")
"""What they take over of the table `pooled`: a firm has the same in all its waves."""
FLAG_TYPE = pd.CategoricalDtype(list(FLAGS))


def with_design(
    waves: Mapping[str, pd.DataFrame], designs: Mapping[str, pd.DataFrame], pooled: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the waves' firms with stratum and weights; a survey's own columns of these names give way to them.

    Raises DataError when a wave's firms and its design are not the same firms.
    """
    return {wave: _designed(firms, designs[wave], pooled, wave) for wave, firms in waves.items()}


def _designed(firms: pd.DataFrame, design: pd.DataFrame, pooled: pd.DataFrame, wave: str) -> pd.DataFrame:
    places = pd.Index(design["firm_id"]).get_indexer(firms["firm_id"])
    units = pd.Index(pooled["firm_id"]).get_indexer(firms["firm_id"])
    lost = (places < 0) | (units < 0)
    if lost.any() or len(design) != len(firms):
        raise DataError(
            f"wave {wave}: {int(lost.sum())} of {len(firms)} firms have no weight, and the weights are those "
            f"of {len(design)} firms.\nWeight the wave again: its firms have changed."
        )
    own = [name for column in (*JOINED, *POOLED) for name in (column, f"{column}_flag") if name in firms.columns]
    joined = design[list(JOINED)].take(places).set_axis(firms.index)
    over_waves = pooled[list(POOLED)].take(units).set_axis(firms.index)
    return pd.concat([firms.drop(columns=own), joined, over_waves], axis=1)


def with_bridge(waves: Mapping[str, pd.DataFrame], bridge: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the waves' firms with what the bridge has for them: harmonised codes and price levels.

    Raises DataError when a wave's firms are not those of the bridge.
    """
    parts = {str(wave): part for wave, part in bridge.groupby("wave", sort=False)}
    return {wave: _bridged(firms, parts.get(wave, bridge.iloc[:0]), wave) for wave, firms in waves.items()}


def _bridged(firms: pd.DataFrame, bridge: pd.DataFrame, wave: str) -> pd.DataFrame:
    places = pd.Index(bridge["firm_id"]).get_indexer(firms["firm_id"])
    if (places < 0).any():
        raise DataError(
            f"wave {wave}: {int((places < 0).sum())} of {len(firms)} firms are not in the bridge between the waves.\n"
            "Harmonise the waves again: their firms have changed."
        )
    joined = bridge.drop(columns=["firm_id", "wave"]).take(places).set_axis(firms.index)
    own = [name for column in joined for name in (column, f"{column}_flag") if name in firms.columns]
    return pd.concat([firms.drop(columns=own), joined], axis=1)


def pool_waves(waves: Mapping[str, pd.DataFrame], dictionary: Dictionary) -> pd.DataFrame:
    """Return the waves one below the other, by wave (in the study's order) and firm_id.

    What a wave did not ask is missing there and flagged `not_collected`.
    """
    columns = list(dict.fromkeys(column for firms in waves.values() for column in firms.columns))
    filled = [
        _with_columns(firms.sort_values("firm_id", kind="stable"), columns, waves, dictionary)
        for firms in waves.values()
    ]
    return pd.concat(filled, ignore_index=True)


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
