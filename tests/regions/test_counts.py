"""Firms, shares and location quotients: by hand, and with the errors that resampling gives."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.errors import DataError
from innosurvey.regions.counts import counted_by, listed_rows
from innosurvey.regions.plan import map_regions
from tests.made_slices import make_slice
from tests.regions.make import REGIONS, firms, places, request, spec


def table_of(made: pd.DataFrame, **changes: object) -> pd.DataFrame:
    return map_regions(request(types=None, **changes), made)["regions"]


def of(table: pd.DataFrame, measure: str, region: str, statistic: str, wave: str = "2020") -> pd.Series:
    chosen = (table["measure"] == measure) & (table["region"] == region) & (table["statistic"] == statistic)
    return table[chosen & (table["wave"] == wave)].iloc[0]


def small() -> pd.DataFrame:
    """Region r00: weights 1, 2 (certified) and 1; region r33: weights 2 (certified) and 4; no firm elsewhere."""
    return make_slice(
        group=["r00", "r00", "r00", "r33", "r33"],
        certified=pd.array([False, True, False, True, False], dtype="boolean"),
        active=pd.array([None, True, None, False, None], dtype="boolean"),
        weight_final=[1.0, 2.0, 1.0, 2.0, 4.0],
    )


def test_count_share_and_quotient_by_hand():
    """Certified: 2 of 4 in r00, 2 of 6 in r33, 4 of 10 everywhere: quotients 0.5 / 0.4 and (1/3) / 0.4."""
    table = table_of(small(), minimum_n=1)
    assert of(table, "certified", "r00", "count")["estimate"] == pytest.approx(2)
    assert of(table, "certified", "r00", "share")["estimate"] == pytest.approx(50)
    assert of(table, "certified", "r00", "quotient")["estimate"] == pytest.approx(1.25)
    assert of(table, "certified", "r33", "quotient")["estimate"] == pytest.approx(1 / 1.2)
    assert of(table, "certified", "nw", "count")["estimate"] == pytest.approx(2)


def test_a_part_is_compared_with_its_own_whole():
    """Active among certified: 2 of 2 in r00, none of 2 in r33, 2 of 4 everywhere."""
    table = table_of(small(), minimum_n=1)
    assert of(table, "active", "r00", "quotient")["estimate"] == pytest.approx(2)
    assert of(table, "active", "r33", "quotient")["status"] == "not estimated: no firm with a value"
    assert of(table, "active", "r33", "count")["n"] == 0


def test_a_firm_that_did_not_answer_is_no_no():
    made = small().assign(certified=pd.array([None, True, False, True, False], dtype="boolean"))
    counted = counted_by(spec().measures, made)["certified"]
    assert counted.x.tolist() == [0, 1, 1, 1, 1]
    assert of(table_of(made, minimum_n=1), "certified", "r00", "quotient")["estimate"] == pytest.approx(
        (2 / 3) / (4 / 9)
    )


def test_all_firms_have_no_quotient():
    table = table_of(firms())
    assert set(table[table["measure"] == "firms"]["statistic"]) == {"count", "share"}


def test_a_level_of_a_variable_is_counted():
    measures = {"services": {"variable": "kind", "level": "services"}}
    made = small().assign(kind=pd.Categorical(["goods", "services", None, "services", "services"]))
    counted = counted_by(spec(measures=measures, map=None).measures, made)["services"]
    assert (counted.y.tolist(), counted.x.tolist()) == ([0, 1, 0, 1, 1], [1, 1, 0, 1, 1])


def test_the_zone_is_the_sum_of_its_regions():
    table = table_of(firms())
    zone = of(table, "certified", "nw", "count")["estimate"]
    regions = [of(table, "certified", name, "count")["estimate"] for name in ("r00", "r01", "r10", "r11")]
    assert zone == pytest.approx(sum(regions))


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 100))
def test_quotients_do_not_depend_on_the_scale_of_the_weights(scale):
    made = firms(320)
    scaled = made.assign(weight_final=made["weight_final"] * scale)
    one, two = (of(table_of(each), "certified", "r12", "quotient") for each in (made, scaled))
    assert (one["estimate"], one["se"]) == (pytest.approx(two["estimate"]), pytest.approx(two["se"]))


def test_the_quotients_mean_weighted_by_firms_is_one():
    """Σ X_r / X · (Y_r / X_r) / (Y / X) = 1."""
    table = table_of(firms())
    shares = [of(table, "firms", name, "share")["estimate"] / 100 for name in REGIONS]
    quotients = [of(table, "certified", name, "quotient")["estimate"] for name in REGIONS]
    assert np.dot(shares, quotients) == pytest.approx(1)


def test_the_quotients_error_is_that_of_resampling_the_firms():
    """One stratum: 500 bootstrap samples; their standard deviation is known to about 3 percent."""
    made = firms().assign(stratum_id="s", pooled_stratum="s")
    made["sample_n_stratum"] = made["pooled_stratum_n"] = len(made)
    ours = of(table_of(made), "certified", "r00", "quotient")["se"]
    chance, here = np.random.default_rng(7), (made["group"] == "r00").to_numpy()
    yes, weight = made["certified"].to_numpy(dtype=float), made["weight_final"].to_numpy()
    drawn = []
    for _ in range(500):
        rows = chance.integers(0, len(made), len(made))
        w, y, inside = weight[rows], yes[rows], here[rows]
        drawn.append((w * y)[inside].sum() / w[inside].sum() / ((w * y).sum() / w.sum()))
    assert ours == pytest.approx(np.std(drawn), rel=0.12)


def test_the_frame_is_counted_apart_from_the_estimates():
    listed = pd.DataFrame({"wave": ["2020"] * 3 + ["2022"], "place": ["R00", "R00", "R33", "R00"]})
    rows = pd.DataFrame(listed_rows(listed, places()))
    assert set(rows["source"]) == {"frame"}
    assert of(rows, "listed", "r00", "count", wave="2020")["estimate"] == 2
    assert of(rows, "listed", "r00", "count", wave="all")["estimate"] == pytest.approx(1.5)
    assert of(rows, "listed", "se", "count", wave="2020")["estimate"] == 1


def test_a_code_of_the_frame_that_the_list_lacks_is_named_with_its_count():
    listed = pd.DataFrame({"wave": ["2020"] * 2, "place": ["R00", "R99"]})
    with pytest.raises(DataError, match=r"R99: 1 firms[\s\S]*Add them to the list"):
        listed_rows(listed, places())


def test_a_frame_that_knows_no_regions_is_not_counted():
    assert listed_rows(pd.DataFrame({"wave": ["2020"]}), places()) == []


def test_a_quotient_is_tested_against_one_and_adjusted_among_its_regions():
    table = table_of(firms())
    quotients = table[(table["statistic"] == "quotient") & (table["wave"] == "2020")]
    west = quotients[quotients["region"].str[2].isin(["0", "1"]) & (quotients["measure"] == "certified")]
    assert (west["p_adjusted"] < 0.05).sum() >= 6
    assert (quotients["p_adjusted"] >= quotients["p"]).all()
    apart = (quotients["lower"] > 1) | (quotients["upper"] < 1)
    assert (apart == (quotients["p"] < 0.05)).all()


def test_what_is_withheld_is_not_tested_with_the_others():
    made = firms()
    few = made[(made["group"] != "r00") | (made.groupby("group").cumcount() < 5)].reset_index(drop=True)
    table = table_of(few, minimum_n=10)
    told = table[(table["statistic"] == "quotient") & (table["wave"] == "all")]
    assert told[told["withheld"]]["p_adjusted"].isna().all()
    assert told[~told["withheld"]]["p_adjusted"].notna().all()
