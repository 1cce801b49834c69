import pytest

from innosurvey.claims.spec import parse_claims
from innosurvey.errors import StudyError
from tests.claims.made_up import ACTIVE, MORE, claim

ENTRY = {"title": "Active firms do better", "source": "a study", "family": "performance"}


def parsed(hypothesis, **changes):
    return parse_claims({"C1": {**ENTRY, "hypotheses": {"h": {"title": "More", **hypothesis}}, **changes}})


def test_a_coefficient_is_of_all_firms_unless_it_says_otherwise():
    spec = claim({"coefficient": {"model": "growth", "term": "size"}, "sign": "positive"})
    assert spec.hypotheses[0].estimand.key == {"model": "growth", "term": "size", "cohort": "all", "group": "all"}


def test_a_variant_changes_the_part_of_the_key_that_it_names():
    spec = claim({**MORE, "variants": {"oslo": {"cohort": "activity_oslo"}}})
    assert spec.hypotheses[0].variants["oslo"].key == {**ACTIVE, "cohort": "activity_oslo"}


def test_an_entry_set_to_null_is_no_claim():
    assert parse_claims({"C1": None}) == ()


@pytest.mark.parametrize(
    ("hypothesis", "said"),
    [
        ({"sign": "positive"}, "give exactly one of comparison, coefficient, ranking, heterogeneity"),
        (
            {**MORE, "sign": "positiv"},
            "`positiv` is not one of positive, negative, none, differ. Did you mean positive?",
        ),
        ({**MORE, "sign": "differ"}, "sign `differ` belongs to `heterogeneity`"),
        ({"heterogeneity": {"cohort": "zone", "item": "x"}, "sign": "positive"}, "sign `differ` belongs to"),
        ({**MORE, "sign": "none"}, "Add `matters:`"),
        ({**MORE, "matters": -1}, "-1 is no smallest effect"),
        ({**MORE, "variants": {"main": {"cohort": "x"}}}, "no variant may be called `main`"),
        ({**MORE, "variants": {"oslo": {}}}, "nothing differs from the hypothesis"),
        ({**MORE, "variants": {"oslo": {"cohrt": "x"}}}, "unknown key `cohrt`. Did you mean cohort?"),
        ({"comparison": {"cohort": "a", "group": "b", "item": "x"}, "sign": "positive"}, "`reference` is missing"),
    ],
)
def test_a_hypothesis_that_cannot_be_judged_is_refused_with_its_place(hypothesis, said):
    with pytest.raises(StudyError) as caught:
        parsed(hypothesis)
    assert str(caught.value).startswith("claims.C1.hypotheses.h")
    assert said in str(caught.value)


def test_a_claim_without_hypotheses_is_refused():
    with pytest.raises(StudyError, match="a claim needs a hypothesis"):
        parse_claims({"C1": {**ENTRY, "hypotheses": {"h": None}}})


def test_a_misspelt_way_to_decide_is_refused():
    with pytest.raises(StudyError, match="`al` is not one of all, any"):
        parsed(MORE, decide="al")
