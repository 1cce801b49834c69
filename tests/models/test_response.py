"""Which parameters make an index, found by the names of terms."""

import numpy as np
import pytest

from innosurvey.models.matrix import Block
from innosurvey.models.response import ancillary, parts_of


def block(*names):
    return Block(names=names, terms=names, columns=np.zeros((1, len(names))))


MAIN = block("const", "rd", "size[a/b]")


def places(terms, **equations):
    parts = parts_of(terms, {"": MAIN, **equations})
    return [(part.equation, part.where.start, part.where.stop) for part in parts], ancillary(parts, len(terms))


def test_a_model_of_one_index_has_one_part():
    assert places((*MAIN.names, "alpha")) == ([("", 0, 3)], (3,))


def test_each_level_of_a_multinomial_logit_has_a_part_of_the_same_columns():
    terms = tuple(f"{level}/{name}" for level in ("low", "a/b") for name in MAIN.names)
    assert places(terms) == ([("", 0, 3), ("", 3, 6)], ())


def test_an_ordered_model_has_a_part_without_the_constant():
    assert places(("rd", "size[a/b]", "cut[no|yes]")) == ([("", 0, 2)], (2,))


@pytest.mark.parametrize("first", ["main", "selection"])
def test_an_equation_has_the_part_that_bears_its_name(first):
    own, selection = MAIN.names, ("selection/const", "selection/rd")
    terms = own + selection if first == "main" else selection + own
    found, loose = places((*terms, "sigma", "rho"), selection=block("const", "rd"))
    assert {name for name, _, _ in found} == {"", "selection"}
    assert loose == (5, 6)


def test_an_equation_of_the_same_columns_is_not_taken_for_a_level():
    terms = (*MAIN.names, *(f"second/{name}" for name in MAIN.names), "rho")
    assert places(terms, second=MAIN) == ([("", 0, 3), ("second", 3, 6)], (6,))
