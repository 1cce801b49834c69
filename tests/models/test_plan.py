"""Which fits are made by which job."""

import pickle
import subprocess
import sys

import pytest

from innosurvey.errors import StudyError
from innosurvey.models.plan import batches, columns_needed, missing_variables, models_in, plan_fits

GROUPS = {"stage": ["young", "old"], "size": ["small", "large"]}


def test_a_model_runs_once_for_each_group_of_its_cohort(make_model):
    plan = plan_fits([make_model(foreach="stage")], GROUPS)
    assert [(item.cohort, item.group) for item in plan] == [("stage", "young"), ("stage", "old")]


def test_a_model_without_a_cohort_runs_on_everyone(make_model):
    assert [(item.cohort, item.group) for item in plan_fits([make_model()], GROUPS)] == [("all", "all")]


def test_a_model_runs_once_for_each_wave_without_a_cohort_of_waves(make_model):
    plan = plan_fits([make_model(foreach="wave")], GROUPS, ["2018", "2020"])
    assert [(item.cohort, item.group) for item in plan] == [("wave", "2018"), ("wave", "2020")]


def test_a_batch_is_a_cohort_and_a_family(make_model):
    plan = plan_fits([make_model(foreach=["stage", "size"]), make_model(family="other", foreach="size")], GROUPS)
    assert batches(plan) == ("stage.test", "size.test", "size.other")
    assert [item.group for item in models_in(plan, "size.other")] == ["small", "large"]


def test_an_unknown_cohort_suggests_the_near_one(make_model):
    with pytest.raises(StudyError, match=r"there is no cohort stages\. Did you mean stage\?"):
        plan_fits([make_model(foreach="stages")], GROUPS)


def test_an_unknown_batch_suggests_the_near_one(make_model):
    with pytest.raises(StudyError, match=r"Did you mean all\.test\?"):
        models_in(plan_fits([make_model()], GROUPS), "all.tets")


def test_the_columns_of_a_batch_leave_out_what_every_slice_holds(make_model):
    model = make_model(
        controls=["C(wave)"], weights="final", sample="age > 3", covariance={"type": "cluster", "by": ["firm_id"]}
    )
    assert columns_needed(plan_fits([model], GROUPS)) == ("age", "output", "rd")


def test_the_missing_variables_of_a_model_are_named(make_model):
    model = make_model(controls=["age"], sample="any(cert_venture, cert_innobiz)")
    assert missing_variables(model, ["output", "cert_venture"]) == ("rd", "age")


def test_a_plan_survives_the_way_into_a_job(make_model):
    plan = plan_fits([make_model(foreach="stage")], GROUPS)
    assert pickle.loads(pickle.dumps(plan)) == plan


def test_planning_loads_no_heavy_library():
    heavy = "{'pandas', 'numpy', 'scipy'} & set(sys.modules)"
    code = f"import sys, innosurvey.models.plan, innosurvey.models.parse; print({heavy})"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "set()"
    )
