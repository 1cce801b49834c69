"""All waves in one table."""

import pandas as pd
import pytest

from innosurvey.cohorts.pool import JOINED, with_bridge, with_design
from innosurvey.errors import DataError
from tests.cohorts.make import assign, make_wave

POOLED = pd.DataFrame({"firm_id": ["f1", "f0"], "pooled_stratum": ["b", "a"], "pooled_stratum_n": [1, 1]})
ALL = {"all": {"groups": {"all": "true"}}}


def pooled(**waves):
    return assign(waves, ALL).firms


def test_what_a_wave_did_not_ask_is_missing_and_flagged_not_collected():
    firms = pooled(w18=make_wave("2018", employees_t=[5]), w20=make_wave("2020", employees_t=[6], cert_venture=[True]))
    assert firms["cert_venture"].isna().to_list() == [True, False]
    assert firms["cert_venture_flag"].to_list() == ["not_collected", "observed"]


def test_types_survive_pooling():
    firms = pooled(
        w18=make_wave("2018", gu=["1"]), w20=make_wave("2020", employees_t=[6], cert_venture=[True], stage=["old"])
    )
    assert [str(firms[name].dtype) for name in ("employees_t", "cert_venture", "stage")] == [
        "Int64",
        "boolean",
        "category",
    ]


def test_the_design_is_joined_by_firm_and_replaces_what_the_survey_file_said():
    firms = make_wave("2018", employees_t=[5, 6]).assign(weight_final=[70.0, 80.0], weight_final_flag="observed")
    design = make_wave("2018", employees_t=[5, 6]).assign(weight_final=[3.0, 4.0])[["firm_id", *JOINED]].iloc[::-1]
    joined = with_design({"2018": firms}, {"2018": design}, POOLED)["2018"]
    assert joined["weight_final"].to_list() == [3.0, 4.0]
    assert "weight_final_flag" not in joined


def test_the_pooled_stratum_is_joined_by_firm():
    firms = make_wave("2018", employees_t=[5, 6])
    joined = with_design({"2018": firms}, {"2018": firms[["firm_id", *JOINED]]}, POOLED)["2018"]
    assert joined["pooled_stratum"].to_list() == ["a", "b"]


def test_a_firm_without_a_weight_stops_the_run():
    firms = make_wave("2018", employees_t=[5, 6])
    with pytest.raises(DataError, match="1 of 2 firms have no weight"):
        with_design({"2018": firms}, {"2018": firms.iloc[:1]}, POOLED)


BRIDGE = pd.DataFrame(
    {"firm_id": ["1", "0", "0"], "wave": ["2018", "2018", "2020"], "ksic_harmonised": ["76", "26", "27"]}, dtype="str"
)


def test_a_firm_gets_the_harmonised_code_of_its_wave_whatever_the_order_of_the_bridge():
    waves = {"2018": pd.DataFrame({"firm_id": ["0", "1"]}), "2020": pd.DataFrame({"firm_id": ["0"]})}
    joined = with_bridge(waves, BRIDGE)
    assert joined["2018"]["ksic_harmonised"].to_list() == ["26", "76"]
    assert joined["2020"]["ksic_harmonised"].to_list() == ["27"]


def test_firms_that_the_bridge_lacks_stop_the_run():
    with pytest.raises(DataError, match="wave 2020: 1 of 2 firms are not in the bridge"):
        with_bridge({"2020": pd.DataFrame({"firm_id": ["0", "9"]})}, BRIDGE)
