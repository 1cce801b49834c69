"""Registers joined to a wave."""

import pandas as pd
import pytest

from innosurvey.errors import DataError, StudyError
from innosurvey.link import link_registers, parse_links

A, B, C, WRONG = "1234567891", "1018116293", "2208162517", "1234567890"
PERIOD = ("2016-01-01", "2018-12-31")
CERTIFICATES = {
    "how": "valid_at",
    "at": "period_end",
    "from": "valid_from",
    "to": "valid_to",
    "into": {"cert_venture": "certificate == 'venture'", "cert_innobiz": "certificate == 'innobiz'"},
}
FINANCIALS = {"how": "year", "year": "fiscal_year", "into": {"register_sales": "sales"}}
PROGRAMMES = {
    "how": "events",
    "date": "start",
    "within": "period",
    "into": {
        "n": "count",
        "amount": "sum(amount)",
        "local": "any(level == 'local')",
        "n_local": "count(level == 'local')",
    },
}


def make_firms(*ids: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "_source_row": range(2, len(ids) + 2),
            "wave": pd.array(["2018"] * len(ids), dtype="str"),
            "firm_id": pd.array(ids, dtype="str"),
            "stratum_id": pd.array(["x"] + ["y"] * (len(ids) - 1), dtype="str"),
        }
    )


def make_register(**columns: list) -> pd.DataFrame:
    register = pd.DataFrame(columns)
    for name in ("valid_from", "valid_to", "start"):
        if name in register:
            register[name] = pd.to_datetime(register[name]).dt.as_unit("s")
    return register.assign(_source_row=range(2, len(register) + 2))


def link(firms: pd.DataFrame, name: str, register: pd.DataFrame, spec: dict, check: str = "krw_brn"):
    return link_registers(firms, {name: register}, parse_links({name: spec}), PERIOD, check)


def certificates(*rows: tuple) -> pd.DataFrame:
    names = ("firm_id", "certificate", "valid_from", "valid_to")
    return make_register(**{name: [row[place] for row in rows] for place, name in enumerate(names)})


def test_the_check_digits_of_the_test_firms_are_right():
    assert link(make_firms(A, B, C, WRONG), "c", certificates((A, "venture", "2018-01-01", None)), CERTIFICATES).firms[
        "_key_valid"
    ].to_list() == [True, True, True, False]


def test_a_certificate_counts_when_it_holds_on_the_day():
    rows = [(A, "venture", "2018-06-01", "2020-05-31"), (B, "venture", "2016-01-01", "2018-12-30")]
    linked = link(make_firms(A, B, C), "certificates", certificates(*rows), CERTIFICATES).firms
    assert linked["cert_venture"].to_list() == [True, False, False]
    assert linked["cert_innobiz"].to_list() == [False, False, False]


def test_a_certificate_without_an_end_goes_on():
    linked = link(make_firms(A), "certificates", certificates((A, "venture", "2010-06-01", None)), CERTIFICATES).firms
    assert linked["cert_venture"].to_list() == [True]


def test_two_certificates_at_once_are_both_kept():
    rows = [(A, "venture", "2018-06-01", "2020-05-31"), (A, "innobiz", "2018-01-01", "2020-12-31")]
    linked = link(make_firms(A), "certificates", certificates(*rows), CERTIFICATES).firms
    assert linked[["cert_venture", "cert_innobiz"]].to_numpy().tolist() == [[True, True]]


def test_overlapping_validity_names_register_row_and_remedy():
    rows = [(A, "venture", "2016-06-01", "2018-05-31"), (A, "venture", "2018-01-01", "2020-12-31")]
    with pytest.raises(
        DataError, match=r"register certificates, row 3: the validity of one certificate overlaps[\s\S]*End the"
    ):
        link(make_firms(A), "certificates", certificates(*rows), CERTIFICATES)


def test_a_renewal_on_the_last_day_is_no_overlap():
    rows = [(A, "venture", "2016-06-01", "2018-05-31"), (A, "venture", "2018-05-31", "2020-12-31")]
    assert link(make_firms(A), "certificates", certificates(*rows), CERTIFICATES).firms["cert_venture"].to_list() == [
        True
    ]


