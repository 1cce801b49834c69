"""The study that the command line reads and hands over to the engine."""

from pathlib import Path

import pytest

from innosurvey import configured, study


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has been read in this process."""
    monkeypatch.setattr(configured, "_read", {})


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | Path, ...]]:
    """The files of each study that is read from here on."""
    files: list[tuple[str | Path, ...]] = []
    read = study.read
    monkeypatch.setattr(study, "read", lambda *given, raw: files.append(given) or read(*given, raw=raw))
    return files


def test_a_study_is_read_once(fresh, read_again):
    assert configured.configured() is configured.configured()
    assert len(read_again) == 1


def test_what_is_handed_over_is_not_read_again(fresh, read_again):
    made = configured.of_study(study.read(*study.BASE, raw=None))
    read_again.clear()
    configured.take_over(configured.to_hand_over(made, None, None))
    assert configured.configured() == made
    assert read_again == []


@pytest.mark.parametrize(("file", "raw"), [("mine.yaml", None), (None, "elsewhere")])
def test_a_study_of_another_file_or_folder_is_not_taken_for_it(fresh, read_again, file, raw):
    made = configured.of_study(study.read(*study.BASE, raw=None))
    read_again.clear()
    configured.take_over(configured.to_hand_over(made, Path(file) if file else None, raw))
    configured.configured()
    assert len(read_again) == 1
