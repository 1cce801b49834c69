"""Whether R is there to compare with."""

import shutil
import subprocess


def has_packages(*names: str) -> bool:
    """Return whether R is installed, with all of these packages."""
    if not shutil.which("Rscript"):
        return False
    asked = f"quit(status = !({' && '.join(f'requireNamespace({name!r})' for name in names)}))"
    return subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode == 0
