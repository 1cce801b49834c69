"""Tests of a level that no question offers are not asked: they are left out, and never count as no."""

import pandas as pd
import pytest

from innosurvey.expressions import evaluate, missing_names

OFFERS = {"tax": ("central", "none"), "place": ("abroad", "domestic", "none"), "importance": (0.0, 2.0)}
HAD = ["tax", "place", "importance", "other"]


@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        ("tax == 'local'", ["'local' of tax"]),
        ("tax in ('local', 'both')", ["'local' or 'both' of tax"]),
        ("not tax in ('local', 'both')", ["'local' or 'both' of tax"]),
        ("includes(place, 'seoul_metro')", ["'seoul_metro' of place"]),
        ("importance == 3", ["3 of importance"]),
        ("importance > 2", ["more than 2 of importance"]),
        ("importance < 0", ["less than 0 of importance"]),
        ("when(tax == 'local', 1, 0)", ["'local' of tax"]),
        ("gone == 'local'", ["gone"]),
    ],
)
def test_a_test_that_no_answer_on_offer_passes_is_missing(rule: str, missing: list[str]):
    assert missing_names(rule, HAD, offers=OFFERS) == missing


@pytest.mark.parametrize(
    "rule",
    [
        "tax in ('local', 'central')",
        "tax != 'local'",
        "includes(place, 'abroad')",
        "importance >= 1",
        "importance == 2",
        "other == 'anything'",
        "importance == 'high'",  # a mistake that evaluation explains
        "any(tax == 'local', tax == 'central')",
    ],
)
def test_a_test_that_some_answer_passes_can_be_computed(rule: str):
    assert missing_names(rule, HAD, offers=OFFERS) == []


def test_without_offers_every_level_counts_as_asked():
    assert missing_names("tax == 'local'", HAD) == []


def test_a_count_leaves_out_what_was_not_asked():
    places = pd.DataFrame({"place": ["domestic|abroad", "none"]})
    rule = "count(includes(place, 'seoul_metro'), includes(place, 'domestic'), includes(place, 'abroad'))"
    levels = {"place": ("seoul_metro", "domestic", "abroad")}
    assert evaluate(rule, places, levels=levels, offers=OFFERS).tolist() == [2, 0]
