"""The hard edits on the synthetic survey, whose injected errors are on record."""

import pytest

from innosurvey.clean.units import wrong_factors
from tests.clean.truth import EDITS, WAVES, Wave, cleaned_waves

LEAST_RECALL = 0.95


@pytest.fixture(scope="module")
def waves() -> dict[str, Wave]:
    """The waves of the committed survey, cleaned."""
    return cleaned_waves()


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("kind", list(EDITS))
def test_injected_errors_of_each_kind_are_found_by_their_edits(kind, wave, waves):
    injected = waves[wave].injected[kind]
    found = injected & waves[wave].touched(EDITS[kind])
    assert len(found) >= LEAST_RECALL * len(injected), (len(found), len(injected))


@pytest.mark.parametrize("wave", WAVES)
def test_of_all_injected_errors_nineteen_in_twenty_are_found(wave, waves):
    injected = waves[wave].injected
    found = sum(len(rows & waves[wave].touched(EDITS[kind])) for kind, rows in injected.items())
    assert found >= 0.95 * sum(map(len, injected.values()))


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("kind", list(EDITS))
def test_what_an_edit_changes_is_an_injected_error(kind, wave, waves):
    """Precision by kind; a firm can be touched by an edit on account of another kind of error in it."""
    touched = waves[wave].touched(EDITS[kind])
    right = touched & set().union(*waves[wave].injected.values())
    assert len(right) >= 0.95 * len(touched), (len(right), len(touched))


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize(("kind", "name"), [("unit_error_sales", "sales_t"), ("unit_error_rnd", "exp_rnd_in")])
def test_amounts_in_the_wrong_unit_get_the_right_amount(kind, name, wave, waves):
    before, after = waves[wave].amounts(name, waves[wave].injected[kind])
    right = (after - before / 1000).abs() <= 0.001 * before / 1000  # the amounts were rounded when they were made
    assert right.mean() >= 0.9


@pytest.mark.parametrize("wave", WAVES)
def test_no_right_answer_is_touched(wave, waves):
    injected = set().union(*waves[wave].injected.values())
    ledger = waves[wave].cleaned.ledger.query("action not in ('dropped', 'not_linked')")
    touched = set(ledger["_source_row"].map(int))
    assert touched <= injected


@pytest.mark.parametrize("wave", WAVES)
def test_a_thousandfold_rnd_answer_is_found_whatever_its_share_of_sales(wave, waves):
    """The injected errors all exceed the sales tenfold; here every right answer is made wrong, small ones too."""
    firms = waves[wave].cleaned.firms.query("exp_rnd_in > 0 and employees_t > 0")
    reference = 30 * firms["employees_t"].to_numpy(dtype=float)
    found = wrong_factors(1000 * firms["exp_rnd_in"].to_numpy(dtype=float), reference, (1000.0,), 31.6)
    assert (found == 1000).mean() >= 0.98
