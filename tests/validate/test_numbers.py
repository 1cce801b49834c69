import pandas as pd
import pytest

from innosurvey.errors import BaselineError, DisclosureError
from innosurvey.validate.checks import all_of, as_json
from innosurvey.validate.numbers import inspect_numbers


def document(*traced):
    """A document whose trace holds (table, column, key, value)."""
    trace = [dict(zip(("table", "column", "key", "value"), row, strict=True)) for row in traced]
    return [{"trace": trace}]


@pytest.fixture
def describe():
    return pd.DataFrame(
        {"cohort": "size", "group": ["small", "large"], "n": [40, 9], "estimate": [12.5, 30.0], "status": "ok"}
    )


def test_a_number_that_is_its_tables_passes(describe):
    page = document(("describe", "estimate", "cohort size, group small", "12.5"))
    checks = {check.check: check for check in inspect_numbers(page, {"describe": describe}, 10)}
    assert checks["every number in the documents is its table's"].looked_at == 1


@pytest.mark.parametrize(
    ("traced", "message"),
    [
        (
            ("describe", "estimate", "cohort size, group small", "12.6"),
            r"1 numbers are not those of describe\.estimate",
        ),
        (("describe", "estimate", "cohort size, group huge", "1"), "1 numbers of describe have no row there"),
        (("describe", "estimate", "cohort size, group large", "30"), "1 numbers of describe with n below 10"),
    ],
)
def test_a_number_that_is_not_its_tables_or_rests_on_few_firms_stops_the_publication(describe, traced, message):
    with pytest.raises(DisclosureError, match=message):
        inspect_numbers(document(traced), {"describe": describe}, 10)


def test_an_estimate_that_is_missing_without_a_reason_is_found():
    describe = pd.DataFrame({"estimate": [None], "status": ["ok"]})
    with pytest.raises(DisclosureError, match="1 rows without estimate and without reason"):
        inspect_numbers([], {"describe": describe}, 10)


def framed(need=30.0, association=5.0):
    """Estimates with one cell of the policy frame and the rows that it says it was taken from."""
    described = {"cohort": "stage", "group": "startup", "wave": "all", "item": "no_funds", "estimate": 30.0}
    compared = {"cohort": "outcome", "group": "failure", "item": "used_loan", "difference": -5.0}
    cell = {
        "need": need, "need_from": "describe: cohort stage, group startup, wave all, item no_funds",
        "reach": float("nan"), "reach_from": None,
        "association": association, "association_from": "compare: cohort outcome, group failure, item used_loan",
    }  # fmt: skip
    frames = {"policy": [cell], "describe": [described | {"status": "ok"}], "compare": [compared]}
    return {name: pd.DataFrame(rows) for name, rows in frames.items()}


def test_the_policy_frame_holds_its_sources_numbers_turned_round_or_not():
    checks = inspect_numbers([], framed(), 10)
    frame = next(check for check in checks if check.check.startswith("every number of the policy frame"))
    assert (frame.looked_at, frame.found) == (2, ())


@pytest.mark.parametrize("changed", [{"need": 31.0}, {"association": 4.0}])
def test_a_number_of_the_policy_frame_that_is_not_its_sources_stops_the_publication(changed):
    with pytest.raises(DisclosureError, match=f"{next(iter(changed))} is not that of (describe|compare): cohort"):
        inspect_numbers([], framed(**changed), 10)


def test_a_number_that_the_estimates_withhold_stops_the_publication():
    columns = ("measure", "level", "region", "wave", "statistic", "n", "estimate", "withheld")
    table = pd.DataFrame([("firms", "region", "a", "all", "count", 30, 12.5, True)], columns=list(columns))
    key = "measure firms, level region, region a, wave all, statistic count"
    told = document(("regions", "estimate", key, "12.5"))
    assert inspect_numbers(told, {"regions": table.assign(withheld=False)}, 10)
    with pytest.raises(DisclosureError, match="1 numbers of regions that are withheld"):
        inspect_numbers(told, {"regions": table}, 10)


CERTIFIED = {
    "certificate": pd.DataFrame(
        [
            {
                "case": "w-t1", "column": None, "term": "educ", "quantity": "estimate", "published": 0.061,
                "computed": 0.107, "tolerance": 0.0006, "verdict": "deviates",
            }
        ]
    ),
    "certificate_cases": pd.DataFrame([{"case": "w-t1", "column": None, "verdict": "deviates", "reason": None}]),
}  # fmt: skip


def test_a_published_number_that_does_not_come_out_stops_with_all_that_one_needs():
    with pytest.raises(BaselineError) as caught:
        inspect_numbers([], CERTIFIED, 10)
    assert "w-t1, estimate of educ: published 0.061, computed 0.107, tolerance 0.0006" in str(caught.value)
    assert caught.value.exit_code == 5


def test_published_numbers_that_come_out_are_a_check_that_passed():
    agreed = {name: table.assign(verdict="agrees") for name, table in CERTIFIED.items()}
    checks = inspect_numbers([], agreed, 10)
    assert checks[-1].check == "every published number that was estimated comes out"


def test_a_comma_in_a_term_does_not_part_the_key_of_its_number():
    trace = {"table": "coefficients", "column": "estimate", "value": "0.5", "key": "model a, term lag(log(emp), 2)"}
    table = pd.DataFrame([{"model": "a", "term": "lag(log(emp), 2)", "estimate": 0.5}])
    inspect_numbers([{"trace": [trace]}], {"coefficients": table}, 10)


def test_checks_that_are_written_are_read_as_they_were(describe):
    checks = inspect_numbers([], {"describe": describe}, 10)
    assert all_of([as_json(checks)]) == checks
