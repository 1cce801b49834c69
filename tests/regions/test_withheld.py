"""What is hidden must not follow from what is shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innosurvey.regions.withheld import Cells, Withheld, withheld_of
from innosurvey.report.linked import is_safe
from tests.regions.make import REGIONS, ZONE_OF, ZONES, places

PLACES = places()
COUNTS = st.lists(st.integers(0, 60), min_size=16, max_size=16)


def cells(rest: dict[str, int] | None = None, **counts: int) -> Cells:
    return Cells(counted={name: counts.get(name, 50) for name in REGIONS}, rest=rest or {})


def test_nothing_is_withheld_where_all_regions_have_the_firms():
    assert withheld_of(cells(), PLACES, 10) == Withheld()


def test_a_region_with_few_firms_takes_the_smallest_of_its_zone_with_it():
    found = withheld_of(cells(r00=4, r11=30), PLACES, 10)
    assert (found.regions, found.zones) == ({"r00", "r11"}, frozenset())


def test_two_small_regions_take_a_third_where_they_are_few_together():
    found = withheld_of(cells(r00=4, r01=3, r10=20), PLACES, 10)
    assert found.regions == {"r00", "r01", "r10"}


def test_few_of_the_rest_are_few():
    found = withheld_of(cells(rest={**dict.fromkeys(REGIONS, 50), "r22": 3}), PLACES, 10)
    assert "r22" in found.regions


def test_where_the_whole_is_hidden_so_is_its_part():
    whole = Withheld(regions=frozenset({"r00", "r01"}))
    assert withheld_of(cells(), PLACES, 10, whole).regions >= whole.regions


def test_a_small_zone_takes_another_and_one_of_its_regions():
    found = withheld_of(cells(r00=2, r01=2, r10=2, r11=2, r33=20), PLACES, 10)
    assert len(found.zones) == 2
    for zone in found.zones:
        assert any(ZONE_OF[name] == zone for name in found.regions)


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_no_small_count_follows_from_what_is_shown(counts):
    """The audit by linear programmes, which knows nothing of zones: each small count stays open over the threshold."""
    n, minimum = np.array(counts, dtype=float), 10
    found = withheld_of(Cells(counted=dict(zip(REGIONS, counts, strict=True)), rest={}), PLACES, minimum)
    shown = [np.ones(16)]
    shown += [np.eye(16)[place] for place, name in enumerate(REGIONS) if name not in found.regions]
    shown += [np.array([float(ZONE_OF[name] == zone) for name in REGIONS]) for zone in ZONES if zone not in found.zones]
    known = np.array(shown)
    if n.sum() < minimum:
        return
    for place, count in enumerate(counts):
        if 0 < count < minimum:
            assert is_safe(np.eye(16)[place], known, known @ n, minimum)


@pytest.mark.parametrize("minimum", [1, 5])
def test_a_lower_threshold_hides_no_more(minimum):
    few = cells(r00=4, r01=7, r22=9)
    assert withheld_of(few, PLACES, minimum).regions <= withheld_of(few, PLACES, 10).regions
