"""Whole counts behind rounded shares: 20.1, 13.6 … percent of how many?

A share printed to a digit is k/N for a whole k. With small N most sets of shares fit no N but the right one, so that
the shares themselves say what N was (as in tests of reported means: Brown and Heathers 2017, GRIM).
"""

from collections.abc import Iterator, Sequence
from math import ceil, floor

from innosurvey.reference.spans import NEARLY


def counts_behind(shares: Sequence[float], n: int, rounding: float) -> Iterator[tuple[int, ...]]:
    """Yield each set of whole counts that add up to `n` and print as these percentages of it."""
    yield from _adding_up([counts_printed_as(share, n, rounding) for share in shares], n)


def counts_printed_as(share: float, n: int, rounding: float) -> range:
    """Return the counts out of `n` that print as a percentage rounded to within ± `rounding`."""
    lowest, highest = (share - rounding) * n / 100, (share + rounding) * n / 100
    return range(max(0, ceil(lowest - NEARLY)), floor(highest + NEARLY) + 1)


def _adding_up(spans: Sequence[range], n: int) -> Iterator[tuple[int, ...]]:
    """Yield one number of each span such that they add up to `n`."""
    if not spans:
        yield from [()] if n == 0 else []
        return
    if not all(spans):
        return
    lowest, highest = sum(span[0] for span in spans[1:]), sum(span[-1] for span in spans[1:])
    for count in spans[0]:
        if lowest <= n - count <= highest:
            yield from ((count, *others) for others in _adding_up(spans[1:], n - count))
