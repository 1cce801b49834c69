"""The kinds of arrays that the models stage passes around."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
"""Numbers: a vector of rows, or a matrix of rows × columns."""
Codes = NDArray[np.intp]
"""Whole numbers from 0 that say to which level, cluster or group each row belongs."""
Mask = NDArray[np.bool_]
"""Which rows are meant."""
