import shutil

import pandas as pd
import pytest

from innosurvey.baseline import store
from innosurvey.errors import StudyError
from innosurvey.tables import ContractBreach
from tests.baseline.made import listed, release

STATISTICS = listed(("all", "difference", "0.5"), ("all", "p", "withheld"))


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def blessed(tmp_path):
    return store.write(STATISTICS, release(), tmp_path)


def test_what_was_stored_comes_back(tmp_path, blessed):
    (known,) = store.releases(tmp_path, "seoul")
    pd.testing.assert_frame_equal(store.read(known, tmp_path), STATISTICS)


def test_the_same_release_makes_the_same_bytes(tmp_path, blessed):
    other = store.write(STATISTICS, release(), tmp_path / "elsewhere")
    assert contents(blessed) == contents(other)


def test_a_release_is_a_folder_of_two_files(tmp_path, blessed):
    assert sorted(contents(tmp_path / "resources")) == [
        "baseline/seoul/2023-06/release.yaml",
        "baseline/seoul/2023-06/statistics.csv.gz",
    ]


def test_a_name_used_twice_is_refused_and_nothing_is_overwritten(tmp_path, blessed):
    before = contents(tmp_path)
    with pytest.raises(StudyError, match="resources/baseline/seoul/2023-06: there is a release of this name"):
        store.write(listed(("all", "difference", "9")), release(), tmp_path)
    assert contents(tmp_path) == before


def test_a_run_that_dies_leaves_no_half_of_a_release(tmp_path, monkeypatch):
    def die(*_):
        (tmp_path / store.FOLDER / "seoul").mkdir(parents=True)
        raise OSError("no space left on device")

    monkeypatch.setattr(store.files, "write_files", die)
    with pytest.raises(OSError, match="no space left"):
        store.write(STATISTICS, release(), tmp_path)
    assert list((tmp_path / store.FOLDER / "seoul").iterdir()) == []


def test_statistics_that_break_their_contract_are_not_stored(tmp_path):
    with pytest.raises(ContractBreach, match="rows repeat the key"):
        store.write(pd.concat([STATISTICS, STATISTICS]), release(), tmp_path)
    assert contents(tmp_path) == {}


def test_a_list_edited_by_hand_is_refused_with_the_way_back(tmp_path, blessed):
    store_file = blessed / store.STATISTICS
    store_file.write_bytes(store_file.read_bytes()[:-1] + b"x")
    (known,) = store.releases(tmp_path, "seoul")
    with pytest.raises(StudyError, match=r"edited or cut off(.|\n)*git checkout -- resources/baseline/seoul/2023-06"):
        store.read(known, tmp_path)


def test_a_list_that_is_gone_is_refused(tmp_path, blessed):
    (blessed / store.STATISTICS).unlink()
    (known,) = store.releases(tmp_path, "seoul")
    with pytest.raises(StudyError, match="the file is not there"):
        store.read(known, tmp_path)


def test_a_folder_that_was_copied_under_another_name_is_refused(tmp_path, blessed):
    shutil.copytree(blessed, blessed.with_name("2024-06"))
    with pytest.raises(StudyError, match="is of the release 2023-06, in the folder 2024-06"):
        store.releases(tmp_path, "seoul")


def test_releases_stand_in_the_order_in_which_they_were_blessed(tmp_path):
    for name, number in (("b", 1), ("a", 2)):
        store.write(STATISTICS, release(name, number), tmp_path)
    assert [known.name for known in store.releases(tmp_path, "seoul")] == ["b", "a"]


def test_what_a_killed_run_left_behind_is_no_release(tmp_path, blessed):
    blessed.rename(blessed.with_name(".2023-06.99.partial"))
    assert store.releases(tmp_path, "seoul") == []


def test_the_newest_release_is_chosen_where_none_is_named():
    assert store.chosen([release("b", 1), release("a", 2)], None, "seoul").name == "a"


def test_a_name_that_no_release_has_is_refused_with_the_near_one():
    with pytest.raises(StudyError, match=r"seoul has no release 2023-6\. Did you mean 2023-06\?"):
        store.chosen([release()], "2023-6", "seoul")


def test_two_newest_releases_of_two_branches_are_left_to_the_user_to_choose():
    with pytest.raises(StudyError, match="a and b are both release 2"):
        store.chosen([release("first", 1), release("a", 2), release("b", 2)], None, "seoul")
