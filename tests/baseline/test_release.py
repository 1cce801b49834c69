import pytest

from innosurvey.baseline.release import as_yaml, fail_if_no_name, fail_if_unsaid, from_yaml, what_differs
from innosurvey.errors import StudyError
from tests.baseline.made import release


def test_a_release_comes_back_from_its_file_as_it_was():
    made = release(who="김 Statistics: unit", why="Two\nlines.")
    assert from_yaml(as_yaml(made), "release.yaml", "seoul") == made


def test_a_baseline_of_another_study_is_refused_with_both_names():
    with pytest.raises(StudyError, match=r"here\.yaml: a baseline of the study seoul, not of colombia"):
        from_yaml(as_yaml(release()), "here.yaml", "colombia")


@pytest.mark.parametrize("text", ["format: 2\nstudy: seoul\n", "study: seoul\n"])
def test_a_baseline_of_another_format_is_refused(text):
    with pytest.raises(StudyError, match=r"here\.yaml: in format (2|none); .* reads format 1"):
        from_yaml(text, "here.yaml", "seoul")


def test_a_file_that_lacks_something_is_refused_with_all_that_it_lacks():
    text = as_yaml(release()).replace("who: Statistics unit\n", "").replace("    wave.csv: a1\n", "")
    text = text.replace("number: 1", "number: one")
    with pytest.raises(StudyError, match=r"lacks who, basis\.sources, a whole `number`"):
        from_yaml(text, "here.yaml", "seoul")


@pytest.mark.parametrize("name", ["", "a/b", "../up", ".hidden", "two words"])
def test_a_name_that_no_folder_can_have_is_refused(name):
    with pytest.raises(StudyError, match="a folder is named after it"):
        fail_if_no_name(name)


def test_a_release_that_nobody_stands_for_is_refused():
    with pytest.raises(StudyError, match="--who: nothing is said"):
        fail_if_unsaid(who=" ", why="First release.")


def test_what_differs_is_named_by_part_and_what_does_not_is_left_out():
    before = release().basis
    after = release().basis.__class__(
        sources={"wave.csv": "a2", "new.csv": "a3"},
        configuration=before.configuration,
        code={},
        environment=before.environment,
        disclosure={"minimum_n": 5},
    )
    assert what_differs(before, after) == {
        "data": ["new.csv", "wave.csv"],
        "code": ["fit_models"],
        "disclosure rules": ["minimum_n"],
    }
