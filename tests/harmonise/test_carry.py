import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.errors import DataError, StudyError
from innosurvey.harmonise.bridge import harmonise_waves
from innosurvey.harmonise.carry import draws_of
from tests.harmonise.make import WALK, crosswalk, spec, wave


def carried(waves, one=None, links=None):
    """Return each firm's code and how it came by it, by wave and firm."""
    one = one or spec(list(waves))
    bridge = harmonise_waves(waves, one, {WALK: crosswalk(*([links] if links else []))}, {}).bridge
    rows = bridge.fillna("-").itertuples(index=False)
    return {(row.wave, row.firm_id): (row.ksic_harmonised, row.ksic_harmonised_how) for row in rows}


def test_a_code_of_the_target_revision_is_cut_to_its_digits():
    assert carried({"2020": wave("10", a="C26112", b=None)}) == {
        ("2020", "a"): ("26", "same"),
        ("2020", "b"): ("-", "unknown"),
    }


def test_a_code_with_one_target_gets_it_whatever_its_number_of_digits():
    assert carried({"2018": wave("9", a="69110")}) == {("2018", "a"): ("76", "unique")}


def test_a_firm_takes_the_code_that_it_reports_itself_in_the_target_revision():
    waves = {"2018": wave("9", a="95111", b="95111"), "2020": wave("10", a="34011", b="95120")}
    found = carried(waves)
    assert found["2018", "a"] == ("34", "own")
    assert found["2018", "b"] == ("95", "own")


def test_an_own_code_that_is_no_target_is_a_move_and_not_taken():
    assert carried({"2018": wave("9", a="69"), "2020": wave("10", a="26")})["2018", "a"] == ("76", "unique")


def test_own_codes_can_be_left_aside():
    waves = {"2018": wave("9", a="95"), "2020": wave("10", a="34")}
    assert carried(waves, spec(own=False))["2018", "a"][1] == "split"


def test_of_two_waves_the_nearest_gives_the_own_code():
    waves = {"2016": wave("10", a="34"), "2018": wave("9", a="95"), "2020": wave("10", a="95"), "2022": wave("10")}
    assert carried(waves)["2018", "a"] == ("95", "own")  # both are as near; the later one is nearer to today
    first = {"2014": wave("9", a="95"), "2016": wave("10", a="34"), "2018": wave("10", a="95")}
    assert carried(first)["2014", "a"] == ("34", "own")


def test_a_coarse_code_is_made_finer_by_what_the_firm_reports_elsewhere_in_the_same_revision():
    links = "source,target,weight\n55,55,0.5\n55,56,0.5\n551,55,1\n552,56,1\n"
    waves = {"2018": wave("9", a="551", b="552"), "2020": wave("9", a="55", b="55", c="55")}
    found = carried(waves, links=links)
    assert (found["2020", "a"], found["2020", "b"]) == (("55", "unique"), ("56", "unique"))
    assert found["2020", "c"][1] == "split"


def test_a_firm_is_drawn_into_the_same_code_in_every_wave_and_in_any_order_of_rows():
    ids = [f"f{number}" for number in range(200)]
    waves = {"2018": wave("9", **dict.fromkeys(ids, "95")), "2020": wave("9", **dict.fromkeys(ids[::-1], "95111"))}
    found = carried(waves)
    assert all(found["2018", firm] == found["2020", firm] for firm in ids)


def test_draws_follow_the_weights():
    waves = {"2018": wave("9", **{f"f{number}": "95" for number in range(20_000)})}
    codes = pd.Series([code for code, _ in carried(waves).values()])
    # four standard errors of a share of 0.25 among 20,000 firms
    assert (codes == "34").mean() == pytest.approx(0.25, abs=0.0123)


def test_the_seed_changes_who_is_drawn_and_the_classification_does_too():
    ids = pd.Series([f"f{number}" for number in range(50)], dtype="str")
    assert not np.array_equal(draws_of(ids, "industry", 0), draws_of(ids, "industry", 1))
    assert not np.array_equal(draws_of(ids, "industry", 0), draws_of(ids, "product", 0))
    assert draws_of(ids, "industry", 0)[7] == draws_of(ids[::-1], "industry", 0)[-8]


