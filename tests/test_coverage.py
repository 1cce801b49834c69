import dataclasses

import pytest

from innosurvey import coverage, reach, study, yamlfile
from innosurvey.availability import as_availability
from innosurvey.errors import StudyError


@pytest.fixture(scope="module")
def colombia():
    return study.read(*study.BASE, study.STUDIES / "colombia_edits.yaml")


def test_a_cohort_whose_variables_the_questionnaire_lacks_is_not_planned(colombia, root):
    covered = coverage.cover(colombia, root)
    assert "certification" not in covered.cohorts
    assert "size_cis" in covered.cohorts


def test_what_is_lacking_says_what_it_needs(colombia, root):
    lacks = {lack.id: lack for lack in coverage.cover(colombia, root).lacks}
    assert lacks["projects_tried"].reason == "needs n_projects_tried"
    assert lacks["stage_external"].reason == "needs the cohort stage_self"


def test_a_model_runs_on_those_of_its_cohorts_that_can_be_had(colombia, root):
    models = {spec.id: spec for spec in coverage.cover(colombia, root).models}
    assert models["growth_on_rd"].foreach == ("all",)


def test_models_and_questions_have_their_intervals_at_the_level_of_the_design(colombia, root):
    design = {**colombia.programme["design"], "confidence": 0.9}
    covered = coverage.cover(dataclasses.replace(colombia, programme={**colombia.programme, "design": design}), root)
    assert {spec.covariance.confidence for spec in covered.models} == {0.9}
    assert {curve.alpha for curve in covered.robustness} == {0.1}


def test_a_model_on_a_cohort_that_nobody_declared_is_refused_with_the_near_name(colombia, root):
    models = {**colombia.programme["models"]}
    models["growth_on_rd"] = {**models["growth_on_rd"], "foreach": ["size_csi"]}
    wrong = dataclasses.replace(colombia, programme={**colombia.programme, "models": models})
    with pytest.raises(StudyError, match=r"there is no cohort size_csi. Did you mean size_cis\?"):
        coverage.cover(wrong, root)


def test_comparisons_keep_the_items_that_can_be_had(colombia, root):
    covered = coverage.cover(colombia, root)
    (comparison,) = [
        entry
        for name, entry in coverage.available_contrasts(colombia.programme, covered, "size_cis")["compare"].items()
        if name == "size_innovation"
    ]
    assert "patent_applications" not in comparison["items"]
    assert "innovator" in comparison["items"]


def test_the_start_of_the_workflow_imports_no_numerical_library(root):
    import subprocess
    import sys

    probe = (
        "import sys, innosurvey.coverage, innosurvey.fingerprint, innosurvey.cli\n"
        "print(sorted({'pandas', 'numpy', 'scipy', 'statsmodels'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", probe], cwd=root, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


@pytest.mark.parametrize(
    ("section", "name", "entry", "message"),
    [
        (
            "models",
            "innovation_on_size",
            {"regressors": ["log_employes"]},
            r"models.innovation_on_size uses .*\n  - log_employes. Did you mean log_employees\?",
        ),
        (
            "describe",
            "rd_intensity",
            {"numerator": "rd_expendture"},
            r"describe.rd_intensity uses .*\n  - rd_expendture. Did you mean rd_expenditure\?",
        ),
        ("cohorts", "sme_eu", {"universe": "employes_t > 3"}, r"employes_t.*Did you mean employees_t\?"),
        ("derived", "exporter", {"rule": "exports > 0"}, r"derived.exporter uses .*\n  - exports. Did you mean"),
    ],
)
def test_a_name_that_nothing_declares_is_refused_with_the_near_name(colombia, root, section, name, entry, message):
    changed = {**colombia.programme[section], name: {**colombia.programme[section][name], **entry}}
    wrong = dataclasses.replace(colombia, programme={**colombia.programme, section: changed})
    with pytest.raises(StudyError, match=f"(?s){message}"):
        coverage.cover(wrong, root)


def test_a_derived_variable_that_a_wave_asks_for_is_refused(colombia, root):
    derived = {**colombia.programme["derived"], "sales_t": {"rule": "employees_t + 1"}}
    wrong = dataclasses.replace(colombia, programme={**colombia.programme, "derived": derived})
    with pytest.raises(StudyError, match=r"derived.sales_t: the wave 2011 has a variable of this name already"):
        coverage.cover(wrong, root)


def harmonising(colombia, **changes):
    """Return the study with another section `harmonise:`."""
    section = {**colombia.harmonise, **changes}
    return dataclasses.replace(colombia, harmonise=section)


def test_a_reference_file_that_is_not_there_is_named_with_the_near_one(colombia, root):
    prices = {"file": "resources/reference/prices/seoul_synthetc.csv", "base": 2015, "source": "x"}
    with pytest.raises(StudyError, match=r"Did you mean seoul_synthetic\.csv\?"):
        coverage.cover(harmonising(colombia, prices=prices), root)


