"""Robustness as it is declared."""

import pytest
import yaml

from innosurvey.errors import StudyError
from innosurvey.models.joint_tests import Drawing
from innosurvey.models.robustness_spec import ChecksSpec, FamilySpec, parse_robustness

DECLARED = """
curves: {rd: {outcomes: [sales], inputs: [rd]}}
checks:
  sales_on_rd: {leave_out: [industry_group], influence_of: firm_id, selection: true}
families:
  support: {of: {sales_on_rd: [rd], patents_on_rd: ['rd', 'log(x)']}, draws: 99}
"""
MODELS = ("sales_on_rd", "patents_on_rd")


def test_each_part_is_read():
    found = parse_robustness(yaml.safe_load(DECLARED), {}, MODELS)
    assert [curve.id for curve in found.curves] == ["rd"]
    assert found.checks == (
        ChecksSpec(model="sales_on_rd", leave_out=("industry_group",), influence_of="firm_id", selection=True),
    )
    members = (("sales_on_rd", "rd"), ("patents_on_rd", "rd"), ("patents_on_rd", "log(x)"))
    assert found.families == (
        FamilySpec(id="support", members=members, cluster="firm_id", drawing=Drawing(draws=99, seed=1)),
    )


def test_nothing_need_be_declared():
    assert parse_robustness({}, {}, MODELS).curves == ()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"curve": {}}, "curve"),
        ({"checks": {"sale_on_rd": {}}}, "there is no model sale_on_rd.*sales_on_rd"),
        ({"checks": {"sales_on_rd": {"r2_factor": 0.5}}}, "a number from 1"),
        ({"checks": {"sales_on_rd": {"selection": "yes"}}}, "true or false"),
        ({"families": {"support": {}}}, "of"),
        ({"families": {"support": {"of": {"sales": ["rd"]}}}}, "there is no model sales"),
    ],
)
def test_a_mistake_is_named_where_it_stands(changed, message):
    with pytest.raises(StudyError, match=message):
        parse_robustness(changed, {}, MODELS)
