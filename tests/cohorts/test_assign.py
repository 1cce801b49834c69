"""Who is in which group, who is in none, and what a partition must be."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.cohorts.assign import groups_of
from innosurvey.cohorts.spec import parse_cohorts
from innosurvey.errors import DataError, StudyError
from tests.cohorts.make import GU, assign, make_wave

SIZE = {"bins": "employees_t", "groups": {"small": {"below": 50}, "large": {}}}


def groups(result, cohort: str, wave: str = "2018") -> dict[str, str]:
    chosen = result.memberships.query("cohort == @cohort and wave == @wave")
    return dict(zip(chosen["firm_id"], chosen["group"], strict=True))


def test_bins_place_a_bound_in_the_group_above_it():
    result = assign({"2018": make_wave("2018", employees_t=[49, 50, 7])}, {"size": SIZE})
    assert groups(result, "size") == {"f0": "small", "f1": "large", "f2": "small"}


def test_a_firm_without_the_answer_is_counted_as_unassigned():
    result = assign({"2018": make_wave("2018", employees_t=[49, 50, None])}, {"size": SIZE})
    assert "f2" not in groups(result, "size")
    row = result.summary.query("group == 'unassigned' and wave == '2018'")
    assert row["n"].to_list() == [1]


def test_otherwise_takes_those_who_answered_no_and_not_those_who_did_not_answer():
    cohort = {"groups": {"certified": "cert_venture"}, "otherwise": "not_certified"}
    result = assign({"2018": make_wave("2018", cert_venture=[True, False, None])}, {"c": cohort})
    assert groups(result, "c") == {"f0": "certified", "f1": "not_certified"}


def test_the_universe_leaves_firms_out_without_counting_them():
    result = assign(
        {"2018": make_wave("2018", employees_t=[5, 60, 70])},
        {"size": SIZE | {"universe": "employees_t > 6", "may_be_empty": "small"}},
    )
    assert groups(result, "size") == {"f1": "large", "f2": "large"}
    assert result.summary.query("group == 'unassigned'").empty


def test_a_universe_that_nobody_is_in_stops_the_run():
    with pytest.raises(StudyError, match=r"no firm of any wave is in small, large\.\nWith firms: none"):
        assign({"2018": make_wave("2018", employees_t=[5])}, {"size": SIZE | {"universe": "employees_t > 100"}})


def test_a_universe_that_may_be_empty_is_counted_with_zeros():
    size = SIZE | {"universe": "employees_t > 100", "may_be_empty": True}
    summary = assign({"2018": make_wave("2018", employees_t=[5])}, {"size": size}).summary
    assert summary[["wave", "group", "n"]].to_numpy().tolist() == [
        ["2018", "small", 0], ["2018", "large", 0], ["all", "small", 0], ["all", "large", 0],
    ]  # fmt: skip


def test_a_firm_that_owes_the_answer_that_decides_the_universe_is_counted_as_unassigned():
    wave = make_wave("2018", employees_t=[5, 60], cert_venture=[True, None])
    result = assign({"2018": wave}, {"size": SIZE | {"universe": "cert_venture", "may_be_empty": True}})
    assert groups(result, "size") == {"f0": "small"}
    assert result.summary.query("group == 'unassigned' and wave == '2018'")["n"].to_list() == [1]


def test_a_firm_that_was_not_asked_what_decides_the_universe_is_outside_it():
    wave = make_wave("2018", employees_t=[5, 60], cert_venture=[True, None])
    wave["cert_venture_flag"] = ["observed", "not_asked"]
    result = assign({"2018": wave}, {"size": SIZE | {"universe": "cert_venture", "may_be_empty": True}})
    assert result.summary.query("group == 'unassigned'").empty


def test_the_owed_answer_may_stand_behind_a_derived_variable():
    wave = make_wave("2018", employees_t=[5, 60], cert_venture=[True, None], cert_innobiz=[False, False])
    size = SIZE | {"universe": "certified", "may_be_empty": True}
    result = assign({"2018": wave}, {"size": size}, {"certified": "any(cert_venture, cert_innobiz)"})
    assert result.summary.query("group == 'unassigned' and wave == '2018'")["n"].to_list() == [1]


def test_a_firm_in_two_groups_of_a_partition_stops_the_run_with_counts():
    cohort = {
        "groups": {"venture": "cert_venture", "innobiz": "cert_innobiz"},
        "universe": "any(cert_venture, cert_innobiz)",
    }
    wave = make_wave("2018", cert_venture=[True, True, False], cert_innobiz=[True, False, True])
    with pytest.raises(
        StudyError, match=r"cohorts\.c: [\s\S]*firms in venture and innobiz: wave 2018: 1[\s\S]*overlapping"
    ):
        assign({"2018": wave}, {"c": cohort})


def test_a_firm_in_no_group_of_a_partition_stops_the_run_with_counts():
    wave = make_wave("2018", employees_t=[5, 60, 70])
    with pytest.raises(StudyError, match="firms in no group: wave 2018: 2"):
        assign({"2018": wave}, {"c": {"groups": {"small": "employees_t < 50"}}})


def test_an_overlapping_cohort_keeps_a_firm_in_each_of_its_groups():
    cohort = {"kind": "overlapping", "groups": {"venture": "cert_venture", "innobiz": "cert_innobiz"}}
    wave = make_wave("2018", cert_venture=[True, True, False], cert_innobiz=[True, False, False])
    result = assign({"2018": wave}, {"c": cohort})
    assert result.memberships["group"].value_counts().to_dict() == {"venture": 2, "innobiz": 1}


def test_the_shares_of_an_overlapping_cohort_are_of_the_firms_in_any_group():
    cohort = {"kind": "overlapping", "groups": {"venture": "cert_venture", "innobiz": "cert_innobiz"}}
    wave = make_wave("2018", cert_venture=[True, True, False], cert_innobiz=[True, False, False])
    summary = assign({"2018": wave}, {"c": cohort}).summary.query("wave == 'all'")
    assert dict(zip(summary["group"], summary["share"], strict=True)) == {"venture": 100.0, "innobiz": 50.0}


def test_a_group_without_firms_stops_the_run():
    with pytest.raises(StudyError, match=r"no firm of any wave is in large\.\nWith firms: small"):
        assign({"2018": make_wave("2018", employees_t=[5])}, {"size": SIZE})


def test_a_group_that_may_be_empty_is_counted_with_zero():
    result = assign({"2018": make_wave("2018", employees_t=[5])}, {"size": SIZE | {"may_be_empty": ["large"]}})
    assert result.summary.query("group == 'large' and wave == '2018'")["n"].to_list() == [0]


def test_a_code_list_gives_the_groups_and_their_titles():
    cohort = {
        "lookup": {"variable": "gu", "codelist": "gu", "code": "code", "value": "en", "title": {"en": "en", "ko": "ko"}}
    }
    result = assign({"2018": make_wave("2018", gu=["11680", "11110"])}, {"gu": cohort})
    assert groups(result, "gu") == {"f0": "Gangnam-gu", "f1": "Jongno-gu"}
    assert groups_of(parse_cohorts({"gu": cohort})["gu"], {"gu": GU})[1].title["ko"] == "강남구"


def test_a_code_outside_the_list_is_refused():
    cohort = {"lookup": {"variable": "gu", "codelist": "gu", "code": "code", "value": "en"}, "may_be_empty": True}
    with pytest.raises(DataError, match="26110: 1 firms"):
        assign({"2018": make_wave("2018", gu=["26110"])}, {"gu": cohort})


def test_a_cohort_whose_variable_no_wave_asked_is_unavailable_with_its_reason():
    result = assign({"2018": make_wave("2018", employees_t=[5])}, {"c": {"groups": {"young": "stage == 'young'"}}})
    row = result.availability.query("kind == 'cohort'")
    assert (row["available"].to_list(), row["reason"].to_list()) == ([False], ["needs stage"])


def test_what_waves_lack_for_different_reasons_is_said_wave_by_wave():
    waves = {
        "2018": make_wave("2018", employees_t=[5]),
        "2020": make_wave("2020", employees_t=[5]),
        "2022": make_wave("2022", stage=["young"]),
    }
    cohort = {"groups": {"young": "stage == 'young' and employees_t < 9"}}
    row = assign(waves, {"c": cohort}).availability.query("kind == 'cohort'")
    assert row["reason"].to_list() == ["in 2018, 2020: needs stage; in 2022: needs employees_t"]


def test_a_cohort_that_one_wave_lacks_is_available_and_says_which_wave():
    waves = {"2018": make_wave("2018", employees_t=[5, 60]), "2020": make_wave("2020", cert_venture=[True])}
    row = assign(waves, {"size": SIZE}).availability.query("kind == 'cohort'")
    assert (row["available"].to_list(), row["reason"].to_list()) == ([True], ["wave 2020: needs employees_t"])


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("employes_t > 1", "Did you mean employees_t?"),
        ("stage == 'yung'", "Did you mean young?"),
        ("employees_t", "a rule must be yes or no"),
    ],
)
def test_a_mistake_in_a_rule_names_the_group(rule, words):
    wave = make_wave("2018", employees_t=[5], stage=["young"])
    with pytest.raises(StudyError) as caught:
        assign({"2018": wave}, {"c": {"groups": {"g": rule}}})
    assert str(caught.value).startswith("cohorts.c.groups.g: ")
    assert words in str(caught.value)


def test_any_means_of_what_the_wave_asked():
    rule = {"active": {"rule": "any(cert_venture, cert_innobiz)"}}
    waves = {
        "2018": make_wave("2018", cert_venture=[True, False]),
        "2020": make_wave("2020", cert_venture=[False], cert_innobiz=[True]),
    }
    result = assign(waves, {"c": {"groups": {"active": "active"}, "otherwise": "dormant"}}, rule)
    assert groups(result, "c") == {"f0": "active", "f1": "dormant"}


def test_the_weighted_shares_of_a_partition_add_up_to_a_hundred():
    waves = {"2018": make_wave("2018", employees_t=[5, 60, 70]), "2020": make_wave("2020", employees_t=[5, 7])}
    summary = assign(waves, {"size": SIZE}).summary
    assert summary.groupby("wave")["share"].sum().to_list() == pytest.approx([100, 100, 100])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 1000)), min_size=1, max_size=20),
    st.lists(st.integers(1, 900), min_size=1, max_size=5, unique=True).map(sorted),
)
def test_bins_are_a_partition_whatever_the_bounds(employees, bounds):
    declared = {f"g{place}": {"below": bound} for place, bound in enumerate(bounds)} | {"last": {}}
    result = assign(
        {"2018": make_wave("2018", employees_t=employees)},
        {"c": {"bins": "employees_t", "groups": declared, "may_be_empty": True}},
    )
    assert len(result.memberships) == sum(value is not None for value in employees)
    assert not result.memberships.duplicated(["firm_id", "wave"]).any()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from([True, False, None])] * 2), min_size=1, max_size=12))
def test_a_rule_with_otherwise_places_each_decided_firm_once(answers):
    wave = make_wave("2018", cert_venture=[a for a, _ in answers], cert_innobiz=[b for _, b in answers])
    cohort = {"groups": {"yes": "cert_venture or cert_innobiz"}, "otherwise": "no", "may_be_empty": True}
    result = assign({"2018": wave}, {"c": cohort})
    counted = result.summary.query("wave == '2018'")["n"].sum()
    assert counted == len(answers)
    assert isinstance(result.memberships, pd.DataFrame)