def test_a_break_of_a_variable_that_nobody_declared_is_refused(colombia, root):
    with pytest.raises(StudyError, match=r"harmonise\.breaks uses variables[\s\S]*sales_tt\. Did you mean sales_t"):
        coverage.cover(harmonising(colombia, breaks={"sales_tt": {"2015": "x"}}), root)


def test_real_amounts_are_lacking_where_a_study_has_no_prices_and_had_where_it_has(colombia, root):
    lacks = {lack.id: lack.reason for lack in coverage.cover(colombia, root).lacks}
    assert lacks["sales_per_employee_real"] == "needs sales_real"
    prices = {"file": "resources/reference/prices/seoul_synthetic.csv", "base": 2015, "source": "x"}
    assert "sales_per_employee_real" in coverage.cover(harmonising(colombia, prices=prices), root).items


def test_the_harmonised_code_makes_the_industries_of_every_wave(colombia, root):
    covered = coverage.cover(colombia, root)
    assert covered.groups["industry_class"][:3] == ("energy", "water_waste", "trade")
    assert all("industry_harmonised" in variables for variables in covered.variables.values())


def test_without_stages_the_policy_frame_is_lacking_as_a_whole(colombia, root):
    covered = coverage.cover(colombia, root)
    assert covered.unframed == {"policy_frame": "stage_self needs lifecycle_self"}
    assert ("policy", "policy_frame") in {(lack.kind, lack.id) for lack in covered.lacks}


def test_a_study_that_takes_the_policy_frame_out_lacks_nothing_of_it(colombia, root):
    without = dataclasses.replace(colombia, programme={**colombia.programme, "policy": None})
    assert coverage.cover(without, root).unframed == {}


def test_a_frame_on_stages_that_can_be_had_lacks_the_parts_that_cannot(colombia, root):
    policy = {**colombia.programme["policy"], "stage": "size_cis"}
    staged = dataclasses.replace(colombia, programme={**colombia.programme, "policy": policy})
    lacks = coverage.cover(staged, root).unframed
    assert "financing.high_own_funds" not in lacks
    assert lacks["technology.rnd_grant.central"] == "central_rnd_grant needs central_rnd_grant"


def test_the_table_of_what_is_lacking_knows_every_kind(colombia, root):
    import pandas as pd

    columns = yamlfile.read(root / "workflow/schemas/tables.yaml").data["availability"]["columns"]
    lacks = coverage.cover(colombia, root).lacks
    listed = as_availability(pd.DataFrame(columns=list(columns)), lacks)
    assert set(listed["kind"]) <= set(columns["kind"]["levels"])
    assert set(reach.KINDS) == set(columns["kind"]["levels"])


def with_regions(study_, **changes):
    """Return the study with another section `regions:`."""
    return dataclasses.replace(study_, programme={**study_.programme, "regions": changes or None})


def test_a_survey_without_districts_lists_the_regions_that_it_is_asked_for(colombia, root):
    covered = coverage.cover(with_regions(colombia, cohort="gu", measures={"firms": {}}), root)
    assert covered.regions is None
    assert {lack.id: lack.reason for lack in covered.lacks if lack.kind == "region"} == {
        "regions": "needs the cohort gu"
    }


def test_a_survey_that_takes_the_regions_out_lists_nothing(colombia, root):
    assert not [lack for lack in coverage.cover(colombia, root).lacks if lack.kind == "region"]


def test_any_cohort_that_a_code_list_gives_can_be_the_regions_of_a_study(colombia, root):
    measures = {"firms": {}, "innovators": {"variable": "innovator"}, "certified": {"variable": "certified"}}
    covered = coverage.cover(with_regions(colombia, cohort="industry_class", measures=measures), root)
    assert [measure.id for measure in covered.regions.measures] == ["firms", "innovators"]
    assert [(lack.id, lack.reason) for lack in covered.lacks if lack.kind == "region"] == [
        ("certified", "needs certified")
    ]


def test_an_absent_list_of_neighbours_is_named_with_the_near_one(root):
    seoul = study.read(*study.BASE)
    near = {"file": "resources/regions/seoul_gu_neighbors.csv"}
    wrong = with_regions(seoul, **{**seoul.programme["regions"], "neighbours": near})
    with pytest.raises(StudyError, match=r"regions: there is no file .*Did you mean seoul_gu_neighbours\.csv\?"):
        coverage.cover(wrong, root)


def test_a_place_that_the_questionnaire_has_no_box_for_is_not_asked(colombia, root):
    lacks = {lack.id: lack.reason for lack in coverage.cover(colombia, root).lacks}
    assert lacks["cooperates_seoul"] == "needs cooperates_seoul"
    assert "cooperates_abroad" not in lacks
