"""The logs of a study: what can't be right in an entry is said with its line."""

import pytest

from innosurvey import study
from innosurvey.checks_of_configuration import check_programme
from innosurvey.errors import StudyError
from innosurvey.logs import logs_of

ENTRY = """
  mine:
    date: "2026-01-31"
    title: {en: Mine, ko: 나의 결정}
    text: {en: We did so., ko: 그렇게 하였다.}
    why: {en: It had to be., ko: 필요하였다.}
    owner: me
    matters: [models, fit_models]
"""


@pytest.fixture
def read(tmp_path):
    def with_entry(entry, log="decisions"):
        (tmp_path / "mine.yaml").write_text(f"study: seoul\n{log}:{entry}", encoding="utf-8")
        return study.read(*study.BASE, tmp_path / "mine.yaml")

    return with_entry


def test_the_default_study_has_assumptions_decisions_and_data():
    logs = logs_of(study.read(*study.BASE))
    assert {log: len(entries) > 4 for log, entries in logs.items()} == dict.fromkeys(logs, True)


def test_a_study_sees_its_own_entries_and_those_of_all():
    colombia = logs_of(study.read(*study.BASE, study.STUDIES / "colombia_edits.yaml"))
    assert "colombian_ids" in colombia["data_log"]
    assert "synthetic_survey" not in colombia["data_log"]
    assert "routing_answer_is_right" in colombia["assumptions"]
    assert "answers_at_random_in_strata" not in colombia["assumptions"]


def test_a_study_adds_an_entry_of_its_own(read):
    assert logs_of(read(ENTRY))["decisions"]["mine"]["owner"] == "me"


def test_a_study_takes_an_entry_out(read):
    assert "ten_firms" not in logs_of(read(" {ten_firms: null}\n"))["decisions"]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("2026-01-31", "2026-02-31", r"mine.yaml line 4: decisions.mine.date: no calendar has the day 2026-02-31"),
        ("[models,", "[model,", r"mine.yaml line 9: decisions.mine.matters: `model` is no chapter and no rule.+models"),
        ("    owner: me", "    owner: me\n    studies: [soul]", r"line 9: .+ no study `soul`.+seoul"),
    ],
)
def test_what_cannot_be_right_is_said_with_file_and_line(read, right, wrong, said):
    with pytest.raises(StudyError, match=said):
        logs_of(read(ENTRY.replace(right, wrong)))


def test_a_missing_key_is_said_with_file_and_line(read):
    with pytest.raises(StudyError, match=r"mine.yaml line 3: decisions.mine: the key `owner` is missing"):
        read(ENTRY.replace("    owner: me\n", ""))


def test_a_rating_is_high_medium_or_low(read):
    entry = ENTRY.replace("owner", "source") + "    confidence: fair\n    impact: high\n"
    with pytest.raises(StudyError, match=r"assumptions\.mine\.confidence: `fair` is not one of high, medium, low"):
        read(entry, "assumptions")


def test_the_check_of_the_configuration_looks_at_the_logs(read):
    with pytest.raises(StudyError, match="no chapter and no rule"):
        check_programme(read(ENTRY.replace("[models,", "[model,")), study.ROOT)
