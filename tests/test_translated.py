"""Texts that lack a language of the report are named before anything runs."""

import pytest

from innosurvey import coverage, study
from innosurvey.checks_of_configuration import check_programme
from innosurvey.errors import StudyError
from innosurvey.setting import check_texts, report_setting
from innosurvey.translated import Listed, lacking_in_list

KOREAN = "report: {languages: [en, ko]}\n"


@pytest.fixture
def read(tmp_path):
    def with_study(text):
        (tmp_path / "mine.yaml").write_text("study: seoul\n" + text, encoding="utf-8")
        return study.read(*study.BASE, tmp_path / "mine.yaml")

    return with_study


def refusal(loaded, root):
    with pytest.raises(StudyError) as refused:
        check_texts(loaded, coverage.cover(loaded, root), root)
    return str(refused.value)


@pytest.mark.parametrize("name", ["", "colombia_edits", "certificate"])
def test_the_studies_have_their_texts_in_both_languages(name, root, tmp_path):
    above = tmp_path / "ko.yaml"
    above.write_text(f"study: {name or 'seoul'}\n{KOREAN}", encoding="utf-8")
    files = [study.STUDIES / f"{name}.yaml"] if name else []
    loaded = study.read(*study.BASE, *files, above)
    check_texts(loaded, coverage.cover(loaded, root), root)


def test_a_title_without_korean_is_named_with_file_line_key_and_remedy(read, root, tmp_path):
    said = refusal(read(KOREAN + "describe:\n  exporter:\n    title: {en: Firms that sell abroad}\n"), root)
    assert f"{tmp_path}/mine.yaml line 5: describe.exporter.title has no ko (“Firms that sell abroad”)" in said
    assert "Add what is missing, as in `title: {en: Firms, ko: 기업}`" in said


def test_all_texts_that_lack_a_language_are_listed_at_once(read, root):
    said = refusal(
        read(
            "report: {languages: [en, ko], groups: {young: {young: {en: young firms}}}}\n"
            "cohorts: {young: {title: {en: Youth}}}\n"
            "policy: {governments: {local: {title: {en: The city}}}}\n"
        ),
        root,
    )
    assert said.count("has no ko") == 3


def test_a_new_english_does_not_keep_the_korean_of_what_it_replaces(read, root):
    assert "rank.barriers.title has no ko" in refusal(
        read(KOREAN + "rank: {barriers: {title: {en: Hindrances}}}\n"), root
    )


def test_a_study_may_mend_the_korean_alone(read, root):
    loaded = read(KOREAN + "rank: {barriers: {title: {ko: 모든 기업의 장애요인}}}\n")
    check_texts(loaded, coverage.cover(loaded, root), root)


def test_a_study_that_says_no_language_is_reported_in_english(read):
    loaded = read("studies: {seoul: {languages: null}}\n")
    assert loaded.programme["report"]["languages"] == ["en"]


def test_a_study_in_english_needs_no_korean(read, root):
    loaded = read("report: {languages: [en]}\ndescribe: {exporter: {title: {en: Firms that sell abroad}}}\n")
    check_texts(loaded, coverage.cover(loaded, root), root)


def test_a_text_without_languages_is_right_in_all(read, root):
    loaded = read(KOREAN + 'describe: {exporter: {title: "DANE"}}\n')
    check_texts(loaded, coverage.cover(loaded, root), root)


def test_labels_of_a_studys_own_variables_count_as_texts(read, root):
    own = "studies: {seoul: {variables: {patience: {type: int, label_en: Patience}}}}\n"
    assert "studies.seoul.variables.patience has no label_ko (“Patience”)" in refusal(read(KOREAN + own), root)


def test_an_empty_cell_of_a_code_list_is_named_with_its_line():
    listed = Listed(file="zones.csv", rows=[{"ko": "도심권"}, {"ko": ""}], columns={"en": "en", "ko": "ko"})
    assert lacking_in_list(listed, ["ko"]) == ["zones.csv line 3: ko is empty"]


def test_the_check_of_the_configuration_and_the_report_refuse_alike(read, root):
    loaded = read(KOREAN + "rank: {barriers: {title: {en: Hindrances}}}\n")
    with pytest.raises(StudyError, match=r"rank\.barriers\.title has no ko"):
        check_programme(loaded, root)
    with pytest.raises(StudyError, match=r"rank\.barriers\.title has no ko"):
        report_setting(loaded, coverage.cover(loaded, root), root)
