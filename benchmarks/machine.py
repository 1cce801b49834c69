"""What the figures of the benchmarks were measured on."""

import platform
import re
import time
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


def pace() -> str:
    """Return how fast the machine is at the moment, others' work included: shared ones differ by the hour."""
    began = time.perf_counter()
    total = 0
    for number in range(10_000_000):
        total += number
    return f"ten million additions in Python took {time.perf_counter() - began:.2f} s"
