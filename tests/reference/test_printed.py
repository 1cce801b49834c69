import pytest

from innosurvey.errors import DataError
from innosurvey.reference.printed import read_printed

from .make import STAFF, as_text, own_context, spec, staff


def test_each_printed_cell_is_a_row_and_a_blank_one_is_none():
    found = staff()
    assert len(found) == 13
    assert not ((found["series"] == "firms") & (found["at"] == "2002")).any()


def test_a_number_is_rounded_to_its_last_printed_digit_and_a_count_is_exact():
    rounding = staff().set_index(["series", "at"])["rounding"]
    assert rounding["share", "2001"] == 0.05
    assert rounding["large", "2001"] == 0.5
    assert rounding["firms", "2001"] == 0


def test_a_last_digit_says_what_the_digits_do_not():
    found = staff(
        "series,2001,2002,sum,last_digit\nlarge,900,20,30,100\n" + STAFF.split("\n", 2)[2].replace("\n", ",\n")
    )
    assert found.loc[found["series"] == "large", "rounding"].tolist() == [50, 50, 50]
    assert found.loc[found["series"] == "small", "rounding"].tolist() == [0.5, 0.5, 0.5]


def test_rows_come_in_the_order_of_the_declaration():
    head, *rows = STAFF.strip().split("\n")
    shuffled = "\n".join([head, *rows[::-1]])
    assert staff(shuffled).equals(staff())


HEAD, FIRST_ROW = "staff.csv row 1", "staff.csv column series"
BLANK = "series,2001,2002,sum\nlarge,,,\nsmall,,,\ntotal,,,\nshare,,,\nfirms,,,\n"
SPOILED = {
    "renamed column": (STAFF.replace("2002", "2003"), HEAD, "the column '2003' is not declared. Did you mean"),
    "absent column": (STAFF.replace(",sum", ",2002"), HEAD, "the column 'sum' is absent"),
    "renamed row": (STAFF.replace("small", "smal"), FIRST_ROW, "'smal' is not declared. Did you mean small?"),
    "duplicate row": (STAFF + "large,1,1,1\n", FIRST_ROW, "the row 'large' stands 2 times"),
    "absent row": (STAFF.replace("firms,4,,4\n", ""), FIRST_ROW, "the row 'firms' is absent"),
    "text in a number": (STAFF.replace("60", "n/a"), "staff.csv row 3, column 2002", "'n/a' is not a number"),
    "thousands sign": (STAFF.replace("120", '"1,200"'), "staff.csv row 4, column sum", "no thousands signs"),
    "negative number": (STAFF.replace("60", "-60"), "staff.csv row 3, column 2002", "'-60' is not a number from 0 on"),
    "wrong head": (STAFF.replace("series,", "serie,"), HEAD, "the first column is 'serie', not 'series'"),
    "no rows": (STAFF.split("\n")[0] + "\n", "staff.csv", "no row below the head"),
    "blank cells": (BLANK, "staff.csv", "every cell is blank"),
}


@pytest.mark.parametrize(("csv", "where", "what"), SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_file_is_refused_with_file_place_and_remedy(csv, where, what):
    with pytest.raises(DataError) as caught:
        read_printed(spec().tables["staff"], as_text(csv), "staff.csv")
    message = str(caught.value)
    assert where in message
    assert what in message
    assert len(message.splitlines()) >= 2  # the last line says what to do


def test_a_file_that_runs_the_other_way_round_gives_the_same_series():
    found = own_context().series
    spru = found[(found["table"] == "spru_1") & (found["at"] == "1950-54")].set_index("series")["value"]
    assert spru["1-199"] == 20.1
    assert spru["innovations"] == 514
