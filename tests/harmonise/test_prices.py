import pandas as pd
import pytest

from innosurvey.errors import DataError, StudyError
from innosurvey.harmonise.prices import price_levels, prices_of
from innosurvey.harmonise.spec import PRICES, PricesSpec
from tests.harmonise.make import crosswalk as table

SPEC = PricesSpec(file="p.csv", base=2020, source="the office")
SERIES = "year,index,source,status\n2016,90,x,ok\n2017,95,x,ok\n2018,100,x,ok\n2019,110,x,ok\n2020,125,x,ok\n"


def levels(text=SERIES, spec=SPEC, years=None):
    return price_levels(table(text), spec, years or {"2018": 2018, "2020": 2020})


def test_levels_are_those_of_the_last_year_and_the_two_before_with_the_base_year_at_one():
    found = levels().set_index("wave")
    assert found.loc["2018", list(PRICES)].tolist() == pytest.approx([0.8, 0.76, 0.72])  # 100, 95, 90 over 125
    assert found.loc["2020", list(PRICES)].tolist() == pytest.approx([1.0, 0.88, 0.8])


def test_another_base_year_changes_levels_but_no_growth():
    moved = levels(spec=PricesSpec(file="p.csv", base=2016, source="the office")).set_index("wave")
    ratio = moved["price_t"] / moved["price_t2"]
    assert ratio.tolist() == pytest.approx((levels()["price_t"] / levels()["price_t2"]).tolist())


def test_a_year_that_the_series_lacks_is_named_with_the_file_and_the_remedy():
    with pytest.raises(DataError) as caught:
        levels(years={"2018": 2018, "2022": 2022})
    message = str(caught.value)
    assert "p.csv: the price series lacks years that the waves ask about:\n  - 2021\n  - 2022" in message
    assert "It has 2016 to 2020. Add the years from the office" in message


def test_a_base_year_outside_the_series_is_named_too():
    with pytest.raises(DataError, match="- 2010"):
        levels(spec=PricesSpec(file="p.csv", base=2010, source="the office"))


def test_rows_that_are_no_price_are_named_by_their_place():
    with pytest.raises(DataError) as caught:
        levels(SERIES + "2020,130,x,ok\n2021,0,x,ok\n2022,much,x,ok\n")
    message = str(caught.value)
    assert "row 7: the year stands twice" in message
    assert "row 8: no year, or no index above 0" in message
    assert "row 9: no year, or no index above 0" in message


def test_a_series_without_its_columns_says_what_it_needs():
    with pytest.raises(DataError, match="no column index, source, status"):
        levels("year,cpi\n2020,100\n")


BY_INDUSTRY = "year,index,source,status,industry\n" + "".join(
    f"{year},{index},x,ok,{industry}\n"
    for industry, last in (("", 200), ("26", 50))
    for year, index in ((2018, 100), (2019, 100), (2020, last))
)


def test_a_series_by_industry_needs_the_code_that_it_goes_by():
    with pytest.raises(StudyError, match=r"harmonise\.prices\.industry"):
        levels(BY_INDUSTRY, years={"2020": 2020})


def test_firms_get_the_prices_of_their_industry_and_the_others_the_common_ones():
    spec = PricesSpec(file="p.csv", base=2018, source="x", industry="code")
    found = levels(BY_INDUSTRY, spec, {"2020": 2020})
    codes = pd.Series(["261", "62", None], dtype="str")
    assert prices_of(pd.Series(["2020"] * 3), codes, found)["price_t"].tolist() == [0.5, 2.0, 2.0]
