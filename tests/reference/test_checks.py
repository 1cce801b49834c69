import pytest

from innosurvey.errors import DataError
from innosurvey.reference.cells import Cells
from innosurvey.reference.checks import cells_in_doubt, hold, parse_checks

from .make import checks_of, spec, staff

SUM = "staff_total,sum,staff.total@2001,staff.large@2001 staff.small@2001,40,40,yes,"


def held(*rows: str, csv: str | None = None):
    cells = Cells(staff() if csv is None else staff(csv), spec().tables)
    return hold(parse_checks(checks_of(*rows), "checks.csv"), cells), cells


@pytest.mark.parametrize(
    ("row", "computed"),
    [
        (SUM, 40),
        ("c,share,staff.share@2001,staff.small@2001 staff.large..small@2001,75,75,yes,", 75),
        ("c,change,staff.large@2002,staff.large@2002 staff.large@sum,20,10,no,", 10),
        ("c,quotient,staff.firms@2001,staff.total@2001 staff.large@2001,4,4,yes,", 4),
        ("c,same,staff.firms@2001,staff.firms@sum,4,4,yes,", 4),
        ("c,weighted,staff.small@2001,staff.share@2001 staff.total@2001,30,30,yes,", 30),
        ("c,at_most,staff.large@2001,staff.small@2001,10,30,yes,", 30),
        ("c,quotient_below,staff.large@2001,staff.small@2001 staff.large@2001,10,3,yes,", 3),
        ("c,whole,staff.share@2001,,75,100,no,", 100),
    ],
)
def test_each_rule_computes_what_its_name_says(row, computed):
    (outcome,), _ = held(row)
    assert outcome.computed.value == pytest.approx(computed)


def test_a_difference_that_the_rounding_of_the_parts_can_explain_is_rounding():
    # 10 + 30 in thousands may be 9.5 + 29.5 to 10.5 + 30.5; a printed 41 may be 40.5
    csv = "series,2001,2002,sum\nlarge,10,20,30\nsmall,30,60,90\ntotal,41,80,120\nshare,75.0,75.0,\nfirms,4,,4\n"
    (outcome,), _ = held(SUM.replace("40,40,yes", "41,40,rounding"), csv=csv)
    assert outcome.adds_up == "rounding"


def test_a_check_that_fails_though_it_was_declared_to_come_out_stops_the_run():
    with pytest.raises(DataError) as caught:
        held(
            SUM, csv="series,2001,2002,sum\nlarge,10,20,30\nsmall,30,60,90\ntotal,50,80,120\nshare,75,75,\nfirms,4,,4\n"
        )
    message = str(caught.value)
    assert "checks.csv row 2 (staff_total): declared as printed 40, found 50" in message
    assert "declared `adds_up: yes`, found no: printed 50, computed 40" in message
    assert "Compare the cells with the source" in message


def test_a_known_inconsistency_that_comes_out_stops_the_run_too():
    with pytest.raises(DataError, match="declared `adds_up: no`, found yes"):
        held(SUM.replace("yes", "no"))


def test_a_declared_value_that_is_not_what_comes_out_is_named():
    with pytest.raises(DataError, match="declared as computed 41, found 40"):
        held(SUM.replace("40,40", "40,41"))


def test_a_check_of_a_table_that_is_not_shown_is_left_out():
    found, _ = held(SUM, "other,same,elsewhere.a@b,staff.firms@sum,1,1,yes,")
    assert [outcome.check.id for outcome in found] == ["staff_total"]


def test_doubt_falls_on_the_cells_that_a_failed_check_names():
    row = "c,same,staff.large@2001,staff.small@2001,10,30,no,staff.large@2001"
    outcomes, cells = held(row, SUM)
    assert {cell.address: checks for cell, checks in cells_in_doubt(outcomes, cells).items()} == {
        "staff.large@2001": ("c",)
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (SUM.replace(",sum,", ",summ,"), "row 2: column rule: 'summ' is not one of"),
        (SUM.replace("yes", "perhaps"), "row 2: column adds_up: 'perhaps' is not one of yes, rounding, no"),
        (SUM.replace("40,40", "forty,40"), "row 2: column printed_value: 'forty' is no number"),
        (SUM.replace("staff_total", ""), "row 2: column check: '' is no name"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_column(row, said):
    with pytest.raises(DataError) as caught:
        held(row)
    assert said in str(caught.value)


def test_a_check_that_stands_twice_is_refused():
    with pytest.raises(DataError, match="the check staff_total stands 2 times"):
        held(SUM, SUM)


def test_a_rule_with_the_wrong_number_of_cells_is_refused():
    with pytest.raises(DataError, match="the rule change takes 2, not 3"):
        held("c,change,staff.large@2001,staff.large@2001..sum,10,10,yes,")


def test_a_file_without_a_column_says_which_it_needs():
    with pytest.raises(DataError, match=r"(?s)there is no column adds_up\..*It needs check, rule"):
        parse_checks(checks_of(SUM).rename(columns={"adds_up": "ads_up"}), "checks.csv")


def test_a_quotient_by_a_printed_zero_is_refused_with_its_row():
    csv = "series,2001,2002,sum\nlarge,0,20,30\nsmall,30,60,90\ntotal,40,80,120\nshare,75.0,75.0,\nfirms,0,,4\n"
    with pytest.raises(DataError, match="row 2, column cells: the rule quotient divides by zero"):
        held("c,quotient,staff.large@2002,staff.large@sum staff.firms@2001,20,3,no,", csv=csv)
