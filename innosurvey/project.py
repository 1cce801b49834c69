"""The files of the project: its code, configuration and documentation, told from what is made and from what is kept."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

MADE = ("results", ".snakemake", ".git", ".venv")
"""Folders of the project that hold nothing of its own."""
_CACHES = ("__pycache__", "*.pyc", "*.egg-info", ".*_cache", ".hypothesis")
CODE = (
    "innosurvey", "scripts", "workflow", "profiles", "resources", "tests", "docs", "tools", "benchmarks", ".ci",
    ".github",
)  # fmt: skip
TEXTS = (
    "Snakefile", "Makefile", "config.yaml", "pyproject.toml", "requirements.lock", "requirements-certificate.lock",
    "requirements-browser.lock", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "NOTICE", "CITATION.cff",
    ".editorconfig", ".gitattributes", ".gitignore",
)  # fmt: skip
KEPT = ("resources/raw/", "resources/baseline/")
"""Folders of raw files and of earlier estimates: what of them may be passed on is asked of the study."""


def copy_project(root: Path, to: Path) -> None:
    """Copy the project without what was made in it."""
    left_out = shutil.ignore_patterns(*_CACHES)

    def ignored(folder: str, names: list[str]) -> set[str]:
        made = {name for name in names if name in MADE} if Path(folder) == root else set()
        return made | left_out(folder, names)

    shutil.copytree(root, to, ignore=ignored, symlinks=True)


def project_files(root: Path) -> list[str]:
    """Return the paths of the project's own files: those that git keeps where it is a git checkout, all below the
    folders of code where it is none. Raw files and baselines are not among them.
    """
    listed = _listed(root, [*CODE, *TEXTS])
    return sorted(
        name
        for name in listed
        if (name in TEXTS or name.split("/")[0] in CODE)
        and not name.startswith(KEPT)
        and not _is_cached(Path(name))
        and (root / name).is_file()
    )


def files_below(root: Path, folder: str) -> list[str]:
    """Return the paths of the project's files in one of its folders, kept by git where it is a git checkout."""
    return sorted(name for name in _listed(root, [folder]) if name.startswith(f"{folder}/"))


def _listed(root: Path, names: Iterable[str]) -> list[str]:
    return _kept_by_git(root) if (root / ".git").exists() else _below(root, names)


def _kept_by_git(root: Path) -> list[str]:
    said = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout.decode()
    return [name for name in said.split("\0") if name]


def _below(root: Path, names: Iterable[str]) -> list[str]:
    paths = [path for name in names for path in [root / name, *(root / name).rglob("*")]]
    return sorted(path.relative_to(root).as_posix() for path in paths if path.is_file())


def _is_cached(path: Path) -> bool:
    return any(Path(part).match(pattern) for part in path.parts for pattern in _CACHES)
