from hypothesis import given
from hypothesis import strategies as st

from innosurvey.reference.spans import Span, total

numbers = st.floats(min_value=1, max_value=1e6)
halves = st.floats(min_value=0, max_value=0.5)
places = st.floats(min_value=-1, max_value=1)


@given(numbers, numbers, halves, halves, places, places)
def test_the_span_of_a_result_holds_the_result_of_any_true_numbers(a, b, rounding_a, rounding_b, where_a, where_b):
    first, second = Span.of(a, rounding_a), Span.of(b, rounding_b)
    true_a, true_b = a + where_a * rounding_a, b + where_b * rounding_b
    for span, true in (
        (first + second, true_a + true_b),
        (first - second, true_a - true_b),
        (first * second, true_a * true_b),
        (first / second, true_a / true_b),
    ):
        slack = 1e-9 * max(1, abs(true))
        assert span.lowest - slack <= true <= span.highest + slack


def test_the_sum_of_seven_rounded_shares_may_be_off_by_seven_halves():
    found = total(Span.of(10.0, 0.05) for _ in range(7))
    assert (round(found.lowest, 10), found.value, round(found.highest, 10)) == (69.65, 70.0, 70.35)


def test_spans_that_share_a_value_meet():
    assert Span.of(99.8, 0.05).meets(Span(99.8668, 99.8335, 99.9001))
    assert not Span.of(91).meets(Span(96.429, 94.13, 98.73))
