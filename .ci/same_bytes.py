"""Build the default study a second time elsewhere, under another zone, locale and hash seed, and compare the bytes."""

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPARED = ("estimates", "publish")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="other place ") as folder:
        other = Path(folder) / "innosurvey again"
        tracked = (
            subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
            .stdout.decode()
            .split("\0")
        )
        for name in filter(None, tracked):
            (other / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, other / name)
        surroundings = {
            **os.environ,
            "TZ": "Asia/Seoul",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "12345",
            "PYTHONPATH": str(other),
            "OMP_NUM_THREADS": "2",
        }
        subprocess.run(
            [sys.executable, "-m", "innosurvey.cli", "report", "--cores", "1"], cwd=other, env=surroundings, check=True
        )
        differences = [
            name
            for part in COMPARED
            for name in _differences(ROOT / "results/seoul" / part, other / "results/seoul" / part)
        ]
    print("\n".join(f"differs: {name}" for name in differences) or "identical: estimates and publish")
    return 1 if differences else 0


def _differences(one: Path, two: Path) -> list[str]:
    """Return the files that only one folder has or whose bytes differ."""
    names = {
        str(path.relative_to(folder))
        for folder in (one, two)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    return [f"{one.name}/{name}" for name in sorted(names) if not _equal(one / name, two / name)]


def _equal(one: Path, two: Path) -> bool:
    return one.is_file() and two.is_file() and filecmp.cmp(one, two, shallow=False)


if __name__ == "__main__":
    sys.exit(main())
