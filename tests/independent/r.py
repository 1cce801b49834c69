"""R to compare with: whether it is there, and what a script of it says of firms."""

import re
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

_LEVEL = re.compile(r"(industry_class|wave)(?=[^\W_])")
"""Where R glues the level of a factor to its name."""


def has_packages(*names: str) -> bool:
    """Return whether R is installed, with all of these packages."""
    if not shutil.which("Rscript"):
        return False
    asked = f"quit(status = !({' && '.join(f'requireNamespace({name!r})' for name in names)}))"
    return subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode == 0


def run(script: Path, *arguments: Path) -> None:
    """Run a script of R, from its own folder; what it says is the failure's message."""
    command = ["Rscript", str(script), *map(str, arguments)]
    ran = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def said_of(firms: pd.DataFrame, script: Path, packages: tuple[str, ...], folder: Path) -> Path:
    """Return the folder, in which the script has left its results; the firms' answers do not stay there.

    The test is skipped where R lacks one of the packages.
    """
    if not has_packages(*packages):
        pytest.skip(f"R with the packages {', '.join(packages)} is not installed")
    answers = folder / "firms.csv"
    firms.to_csv(answers, index=False, float_format="%.17g")
    try:
        run(script, folder)
    finally:
        answers.unlink()
    return folder


def case_of(folder: Path, case: str, names: dict[str, str]) -> pd.DataFrame:
    """Return estimate and se of a case by term, in the package's names: `wave2013` is `wave[2013]`."""
    results = pd.read_csv(folder / "results.csv")
    found = results[results["case"] == case].set_index("term")[["estimate", "se"]]
    assert len(found), case
    return found.rename(index=lambda term: _renamed(term, names))


def _renamed(term: str, names: dict[str, str]) -> str:
    equation, slash, own = term.rpartition("/")
    own = names.get(own, own)
    glued = _LEVEL.match(own)
    return equation + slash + (f"{glued[1]}[{own[glued.end() :]}]" if glued else own)
