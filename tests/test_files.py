import pytest

from innosurvey import files


def test_a_failed_write_leaves_the_old_file_and_no_half_of_the_new(tmp_path, monkeypatch):
    path = tmp_path / "x.txt"
    files.write_text("old", path)
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        files.write_text("new", path)
    assert path.read_text() == "old"


def test_a_folder_of_files_holds_these_and_no_others(tmp_path):
    files.write_files({"a.csv": b"1", "b.csv": b"2"}, tmp_path)
    files.write_files({"b.csv": b"3"}, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"b.csv": b"3"}
