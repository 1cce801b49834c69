"""The same weights and standard errors as R's package survey (tests/reference/weights.R made the numbers)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey.weight import Outside, Weighted, parse_weights, weight_sample

FOLDER = Path(__file__).resolve().parent.parent / "reference"
SAMPLE = pd.read_csv(FOLDER / "weights_sample.csv", dtype={"firm_id": str, "size": str})
WEIGHTS = pd.read_csv(FOLDER / "weights_calibrated.csv", dtype={"firm_id": str})
ERRORS = pd.read_csv(FOLDER / "weights_errors.csv").set_index("statistic")["se"]
TOTALS = pd.DataFrame(
    [("size", "1", "", "47"), ("size", "2", "", "61"), ("size", "3", "", "33"), ("region", "", "west", "64"),
     ("region", "", "east", "77"), ("staff", "", "", "4100")],
    columns=["margin", "size", "region", "total"],
)  # fmt: skip
MARGINS = {"size": {"by": ["size"]}, "region": {"by": ["region"]}, "staff": {"of": "employees"}}
ROUNDING = 1e-10
"""R's stored numbers have 15 digits; both engines stop when totals hold to 1e-10 or better."""


def weighted(calibrate: dict | None, design: dict | None = None) -> Weighted:
    firms = SAMPLE.assign(
        _source_row=range(2, len(SAMPLE) + 2),
        wave="2020",
        stratum_id=SAMPLE["stratum"],
        weight_design=SAMPLE["d"],
        pop_n_stratum=SAMPLE["N"],
    )
    entry = {"method": "given"}
    if calibrate:
        entry["calibrate"] = {**calibrate, "totals": "totals.csv", "margins": MARGINS}
    return weight_sample(firms, None, parse_weights(entry, design), "none", Outside(totals=TOTALS))


@pytest.mark.parametrize(
    ("name", "calibrate"),
    [
        ("raking", {"method": "raking"}),
        ("linear", {"method": "linear"}),
        ("linear_bounded", {"method": "linear", "bounds": [0.8, 1.3]}),
        ("logit", {"method": "logit", "bounds": [0.5, 2]}),
    ],
)
def test_calibrated_weights_are_those_of_r(name, calibrate):
    found = weighted(calibrate).design["weight_final"].to_numpy()
    np.testing.assert_allclose(found, WEIGHTS[name].to_numpy(), rtol=ROUNDING)


def errors_of(result: Weighted) -> tuple[float, float]:
    """The jackknife errors of the total and the mean of y, about the replicates' mean as R takes them."""
    weights, y = result.replicates.filter(like="r_").to_numpy(), SAMPLE["y"].to_numpy()
    scale = result.replicates["scale"].to_numpy()[: weights.shape[1]]
    totals = weights.T @ y
    return tuple(
        float(np.sqrt((scale * (value - value.mean()) ** 2).sum())) for value in (totals, totals / weights.sum(axis=0))
    )


def test_the_jackknife_without_calibration_is_that_of_r_and_equals_taylor_for_a_total():
    total, mean = errors_of(weighted(None, {"variance": "jackknife", "replicates": len(SAMPLE)}))
    assert total == pytest.approx(ERRORS["total_plain"], rel=ROUNDING)
    assert total == pytest.approx(ERRORS["total_taylor"], rel=ROUNDING)
    assert mean == pytest.approx(ERRORS["mean_plain"], rel=ROUNDING)


def test_the_jackknife_calibrates_each_replicate_again_as_r_does():
    result = weighted({"method": "raking"}, {"variance": "jackknife", "replicates": len(SAMPLE)})
    # Replicates are raked until totals hold to 1e-10, which leaves their sums some digits less.
    assert errors_of(result) == pytest.approx((ERRORS["total_raking"], ERRORS["mean_raking"]), rel=1e-7)
