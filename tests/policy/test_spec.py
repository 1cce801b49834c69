from typing import get_args

import pytest

from innosurvey.claims.verdict import VERDICTS as OF_CLAIMS
from innosurvey.errors import StudyError
from innosurvey.policy.action import Action
from innosurvey.policy.spec import VERDICTS, parse_policy
from innosurvey.yamlfile import read
from tests.policy.made_up import ANSWER, SECTION, spec
from tests.test_architecture import ROOT

LOAN = SECTION["fields"]["financing"]["instruments"]["loan"]


def with_loan(**changes):
    field = {**SECTION["fields"]["financing"], "instruments": {"loan": {**LOAN, **changes}}}
    return {"fields": {"financing": field}}


def with_text(**changes):
    return {"recommendations": {"lend": {**ANSWER, **changes}}}


@pytest.mark.parametrize("section", [None, {}])
def test_a_study_without_the_section_has_no_frame(section):
    assert parse_policy(section) is None


def test_an_entry_set_to_null_is_taken_out():
    fields = {**SECTION["fields"], "incubation": None}
    assert [field.id for field in spec(fields=fields).fields] == ["financing"]


def test_the_parts_are_barriers_and_instruments_of_each_government():
    assert dict(spec().parts()) == {
        "financing.no_funds": "no_funds",
        "financing.loan.central": "central_loan",
        "financing.loan.local": "local_loan",
        "incubation.no_partners": "no_partners",
    }
    assert dict(spec().associations()) == {"financing.loan": "used_loan"}


def test_verdicts_are_those_of_the_claims():
    assert VERDICTS == OF_CLAIMS


def test_the_contract_of_the_table_knows_every_action():
    contract = read(ROOT / "workflow/schemas/tables.yaml").data["policy"]["columns"]
    assert tuple(contract["action"]["levels"]) == get_args(Action)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"need": 120}, "policy.need: 120 is no share"),
        ({"reach": "ten"}, "policy.reach: 'ten' is no share"),
        ({"stage": None}, "policy: `stage` is missing"),
        ({"stages": "age"}, "unknown key `stages`. Did you mean stage?"),
        ({"success": {"cohort": "outcome", "failed": "failure"}}, "policy.success: `succeeded` is missing"),
        ({"fields": {"financing": {"title": "Financing"}}}, "policy.fields.financing: `barriers` is missing"),
        (
            with_loan(used={"centrl": "central_loan"}),
            "policy.fields.financing.instruments.loan.used: `centrl` is not one of central, local."
            " Did you mean central?",
        ),
        (with_loan(association=None), "`association` is missing"),
        (
            {"fields": dict.fromkeys(("financing", "technology"), SECTION["fields"]["financing"])},
            "policy.fields: loan is an instrument of two fields",
        ),
        (with_text(verdicts=["suported"]), "`suported` is not one of"),
        (with_text(verdicts=["suported"]), "Did you mean supported?"),
        (with_text(field="financng"), "policy.recommendations.lend.field: `financng` is not one of financing"),
        (with_text(cells={"actions": ["extnd"]}), "policy.recommendations.lend.cells.actions: `extnd` is not one of"),
        (with_text(cells={"governments": ["seoul"]}), "`seoul` is not one of central, local"),
        (with_text(cells={"stage": ["startup"]}), "unknown key `stage`. Did you mean stages?"),
        (with_text(cells={"least": -1}), "-1 is no number of cells"),
        (with_text(verdicts="supported"), "verdicts is not a list"),
        (
            with_text(verdicts=["supported", "reversed"]),
            "no text says what follows when C7 is not supported or not estimable",
        ),
    ],
)
def test_a_frame_that_cannot_be_filled_is_refused_with_its_place(changes, said):
    with pytest.raises(StudyError) as caught:
        spec(**changes)
    assert said in str(caught.value)


def test_texts_of_one_claim_answer_its_verdicts_together():
    texts = {"yes": {**ANSWER, "verdicts": ["supported"]}, "no": {**ANSWER, "verdicts": list(VERDICTS[1:])}}
    assert len(spec(recommendations=texts).recommendations) == 2
