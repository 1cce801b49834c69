import dataclasses

import pytest

from innosurvey import checks, coverage, files, reach, study


@pytest.fixture(scope="module")
def colombia():
    return study.read(*study.BASE, study.STUDIES / "colombia_edits.yaml")


@pytest.fixture(scope="module")
def found(colombia, root):
    dictionary = files.read_dictionary(root / "resources/dictionary/variables.csv", colombia.variables)
    return {(one.kind, one.id): one for one in reach.reach(colombia, dictionary, coverage.cover(colombia, root))}


def test_a_question_that_some_waves_ask_is_said_of_those(found):
    assert found["variable", "sales_t"].waves == ("2011", "2013", "2015")
    assert found["variable", "coop_universities"].waves == ("2015",)
    assert found["variable", "cert_venture"].waves == ()


def test_what_a_derived_variable_lacks_is_followed_down_to_the_question(found):
    assert found["derived", "commercialised"].lacks == ("n_projects_tried", "n_projects_commercialised")
    assert found["item", "projects_tried"].lacks == ("n_projects_tried",)


def test_a_comparison_lacks_what_its_cohort_lacks(found):
    assert found["cohort", "stage_self"].lacks == ("lifecycle_self",)
    assert found["comparison", "stage_external"].lacks == ("lifecycle_self",)
    assert found["comparison", "size_innovation"].waves == ("2009", "2011", "2013", "2015")


def test_a_part_of_the_policy_frame_lacks_what_its_stages_and_its_item_lack(found):
    assert found["policy", "financing.high_own_funds"].lacks == ("lifecycle_self",)
    assert found["policy", "technology.rnd_grant.local"].lacks == ("lifecycle_self", "support_rnd_grant")
    assert found["policy", "technology.rnd_grant"].waves == ()


def test_what_the_study_can_feed_is_what_the_workflow_plans(found, colombia, root):
    covered = coverage.cover(colombia, root)
    fed = {kind: [name for known, name in found if known == kind and found[known, name].waves] for kind in reach.KINDS}
    assert fed["item"] == list(covered.items)
    assert fed["comparison"] == list(covered.comparisons)
    assert fed["cohort"] == list(covered.cohorts)
    assert fed["model"] == [spec.id for spec in covered.models]


def test_the_summary_counts_and_names_the_questions_that_most_wait_for(found, colombia):
    lines = reach.summary(list(found.values()), list(colombia.waves))
    assert "2009  2011  2013  2015" in lines[0]
    assert any(line.strip().startswith("lifecycle_self ") for line in lines)
    assert len(lines) <= 1 + len(reach.KINDS) + 1 + reach.MOST_WANTED + 1


def test_the_list_has_a_line_for_everything(found, colombia):
    lines = reach.details(list(found.values()), list(colombia.waves))
    assert len(lines) == len(found)
    assert any(line.endswith("only 2015") for line in lines)


def test_a_configuration_that_cannot_work_is_left_to_the_findings(colombia, root):
    import dataclasses

    broken = dataclasses.replace(colombia, programme={**colombia.programme, "describe": {"x": {"variable": "absent"}}})
    assert checks.coverage_lines(broken, root, listed=False) == []


def test_measures_of_regions_lack_what_their_cohort_or_their_variable_lacks(colombia, root):
    dictionary = files.read_dictionary(root / "resources/dictionary/variables.csv", colombia.variables)
    measures = {"firms": {}, "certified": {"variable": "certified"}, "innovators": {"variable": "innovator"}}

    def reached(cohort):
        asked = {**colombia.programme, "regions": {"cohort": cohort, "measures": measures}}
        changed = dataclasses.replace(colombia, programme=asked)
        every = reach.reach(changed, dictionary, coverage.cover(changed, root))
        return {one.id: one for one in every if one.kind == "region"}

    assert reached("gu")["firms"].reason == "needs the cohort gu"
    found = reached("industry_class")
    assert found["firms"].waves == found["innovators"].waves == ("2009", "2011", "2013", "2015")
    assert (found["certified"].waves, found["certified"].lacks[:1]) == ((), ("cert_venture",))
