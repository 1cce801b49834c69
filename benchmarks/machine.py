"""What the figures of the benchmarks were measured on."""

import platform
import re
from pathlib import Path

import psutil


def described() -> str:
    """Return system, processor, cores, memory and Python in a few words."""
    about = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*:\s*(.*)", about.read_text(encoding="utf-8")) if about.is_file() else None
    processor = named[1] if named else platform.processor() or "unnamed processor"
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{platform.system()} {platform.machine()}, {processor}, {psutil.cpu_count()} cores, {memory:.0f} GB, "
        f"Python {platform.python_version()}"
    )


def busy_seconds() -> float:
    """Return the processor time of all that has run on the machine since it started."""
    spent = psutil.cpu_times()
    return spent.user + spent.nice + spent.system
