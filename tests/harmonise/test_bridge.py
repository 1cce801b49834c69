import time

import numpy as np
import pandas as pd
import pytest

from innosurvey import tables
from innosurvey.harmonise.bridge import harmonise_waves
from innosurvey.harmonise.spec import parse_harmonise
from tests.harmonise.make import WALK, crosswalk, spec, wave


def test_a_study_with_nothing_to_harmonise_has_a_bridge_of_its_firms():
    result = harmonise_waves({"2018": wave("9", a="26")}, parse_harmonise(None, ["2018"]), {}, {})
    assert result.bridge.columns.tolist() == ["firm_id", "wave"]
    assert result.counts.empty


def test_both_tables_keep_their_contracts_even_without_rows():
    prices = {"file": "p.csv", "base": 2018, "source": "x"}
    series = crosswalk("year,index,source,status\n2016,1,x,ok\n2017,1,x,ok\n2018,1,x,ok\n")
    files = {WALK: crosswalk(), "p.csv": series}
    result = harmonise_waves({"2018": wave("9", a="26")}, spec(prices=prices), files, {"2018": 2018})
    tables.fail_if_contract_is_broken("bridge", result.bridge, "bridge")
    tables.fail_if_contract_is_broken("harmonise", result.counts, "counts")
    empty = harmonise_waves({"2018": wave("9", a="26")}, parse_harmonise(None, ["2018"]), {}, {})
    tables.fail_if_contract_is_broken("harmonise", empty.counts, "counts")


def test_each_firm_gets_the_price_levels_of_its_wave():
    prices = {"file": "p.csv", "base": 2020, "source": "x"}
    years = "\n".join(
        f"{year},{index},x,ok" for year, index in zip(range(2016, 2021), (80, 90, 90, 95, 100), strict=True)
    )
    files = {WALK: crosswalk(), "p.csv": crosswalk(f"year,index,source,status\n{years}\n")}
    waves = {"2018": wave("9", a="26"), "2020": wave("10", a="26")}
    bridge = harmonise_waves(waves, spec(prices=prices), files, {"2018": 2018, "2020": 2020}).bridge
    assert bridge["price_t"].tolist() == [0.9, 1.0]
    assert bridge["price_t2"].tolist() == [0.8, 0.9]


def test_counts_before_are_by_the_waves_own_code_and_after_by_the_harmonised_one():
    waves = {"2018": wave("9", a="69", b="69", c="26"), "2020": wave("10", a="76", d="26")}
    rows = harmonise_waves(waves, spec(), {WALK: crosswalk()}, {}).counts.set_index(["wave", "code"])
    assert rows.loc[("2018", "69"), ["before", "after"]].tolist() == [2, 0]
    assert rows.loc[("2018", "76"), ["before", "after"]].tolist() == [0, 2]
    assert rows.loc[("2020", "76"), ["before", "after"]].tolist() == [1, 1]


def test_split_weights_stand_beside_the_draw():
    waves = {"2018": wave("9", **{f"f{number}": "95" for number in range(8)})}
    rows = harmonise_waves(waves, spec(), {WALK: crosswalk()}, {}).counts.set_index("code")
    assert rows.loc[["34", "95"], "after_split"].tolist() == [2.0, 6.0]
    assert rows.loc[["34", "95"], "after"].sum() == 8


def test_a_break_stands_beside_its_classification_or_in_a_row_of_its_own():
    section = {
        "classifications": {
            "industry": {"variable": "ksic", "revision": "ksic_rev", "target": "9", "into": "code", "digits": 2}
        },
        "breaks": {"ksic": {"2018": {"en": "coded by clerks"}}, "sales_t": {"2020": {"en": "with taxes"}}},
    }
    waves = {"2018": wave("9", a="26"), "2020": wave("9", a="26")}
    counts = harmonise_waves(waves, parse_harmonise(section, list(waves)), {}, {}).counts
    assert counts[["wave", "classification", "code", "break"]].fillna("-").to_numpy().tolist() == [
        ["2018", "industry", "26", "coded by clerks"],
        ["2020", "industry", "26", "-"],
        ["2020", "sales_t", "-", "with taxes"],
    ]


@pytest.mark.slow
def test_three_waves_of_a_hundred_thousand_firms_take_seconds():
    random = np.random.default_rng(1)

    def many(revision):
        ids = pd.Series(random.permutation(150_000)[:100_000]).astype("str")
        codes = pd.Series(
            random.choice(["26", "69110", "95", "95111"] if revision == "9" else ["26", "76", "34"], 100_000)
        )
        return pd.DataFrame({"firm_id": ids, "ksic": codes.astype("str"), "ksic_rev": revision})

    waves = {"2018": many("9"), "2020": many("9"), "2022": many("10")}
    began = time.perf_counter()
    harmonise_waves(waves, spec(list(waves)), {WALK: crosswalk()}, {})
    assert time.perf_counter() - began < 15  # about 2 s on one idle core; the machine is shared
