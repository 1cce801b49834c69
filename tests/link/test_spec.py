"""What a researcher can write under `link:`."""

import pytest

from innosurvey.errors import StudyError
from innosurvey.link import parse_links

EVENTS = {"how": "events", "date": "start", "into": {"n": "count"}}


def test_a_register_without_a_link_is_left_out():
    assert list(parse_links({"frame": {}, "patents": EVENTS})) == ["patents"]


def test_an_event_is_counted_by_condition():
    into = parse_links({"p": EVENTS | {"into": {"local": "count(level == 'local')"}}})["p"].into[0]
    assert (into.aggregate, into.rule) == ("count", "level == 'local'")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"how": "event"}, "Did you mean events?"),
        ({"dat": "x"}, "Did you mean date?"),
        ({"within": "perod"}, "Did you mean period?"),
        ({"into": {"n": "amount"}}, "say how they become one value"),
        ({"into": {"n": "sum(amount"}}, "registers.p.link.into.n"),
        ({"how": "valid_at", "from": "a"}, "unknown key"),
    ],
)
def test_a_mistake_in_a_link_is_named(changes, words):
    with pytest.raises(StudyError) as caught:
        parse_links({"p": EVENTS | changes})
    assert words in str(caught.value)
