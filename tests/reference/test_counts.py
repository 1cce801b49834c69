from hypothesis import given
from hypothesis import strategies as st

from innosurvey.reference.counts import counts_behind


@given(st.lists(st.integers(min_value=0, max_value=60), min_size=2, max_size=5).filter(any))
def test_the_true_counts_are_among_those_behind_their_rounded_shares(counts):
    n = sum(counts)
    shares = [round(100 * count / n, 1) for count in counts]
    found = list(counts_behind(shares, n, 0.05))
    assert tuple(counts) in found
    assert all(sum(one) == n for one in found)


def test_shares_of_a_small_number_fit_no_other_one_near():
    # 2 of 7, 5 of 7
    assert [n for n in range(1, 30) if list(counts_behind([28.6, 71.4], n, 0.05))] == [7, 14, 21, 28]


def test_shares_that_add_up_to_more_than_a_whole_are_of_no_number():
    assert not [n for n in range(1, 500) if list(counts_behind([60.0, 45.0], n, 0.05))]


def test_roughly_rounded_shares_may_be_several_counts():
    assert list(counts_behind([50, 50], 101, 0.5)) == [(50, 51), (51, 50)]
