"""The `localisation` section."""

import pytest

from innosurvey.clean import parse_localisation
from innosurvey.errors import StudyError


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"reliability": {"sales": 2}}, "localisation.reliability: there is no variable sales. Did you mean sales_t?"),
        ({"reliability": {"sales_t": 0}}, "localisation.reliability.sales_t: expected a number above 0, not `0`"),
        ({"reliability": {"sales_t": "much"}}, "expected a number above 0, not `much`"),
        ({"reliability": ["sales_t"]}, "expected `key: value` entries"),
        ({"most_fields": 0}, "localisation.most_fields: expected a whole number from 1, not `0`"),
        ({"most_field": 3}, "Did you mean most_fields?"),
    ],
)
def test_a_mistake_in_the_section_is_named(section, words):
    with pytest.raises(StudyError) as caught:
        parse_localisation(section, ["sales_t", "exports_t"])
    assert words in str(caught.value)


def test_without_the_section_all_fields_weigh_the_same():
    assert parse_localisation(None, []).weight(["a", "b"]) == 2