def test_the_draw_of_an_id_is_the_same_on_every_machine():
    # written down from the first run: another value would redraw every published split
    assert draws_of(pd.Series(["0123456789"]), "industry", 0)[0] == pytest.approx(DRAWN, abs=1e-12)


DRAWN = 0.3726240231157154


def test_the_largest_target_is_taken_where_the_study_says_so():
    found = carried({"2018": wave("9", a="95", b="95")}, spec(split="largest"))
    assert set(found.values()) == {("95", "split")}


def test_a_target_of_weight_zero_is_kept_by_its_own_firms_and_never_drawn():
    links = "source,target,weight\n72,62,1\n72,63,0\n"
    ids = {f"f{number}": "72" for number in range(500)}
    found = carried({"2018": wave("9", **ids, own="72"), "2020": wave("10", own="63")}, links=links)
    assert found["2018", "own"] == ("63", "own")
    assert {found["2018", firm] for firm in ids} == {("62", "split")}


def test_what_a_waves_file_means_by_a_code_is_replaced_in_that_wave_only():
    links = "source,target,weight\n64,61,1\n641,53,1\n"
    waves = {"2018": wave("9", a="641"), "2020": wave("9", b="641")}
    found = carried(waves, spec(recode={"2018": {"641": "64"}}), links)
    assert (found["2018", "a"][0], found["2020", "b"][0]) == ("61", "53")


def test_a_code_without_an_entry_is_named_with_wave_count_file_and_near_code():
    with pytest.raises(DataError) as caught:
        carried({"2018": wave("9", a="96", b="96", c="26")})
    message = str(caught.value)
    assert f"the crosswalk {WALK} does not have (2 firms)" in message
    assert "wave 2018: 96, 2 firms. Near it: 95." in message
    assert "or say under `recode:`" in message


def test_a_revision_without_a_crosswalk_names_those_there_are():
    with pytest.raises(StudyError) as caught:
        carried({"2018": wave("11", a="26")})
    assert "wave 2018: revision 11, 1 firms" in str(caught.value)
    assert "Crosswalks: 9->10." in str(caught.value)


def test_a_code_whose_revision_is_missing_is_an_error():
    firms = wave("9", a="26").assign(ksic_rev=pd.Series([None], dtype="str"))
    with pytest.raises(DataError, match="does not say of which revision"):
        carried({"2018": firms})


def test_a_wave_without_the_code_is_unknown_and_one_where_nobody_has_it_an_error():
    firms = wave("9", a="26")
    found = carried({"2018": firms, "2020": firms[["firm_id"]]})
    assert found["2020", "a"] == ("-", "unknown")
    with pytest.raises(StudyError, match="no wave has the variable ksic"):
        carried({"2018": firms[["firm_id"]]})


CODES = st.sampled_from(["26", "69", "95", "9511", None])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CODES, CODES), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_split_weights_conserve_the_firms_and_the_order_of_rows_does_not_matter(firms, order):
    first = wave("9", **{f"f{number}": codes[0] for number, codes in enumerate(firms)})
    second = wave("10", **{f"f{number}": codes[1] for number, codes in enumerate(firms)})
    if first["ksic"].isna().all():
        return
    one, files = spec(), {WALK: crosswalk()}
    result = harmonise_waves({"2018": first, "2020": second}, one, files, {})
    sums = result.counts.groupby("wave")[["before", "after", "after_split"]].sum()
    coded = result.bridge["ksic_harmonised"].notna().groupby(result.bridge["wave"]).sum()
    for wave_name, row in sums.iterrows():
        assert row["before"] == row["after"] == coded[wave_name]
        assert row["after_split"] == pytest.approx(coded[wave_name], abs=1e-9)  # sums of floats
    places = list(range(len(firms)))
    order.shuffle(places)
    mixed = harmonise_waves({"2018": first.iloc[places], "2020": second.iloc[places[::-1]]}, one, files, {})
    sort = ["wave", "firm_id"]
    pd.testing.assert_frame_equal(
        mixed.bridge.sort_values(sort, kind="stable", ignore_index=True),
        result.bridge.sort_values(sort, kind="stable", ignore_index=True),
    )
    pd.testing.assert_frame_equal(mixed.counts, result.counts)
