"""The row of 1970-74 in the table of innovations by size is printed wrongly; what it was is worked out by hand here."""

from dataclasses import replace

import pytest

from innosurvey.reference.counts import counts_behind
from innosurvey.reference.derive import Shares, derive_rows

from .make import own, own_context

CLASSES = ("1-199", "200-499", "500-999", "1000-9999", "10000-29000", "30000-99999", "100000+")
# whole counts that print as the shares of the six sound periods, found by hand from share × number
SOUND = {
    "1945-49": (42, 21, 20, 110, 26, 2, 5),
    "1955-59": (92, 72, 59, 204, 61, 14, 12),
    "1960-64": (119, 87, 70, 286, 80, 23, 19),
    "1965-69": (154, 102, 82, 273, 66, 24, 19),
    "1975-79": (258, 112, 107, 245, 68, 22, 11),
    "1980-83": (127, 70, 40, 116, 27, 11, 5),
}
TOTALS = (1025, 605, 480, 1625, 427, 125, 91)


def rows_of(table) -> list[Shares]:
    return [
        Shares(
            period=row["at"],
            percent=tuple(float(row[name]) for name in CLASSES),
            n=int(row["innovations"]),
            rounding=0.05,
        )
        for row in table.to_dict("records")[:8]
    ]


@pytest.fixture
def rows() -> list[Shares]:
    return rows_of(own("spru_1"))


def test_six_periods_are_whole_counts_out_of_the_number_printed_beside_them(rows):
    assert {row.period: row.counts for row in rows if row.counts is not None} == SOUND


def test_the_shares_of_1950_54_are_not_out_of_514_but_out_of_359(rows):
    shares = rows[1].percent
    assert not list(counts_behind(shares, 514, 0.05))
    assert list(counts_behind(shares, 359, 0.05)) == [(72, 49, 22, 168, 33, 10, 5)]


def test_the_row_of_1970_74_is_what_the_totals_leave(rows):
    by_hand = [
        total - sum(counts[place] for counts in SOUND.values()) - (72, 49, 22, 168, 33, 10, 5)[place]
        for place, total in enumerate(TOTALS)
    ]
    assert by_hand == [161, 92, 80, 223, 66, 19, 15]
    assert derive_rows(rows, TOTALS) == {"1950-54": (72, 49, 22, 168, 33, 10, 5), "1970-74": tuple(by_hand)}


def test_the_derived_rows_stand_beside_the_printed_ones():
    found = own_context().series
    derived = found[found["table"] == "derived_spru_1"].set_index(["series", "at"])["value"]
    assert [derived["innovations", at] for at in ("1950-54", "1970-74")] == [359, 656]
    assert [round(derived[name, "1970-74"], 1) for name in CLASSES] == [24.5, 14.0, 12.2, 34.0, 10.1, 2.9, 2.3]
    printed = found[(found["table"] == "spru_1") & (found["at"] == "1970-74")].set_index("series")["value"]
    assert [printed[name] for name in CLASSES] == [24.5, 14.0, 11.4, 37.9, 9.2, 3.3, 2.6]


def test_nothing_is_derived_where_a_third_row_is_wrong_as_well(rows):
    assert derive_rows([replace(rows[0], n=227), *rows[1:]], TOTALS) == {}


def test_nothing_is_derived_where_all_rows_are_sound(rows):
    sound = [row for row in rows if row.counts is not None]
    assert derive_rows(sound, TOTALS) == {}


def test_nothing_is_derived_where_the_totals_agree_with_no_number(rows):
    assert derive_rows(rows, (1025, 605, 480, 1625, 427, 125, 9)) == {}


def test_a_known_row_is_recovered_from_a_table_that_repeats_another():
    true = {"a": (31, 17, 9), "b": (40, 22, 35), "c": (55, 18, 40), "d": (26, 47, 11)}
    totals = [sum(counts[place] for counts in true.values()) for place in range(3)]

    def printed(period: str) -> tuple[float, ...]:
        return tuple(round(100 * count / sum(true[period]), 1) for count in true[period])

    lost = (*printed("c")[:1], *printed("b")[1:])  # from the second class on the row above is repeated
    rows = [
        Shares(period="a", percent=printed("a"), n=97, rounding=0.05),  # the number of the row below: 57 is right
        Shares(period="b", percent=printed("b"), n=97, rounding=0.05),
        Shares(period="c", percent=lost, n=97, rounding=0.05),
        Shares(period="d", percent=printed("d"), n=84, rounding=0.05),
    ]
    assert derive_rows(rows, totals) == {"a": true["a"], "c": true["c"]}
