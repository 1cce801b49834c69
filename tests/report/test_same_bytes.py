"""The report in every form and both languages is the same, byte for byte, wherever and whenever it is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT

FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>
"""
BARE = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
OTHER = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Seoul", "LC_ALL": "C", "LANG": "ko_KR.UTF-8", "OMP_NUM_THREADS": "2"}


def started(folder: Path, fonts: list[str], surroundings: dict[str, str]) -> subprocess.Popen:
    """Start making everything in a folder of its own, with these folders of system fonts and no cache of matplotlib."""
    (folder / "out").mkdir(parents=True)
    conf = folder / "fonts.conf"
    listed = "".join(f"<dir>{name}</dir>" for name in fonts)
    conf.write_text(FONTS_CONF.format(folders=listed, cache=folder / "cache"), encoding="utf-8")
    own = {"FONTCONFIG_FILE": str(conf), "MPLCONFIGDIR": str(folder / "matplotlib"), "XDG_CACHE_HOME": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.report.make_everything", str(folder / "out")],
        cwd=ROOT,
        env={
            **os.environ,
            "MPLBACKEND": "Agg",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
            **own,
            **surroundings,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.mark.slow
def test_every_form_has_the_same_bytes_with_other_seeds_zones_folders_and_system_fonts(tmp_path: Path):
    import matplotlib

    some = str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")
    runs = {
        tmp_path / "one": started(tmp_path / "one", [], BARE),
        tmp_path / "다른 곳, two": started(tmp_path / "다른 곳, two", [some, "/usr/share/fonts"], OTHER),
    }
    for run in runs.values():
        _, said = run.communicate(timeout=600)
        assert run.returncode == 0, said.decode()
    one, two = (contents(folder / "out") for folder in runs)
    assert {Path(name).suffix for name in one} >= {
        ".html",
        ".pdf",
        ".docx",
        ".xlsx",
        ".tex",
        ".csv",
        ".svg",
        ".png",
        ".json",
    }
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