def test_an_end_before_its_beginning_is_refused():
    with pytest.raises(DataError, match="row 2: valid_to lies before valid_from"):
        link(make_firms(A), "certificates", certificates((A, "venture", "2018-06-01", "2018-05-31")), CERTIFICATES)


def test_the_year_is_that_of_the_period_end():
    register = make_register(firm_id=[A, A, B], fiscal_year=[2017, 2018, 2017], sales=[1.0, 2.0, 3.0])
    linked = link(make_firms(A, B), "financials", register, FINANCIALS).firms
    assert linked["register_sales"].fillna(-1).to_list() == [2.0, -1]
    assert linked["register_sales_flag"].to_list() == ["observed", "missing"]


def test_a_firm_with_two_rows_for_a_year_names_register_rows_and_remedy():
    register = make_register(firm_id=[A, B, A], fiscal_year=[2018, 2018, 2018], sales=[1.0, 2.0, 3.0])
    with pytest.raises(DataError, match=r"register financials, rows 2, 4: [\s\S]*Keep one row"):
        link(make_firms(A), "financials", register, FINANCIALS)


def test_events_are_counted_and_added_up_within_the_period():
    register = make_register(
        firm_id=[A, A, A, B],
        start=["2016-01-01", "2018-12-31", "2019-01-01", "2017-05-05"],
        amount=[10.0, 5.0, 100.0, 7.0],
        level=["local", "central", "local", "central"],
    )
    linked = link(make_firms(A, B, C), "programmes", register, PROGRAMMES).firms
    assert linked["n"].to_list() == [2, 1, 0]
    assert linked["amount"].to_list() == [15.0, 7.0, 0.0]
    assert linked["local"].to_list() == [True, False, False]
    assert linked["n_local"].to_list() == [1, 0, 0]


def test_formats_of_the_key_may_differ_between_files():
    firms = make_firms("123-45-67891")
    register = make_register(firm_id=["１２３４５６７８９１"], fiscal_year=[2018], sales=[1.0])
    linked = link(firms, "financials", register, FINANCIALS).firms
    assert (linked["firm_id"].to_list(), linked["register_sales"].to_list()) == ([A], [1.0])


def test_a_firm_with_a_wrong_check_digit_is_kept_and_not_linked():
    register = make_register(firm_id=[WRONG], fiscal_year=[2018], sales=[1.0])
    result = link(make_firms(A, WRONG), "financials", register, FINANCIALS)
    assert result.firms["firm_id"].to_list() == [A, WRONG]
    assert result.firms["register_sales"].isna().all()


def test_a_wrong_key_in_a_register_is_counted():
    register = make_register(firm_id=[WRONG, A], fiscal_year=[2018, 2018], sales=[1.0, 2.0])
    ledger = link(make_firms(A), "financials", register, FINANCIALS).ledger
    assert ledger.set_index("rule")["rows"].to_dict() == {"wrong_check_digit": 1, "not_in_survey": 0}


def test_rows_of_the_wave_that_no_firm_of_the_survey_has_are_counted():
    register = make_register(firm_id=[A, B, C, C], fiscal_year=[2018, 2018, 2017, 2018], sales=[1.0, 2.0, 3.0, 4.0])
    ledger = link(make_firms(A), "financials", register, FINANCIALS).ledger
    assert ledger.set_index("rule").loc["not_in_survey", ["variable", "action", "rows"]].to_list() == [
        "financials",
        "counted",
        2,
    ]


def test_a_row_that_stands_twice_is_used_once_and_counted():
    register = make_register(firm_id=[A, "123-45-67891", B], fiscal_year=[2018] * 3, sales=[1.0, 1.0, 2.0])
    result = link(make_firms(A, B), "financials", register, FINANCIALS)
    assert result.firms["register_sales"].to_list() == [1.0, 2.0]
    assert result.ledger.set_index("rule").loc["repeated_row", "rows"] == 1


