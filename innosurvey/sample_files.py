"""The full sample from the files that estimating steps have of it. Apart from `tables`, which every step reaches: an
edit of how samples are put together must not make the steps before the weights run again.
"""

from collections.abc import Sequence
from typing import Any

from innosurvey import tables
from innosurvey.sample import FullSample, full_sample


def read_sample(source: Any, waves: Sequence[str], replicated: Sequence[str]) -> FullSample:
    """Return all firms that answered, from a step's inputs; `replicated` are the waves with replicate weights."""
    return full_sample(
        tables.read_keyed("design", waves, source.design),
        tables.read_keyed("calibrated", waves, source.calibrated),
        tables.read_keyed("replicates", replicated, source.replicates),
        tables.read("pooled", source.pooled),
    )


def sample_sources(source: Any) -> list[str]:
    """Return the files that `read_sample` reads, from a step's inputs."""
    return [*source.design, *source.calibrated, *source.replicates, source.pooled]
