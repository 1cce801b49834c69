from innosurvey.feed import Feed, why_absent, why_not_compared

COMPARISON = {"cohort": "activity", "reference": "dormant", "groups": ["active"], "items": ["patents"]}
FEED = Feed(
    groups={"activity": ("active", "dormant", "ongoing")},
    items=("patents", "sales"),
    comparisons=(COMPARISON,),
    rankings={},
    models={},
    lacks={("item", "exports"): "needs exports_t"},
)


def test_what_can_be_had_is_not_absent():
    assert why_absent("item", "patents", FEED.items, FEED) == ""


def test_what_lacks_a_question_says_which():
    assert why_absent("item", "exports", FEED.items, FEED) == "exports needs exports_t"


def test_what_nobody_declares_is_named_with_the_near_name():
    assert why_absent("item", "patent", FEED.items, FEED) == "the study has no item patent. Did you mean patents?"


def test_a_comparison_that_is_made_is_not_missed():
    assert why_not_compared("activity", "active", "dormant", "patents", FEED) == ""


def test_a_group_that_the_cohort_lacks_is_named():
    assert why_not_compared("activity", "sleeping", "dormant", "patents", FEED) == (
        "the cohort activity has no group sleeping"
    )


def test_groups_and_items_that_no_comparison_has_are_named():
    said = "no comparison sets ongoing against dormant of activity in patents"
    assert why_not_compared("activity", "ongoing", "dormant", "patents", FEED) == said
    assert why_not_compared("activity", "active", "dormant", "sales", FEED).endswith("in sales")
