import pandas as pd
import pytest

from innosurvey import study
from innosurvey import tables as contracts
from innosurvey.policy.action import ACTIONS
from innosurvey.policy.recommendations import choose_recommendations
from innosurvey.policy.spec import VERDICTS, PolicySpec, parse_policy
from tests.policy.made_up import ANSWER, frame, spec, verdicts

OTHERWISE = {**ANSWER, "text": "Ask first", "verdicts": list(VERDICTS[1:])}


def chosen(verdict="supported", filled=None, **text):
    """The row of a text on C7, where C7 has this verdict."""
    texts = {"lend": {**ANSWER, "verdicts": ["supported"], **text}, "ask": OTHERWISE}
    declared = spec(recommendations=texts)
    rows = choose_recommendations(declared, frame() if filled is None else filled, verdicts(C7=verdict))
    return rows.set_index("recommendation")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_text_follows_the_verdict(verdict):
    rows = chosen(verdict)
    assert (rows.loc["lend", "chosen"], rows.loc["ask", "chosen"]) == (verdict == "supported", verdict != "supported")


def test_a_text_that_was_not_chosen_says_why():
    assert chosen("reversed").loc["lend", "reason"] == "C7 is reversed"


def test_a_text_waits_for_cells_that_call_for_its_action():
    found = chosen(cells={"actions": ["extend"]}).loc["lend"]
    assert (found["chosen"], found["cells"], found["groups"]) == (True, 1, "startup")
    lacking = chosen(cells={"actions": ["pilot"]}).loc["lend"]
    assert (lacking["chosen"], lacking["reason"]) == (False, "0 such cells")


def test_as_many_cells_as_it_asks_for_are_enough_and_one_fewer_is_not():
    two = {"actions": ["extend", "keep"]}
    assert chosen(cells={**two, "least": 2}).loc["lend", "chosen"]
    assert chosen(cells={**two, "least": 3}).loc["lend", "reason"] == "2 such cells"


def test_a_text_may_cite_cells_without_waiting_for_them():
    row = chosen(cells={"actions": ["pilot"], "least": 0}).loc["lend"]
    assert (row["chosen"], row["cells"]) == (True, 0)


@pytest.mark.parametrize(
    ("field", "cells", "count"),
    [
        ("financing", {"least": 0}, 2),
        ("incubation", {"least": 0}, 1),
        ("", {"least": 0}, 3),
        ("financing", {"governments": ["local"]}, 1),
        ("financing", {"stages": ["mature"], "least": 0}, 0),
    ],
)
def test_cells_are_those_of_its_field_stages_and_governments(field, cells, count):
    text = {"field": field} if field else {}
    assert chosen(cells=cells, **text).loc["lend", "cells"] == count


def test_a_text_without_cells_looks_for_none():
    assert chosen().loc["lend", ["cells", "least"]].isna().all()


def test_a_claim_that_the_study_has_taken_out_carries_nothing():
    rows = choose_recommendations(spec(recommendations={"lend": ANSWER}), frame(), verdicts(C1="supported"))
    assert rows.loc[0, ["chosen", "reason"]].tolist() == [False, "the study has no claim C7"]


def test_the_rule_says_claim_verdicts_and_cells():
    row = chosen(field="financing", cells={"governments": ["local"], "actions": ["extend", "pilot"]}).loc["lend"]
    assert row["rule"] == "C7 is supported; 1 or more cells of financing of local that call for extend or pilot"


def test_a_study_without_a_frame_has_the_table_all_the_same(tmp_path):
    empty = choose_recommendations(None, frame(groups=()), verdicts())
    contracts.write("recommendations", empty, tmp_path / "recommendations.csv")
    assert len(contracts.read("recommendations", tmp_path / "recommendations.csv")) == 0


def test_the_table_keeps_its_contract(tmp_path):
    contracts.write("recommendations", chosen().reset_index(), tmp_path / "recommendations.csv")
    assert len(contracts.read("recommendations", tmp_path / "recommendations.csv")) == 2


@pytest.fixture(scope="module")
def seoul() -> PolicySpec:
    declared = parse_policy(study.read(*study.BASE).programme["policy"])
    assert declared is not None
    return declared


def every_cell(declared: PolicySpec) -> pd.DataFrame:
    """A frame with a cell of every action for each field, stage and government that the texts may look for."""
    stages = {stage for one in declared.recommendations for stage in one.stages}
    fields = [field.id for field in declared.fields]
    places = [(group, field, one) for group in sorted(stages) for field in fields for one in declared.governments]
    rows = [(*place, action) for place in places for action in ACTIONS]
    return pd.DataFrame(rows, columns=["group", "field", "government", "action"])


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_default_study_has_something_to_say_on_each_claim_whichever_way_it_turns(seoul, verdict):
    claims = dict.fromkeys(("C1", "C2", "C3", "C4", "C7", "C8", "C9"), verdict)
    rows = choose_recommendations(seoul, every_cell(seoul), verdicts(**claims))
    assert set(rows.loc[rows["chosen"], "claim"]) == set(claims)


def test_the_default_study_says_other_things_where_the_claims_are_reversed(seoul):
    texts = {}
    for verdict in ("supported", "reversed"):
        claims = dict.fromkeys(("C1", "C2", "C3", "C4", "C7", "C8", "C9"), verdict)
        rows = choose_recommendations(seoul, every_cell(seoul), verdicts(**claims))
        texts[verdict] = set(rows.loc[rows["chosen"], "recommendation"])
    assert texts["supported"] & texts["reversed"] == {"support_reconsider"}  # it goes by the cells alone
