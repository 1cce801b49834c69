"""All tables of one cohort."""

import pandas as pd
import pytest

from innosurvey import tables
from innosurvey.compare import FAMILIES, compare_all, parse_plan
from innosurvey.errors import StudyError
from innosurvey.kept import Kept
from tests.compare.make import ITEMS, RULES, firms

ASKED = {
    "compare": {"c": {"cohort": "made", "reference": "b", "items": ["sales", "innovates"], "family": "f"}},
    "rank": {"r": {"cohort": "made", "items": ["innovates", "exports"], "family": "f"}},
    "decompose": {
        "d": {"cohort": "made", "group": "a", "reference": "b", "outcomes": ["sales"], "terms": ["industry"]}
    },
}
PLAN = parse_plan(ASKED, ITEMS, "made", ("a", "b", "c"))


@pytest.fixture(scope="module")
def made() -> dict[str, pd.DataFrame]:
    return compare_all(PLAN, firms(), RULES)


def test_each_table_keeps_its_contract(made):
    for name, table in made.items():
        assert len(table) > 0
        tables.fail_if_contract_is_broken(name, table, f"{name}.csv")


def test_weights_of_one_change_nothing_where_all_weights_are_one():
    found = compare_all(PLAN, firms().assign(weight_final=1.0), RULES)
    pd.testing.assert_frame_equal(found["compare"], found["unweighted"])


def test_unweighted_estimates_are_those_of_the_firms_as_they_are(made):
    row = made["unweighted"].query("item == 'sales' and group == 'a' and wave == '2020'").iloc[0]
    assert row["estimate_group"] == pytest.approx(firms().query("group == 'a'")["y"].mean())


def test_p_values_of_each_table_are_adjusted(made):
    for name in FAMILIES:
        assert made[name].loc[made[name]["p"].notna(), "p_adjusted"].notna().all()


def test_draws_that_agree_give_the_tables_of_one_survey(made):
    drawn = pd.concat([firms().assign(draw=draw) for draw in (1, 2)], ignore_index=True)
    for name, table in compare_all(PLAN, drawn, RULES).items():
        pd.testing.assert_frame_equal(table.drop(columns="fmi"), made[name], rtol=1e-9)


def test_a_cohort_without_entries_gives_empty_tables():
    found = compare_all(parse_plan({}, ITEMS, "made", ("a",)), firms(), RULES)
    assert {name: len(table) for name, table in found.items()} == dict.fromkeys(found, 0)


@pytest.mark.parametrize(
    ("section", "change", "message"),
    [
        ("rank", {"items": ["innovates", "sales"]}, "sets items of different kinds against each other"),
        ("rank", {"items": ["productivity", "sales"]}, "neither shares nor means:\n  - productivity: a ratio"),
        ("rank", {"groups": ["d"]}, "rank.r: cohort made has no such groups:\n  - d"),
        ("decompose", {"coefficients": "polled"}, r"`polled` is not one of .* Did you mean pooled"),
        ("decompose", {"outcomes": ["sale"]}, "decompose.d names items that `describe:` does not declare"),
        ("decompose", {"terms": []}, "decompose.d: `terms` is missing"),
    ],
)
def test_a_faulty_entry_is_refused_with_its_name_and_the_fault(section, change, message):
    ((name, entry),) = ASKED[section].items()
    with pytest.raises(StudyError, match=message):
        parse_plan({section: {name: {**entry, **change}}}, ITEMS, "made", ("a", "b", "c"))


def test_only_what_an_item_goes_into_is_compared_again():
    first = Kept()
    compare_all(PLAN, firms(), RULES, kept=first)
    changed = firms().assign(y=lambda rows: rows["y"] + (rows.index == 0))
    again = Kept(before=first.now)
    found = compare_all(PLAN, changed, RULES, kept=again)
    for name, table in compare_all(PLAN, changed, RULES).items():
        pd.testing.assert_frame_equal(found[name], table)
    anew = len(again.now.keys() - first.now.keys())
    assert 0 < anew < len(again.now) / 2
