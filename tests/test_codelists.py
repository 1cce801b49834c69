"""Looking codes up: the first digits, the gaps, the mistakes."""

import pandas as pd
import pytest

from innosurvey.codelists import look_up, parse_lookup, values_of
from innosurvey.errors import DataError, StudyError

CODELISTS = {"industries": pd.DataFrame({"code": ["26", "62"], "class": ["high", "services"]})}
FIRMS = pd.DataFrame({"ksic": pd.Series(["26112", "62010", None], dtype="str")})


def lookup(**changes: object):
    entry = {"variable": "ksic", "digits": 2, "codelist": "industries", "code": "code", "value": "class"}
    return parse_lookup(entry | changes, "derived.x.lookup")


def test_a_code_is_looked_up_by_its_first_digits():
    assert look_up(FIRMS, lookup(), CODELISTS).to_list()[:2] == ["high", "services"]


def test_a_firm_without_a_code_has_no_class():
    assert look_up(FIRMS, lookup(otherwise="other"), CODELISTS).isna().to_list() == [False, False, True]


def test_a_code_that_the_list_lacks_is_named_with_its_count():
    firms = pd.DataFrame({"ksic": ["41001", "41002"]})
    with pytest.raises(DataError, match=r"41: 2 firms[\s\S]*otherwise"):
        look_up(firms, lookup(), CODELISTS)


def test_otherwise_takes_what_the_list_lacks():
    firms = pd.DataFrame({"ksic": ["41001", "26001"]})
    assert look_up(firms, lookup(otherwise="other"), CODELISTS).to_list() == ["other", "high"]
    assert values_of(lookup(otherwise="other"), CODELISTS) == ["high", "services", "other"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"codelst": "x"}, "Did you mean codelist?"),
        ({"codelist": "industry"}, "Did you mean industries?"),
        ({"value": "clas"}, "Did you mean class?"),
        ({"digits": "two"}, "number of characters"),
    ],
)
def test_a_mistake_in_a_lookup_gets_the_near_name(changes, words):
    with pytest.raises(StudyError) as caught:
        look_up(FIRMS, lookup(**changes), CODELISTS)
    assert words in str(caught.value)


def test_a_code_that_stands_twice_is_refused():
    twice = {"industries": pd.DataFrame({"code": ["26", "26"], "class": ["high", "low"]})}
    with pytest.raises(DataError, match="a code stands twice: 26"):
        look_up(FIRMS, lookup(), twice)


def test_the_first_variable_that_the_firms_have_is_looked_up():
    harmonised = FIRMS.assign(ksic_harmonised=pd.Series(["62", "62", "26"], dtype="str"))
    spec = lookup(variable=["ksic_harmonised", "ksic"])
    assert look_up(FIRMS, spec, CODELISTS).to_list()[:2] == ["high", "services"]
    assert look_up(harmonised, spec, CODELISTS).to_list() == ["services", "services", "high"]