def test_a_certificate_delivered_twice_does_not_overlap_itself():
    rows = [(A, "venture", "2016-06-01", "2019-05-31")] * 2
    result = link(make_firms(A), "certificates", certificates(*rows), CERTIFICATES)
    assert result.firms["cert_venture"].to_list() == [True]
    assert result.ledger.set_index("rule").loc["repeated_row", "rows"] == 1


def test_two_events_of_one_day_are_two():
    register = make_register(firm_id=[A, A], start=["2017-01-01"] * 2, amount=[10.0] * 2, level=["local"] * 2)
    result = link(make_firms(A), "programmes", register, PROGRAMMES)
    assert (result.firms["n"].to_list(), result.firms["amount"].to_list()) == ([2], [20.0])
    assert "repeated_row" not in set(result.ledger["rule"])


def test_strata_of_a_later_register_count_the_links_of_an_earlier_one():
    frame = make_register(firm_id=[A, B], wave=["2018", "2018"], stratum=["x", "y"])
    statements = make_register(firm_id=[A], fiscal_year=[2018], sales=[1.0])
    links = {"financials": FINANCIALS, "frame": {"how": "year", "year": "wave", "into": {"stratum_id": "stratum"}}}
    firms = make_firms(A, B).drop(columns="stratum_id")
    registers = {"financials": statements, "frame": frame}
    rates = link_registers(firms, registers, parse_links(links), PERIOD, "krw_brn").rates
    assert rates.loc[rates["register"] == "financials", "rate"].to_list() == [1.0, 0.0, 0.5]


def test_nothing_is_said_about_a_firm_whose_key_cannot_be_right():
    linked = link(
        make_firms(A, WRONG), "certificates", certificates((A, "venture", "2018-01-01", None)), CERTIFICATES
    ).firms
    assert linked["cert_venture"].isna().to_list() == [False, True]


def test_a_register_of_listed_firms_says_nothing_about_others():
    register = certificates((A, "venture", "2018-01-01", None))
    linked = link(make_firms(A, B), "certificates", register, CERTIFICATES | {"covers": "listed"}).firms
    assert linked["cert_venture"].isna().to_list() == [False, True]


def test_link_rates_are_by_stratum_and_over_all():
    register = make_register(firm_id=[A, B], fiscal_year=[2018, 2018], sales=[1.0, 2.0])
    rates = link(make_firms(A, B, C), "financials", register, FINANCIALS).rates
    rows = rates[["stratum_id", "n", "linked", "rate"]].to_numpy().tolist()
    assert rows == [["x", 1, 1, 1.0], ["y", 2, 1, 0.5], ["all", 3, 2, 2 / 3]]


def test_firms_that_become_the_same_are_refused():
    with pytest.raises(DataError, match="rows 2, 3"):
        link(make_firms(A, "123-45-67891"), "c", certificates((A, "venture", "2018-01-01", None)), CERTIFICATES)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"year": "fiscal_yaer"}, "Did you mean fiscal_year?"),
        ({"into": {"register_sales": "salse"}}, "Did you mean sales?"),
        ({"into": {"wave": "sales"}}, "has this variable already"),
    ],
)
def test_a_link_that_the_register_cannot_serve_is_named(changes, words):
    register = make_register(firm_id=[A], fiscal_year=[2018], sales=[1.0])
    with pytest.raises(StudyError) as caught:
        link(make_firms(A), "financials", register, FINANCIALS | changes)
    assert words in str(caught.value)


def test_a_wave_without_registers_passes_through():
    result = link_registers(make_firms(A), {}, {}, PERIOD)
    assert (len(result.firms), len(result.rates)) == (1, 0)


def test_keys_that_only_lack_their_leading_zeros_are_refused_not_left_unlinked():
    register = certificates(("0012", "venture", "2017-01-01", "2019-12-31"))
    with pytest.raises(DataError, match="1 would be without leading zeros"):
        link(make_firms("12", "13"), "certificates", register, CERTIFICATES, "none")


def test_a_register_that_truly_holds_no_firm_of_the_wave_is_no_error():
    register = certificates(("99", "venture", "2017-01-01", "2019-12-31"))
    linked = link(make_firms("12", "13"), "certificates", register, CERTIFICATES, "none")
    assert linked.firms["cert_venture"].tolist() == [False, False]
