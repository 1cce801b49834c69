"""Write moran.csv: Moran's I of made-up values on Seoul's districts by esda (PySAL), another program.

    pip install esda libpysal && python tests/reference/moran.py

Not run by the tests. Made with esda 2.9; `p_greater` and `p_two_sided` are counted from its 9,999 permutations.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from esda import Moran
from libpysal.weights import W

ROOT = Path(__file__).resolve().parent.parent.parent
LISTED = pd.read_csv(ROOT / "resources/regions/seoul_gu_neighbours.csv")
DISTRICTS = list(dict.fromkeys(LISTED["region"]))
MAPS = {
    "letters": [float(len(name)) for name in DISTRICTS],
    "order": [float(place) for place in range(25)],
    "waves": [float(np.sin(place)) for place in range(25)],
    "few": [float(place % 7) if place % 6 else np.nan for place in range(25)],
}


def row_of(name: str, values: list[float]) -> dict[str, float | str]:
    known = [district for district, value in zip(DISTRICTS, values, strict=True) if np.isfinite(value)]
    near = {one: [two for two in LISTED[LISTED["region"] == one]["neighbour"] if two in known] for one in known}
    weights = W(near)
    weights.transform = "r"
    np.random.seed(1)  # noqa: NPY002 - esda draws from numpy's old generator
    placed = dict(zip(DISTRICTS, values, strict=True))
    found = Moran(np.array([placed[one] for one in weights.id_order]), weights, permutations=9999)
    greater = (np.sum(found.sim >= found.I) + 1) / 10000
    far = (np.sum(abs(found.sim - found.EI) >= abs(found.I - found.EI)) + 1) / 10000
    return {"map": name, "index": found.I, "expected": found.EI, "p_greater": greater, "p_two_sided": far}


if __name__ == "__main__":
    table = pd.DataFrame([row_of(name, values) for name, values in MAPS.items()])
    table.to_csv(Path(__file__).with_suffix(".csv"), index=False, float_format="%.12g", lineterminator="\n")
