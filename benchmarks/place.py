"""A copy of the project for a benchmark to change and build in, and what ran there."""

import json
import shutil
from pathlib import Path
from typing import Any

LEFT_OUT = (".venv", ".git", ".snakemake", "results", ".*_cache")


def copy_to(root: Path, place: Path, study: str = "") -> Path:
    """Return a copy of the project, with the results of a study and what Snakemake knows of them if it is named."""
    shutil.copytree(root, place, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for kept in (f"results/{study}", ".snakemake/metadata") if study else ():
        shutil.copytree(root / kept, place / kept)
    return place


def events_of(place: Path, study: str) -> list[dict[str, Any]]:
    """Return the history of the steps of a study."""
    history = place / "results" / study / "logs/steps.jsonl"
    return [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()] if history.exists() else []


def reword(place: Path, file: str, old: str, new: str) -> None:
    """Replace words in a file of the copy; they must stand there once."""
    text = (place / file).read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise SystemExit(f"{file} has not one {old!r}: name other words in the benchmark.")
    (place / file).write_text(text.replace(old, new), encoding="utf-8")
