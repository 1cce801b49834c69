"""The hard edits as conditions, for stages after cleaning that make values and must break none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from innosurvey.clean.edits import Levels, failing
from innosurvey.clean.spec import EditSpec, range_edits
from innosurvey.conditions import Condition
from innosurvey.dictionary import Dictionary


def conditions_of(edits: Mapping[str, EditSpec], dictionary: Dictionary) -> tuple[Condition, ...]:
    """Return the dictionary's ranges and the edits, without drops, as conditions; cleaning has checked that they name
    what there is.
    """
    levels = {name: variable.levels for name, variable in dictionary.items() if variable.levels}
    ranges = range_edits(dictionary, [f"{name}_flag" for name in dictionary])
    specs = [*ranges, *(spec for spec in edits.values() if spec.kind != "drop")]
    return tuple(_condition(spec, levels) for spec in specs)


def _condition(spec: EditSpec, levels: Levels) -> Condition:
    return Condition(id=spec.id, variables=tuple(spec.deciding()), fails=partial(_fails, spec=spec, levels=levels))


def _fails(firms: pd.DataFrame, spec: EditSpec, levels: Levels) -> np.ndarray:
    return np.asarray(failing(firms, spec, levels), dtype=bool)
