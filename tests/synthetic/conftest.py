"""Small synthetic worlds, made once for all tests: one per scenario, and the files of one."""

from collections.abc import Callable, Mapping
from functools import cache

import pytest

from innosurvey import synthetic
from innosurvey.codebook import Codebook
from innosurvey.dictionary import Dictionary
from innosurvey.synthetic.truth import load_truth
from innosurvey.synthetic.world import World, make_world

FIRMS, SEED = 700, 7


@pytest.fixture(scope="session")
def codebooks(dictionary: Dictionary) -> Mapping[str, Codebook]:
    return synthetic.seoul_codebooks(dictionary)


@pytest.fixture(scope="session")
def world_of(dictionary: Dictionary) -> Callable[[str], World]:
    """Return the function from a scenario to its world."""
    return cache(lambda scenario: make_world(FIRMS, load_truth(scenario), SEED, dictionary))


@pytest.fixture(scope="session")
def world(world_of: Callable[[str], World]) -> World:
    return world_of("claimed")


@pytest.fixture(scope="session")
def files() -> Mapping[str, bytes]:
    return synthetic.generate(firms=300, scenario="claimed", seed=SEED)
