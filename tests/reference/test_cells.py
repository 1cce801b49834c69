import pytest

from innosurvey.errors import DataError
from innosurvey.reference.cells import Cells

from .make import spec, staff


@pytest.fixture
def cells() -> Cells:
    return Cells(staff(), spec().tables)


def values(cells: Cells, addresses: str) -> list[float]:
    return [cell.span.value for cell in cells.find(addresses, "checks.csv row 2")]


def test_an_address_is_one_cell_and_a_range_runs_over_the_declared_order(cells):
    assert values(cells, "staff.large@2001") == [10]
    assert values(cells, "staff.large@2001..sum") == [10, 20, 30]
    assert values(cells, "staff.large..total@2001..2002") == [10, 20, 30, 60, 40, 80]


def test_several_addresses_are_parted_by_blanks(cells):
    assert values(cells, "staff.small@2001 staff.total@2001") == [30, 40]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("staff.smal@2001", "staff has no series smal. Did you mean small?"),
        ("staff.small@2003", "staff has no place 2003. Did you mean"),
        ("stuff.small@2001", "there is no table stuff. Did you mean staff?"),
        ("staff.firms@2002", "nothing is printed in staff.firms@2002"),
        ("staff small", "'staff' is no address of a cell"),
    ],
)
def test_an_address_that_leads_nowhere_is_named_with_its_row(cells, address, said):
    with pytest.raises(DataError) as caught:
        cells.find(address, "checks.csv row 2")
    assert str(caught.value).startswith("checks.csv row 2")
    assert said in str(caught.value)
