"""Which answers the questions of a codebook can have."""

import pytest

from innosurvey.codebook import offers_of
from innosurvey.yamlfile import read

HEAD = "value_maps:\n  source: {1: 2, 2: 0, 9: refused}\n"


def offers(tmp_path, entry: str):
    path = tmp_path / "codebook.yaml"
    path.write_text(f"{HEAD}variables:\n  asked: {entry}\n", encoding="utf-8")
    return offers_of(read(path)).get("asked")


@pytest.mark.parametrize(
    ("entry", "answers"),
    [
        ("{column: Q1, values: {1: central, 2: none, 8: dont_know}}", ("central", "none")),
        ("{column: Q1, values: source}", (0.0, 2.0)),
        ("{columns: [Q1, Q2], combine: max, values: source}", (0.0, 2.0)),
        ("{column: Q1, values: {1: 3}, blank: 0}", (0.0, 3.0)),
        (
            "{columns: {abroad: Q2, domestic: Q1}, combine: multi, values: {1: true}}",
            ("abroad", "domestic", "none"),
        ),
    ],
)
def test_listed_answers_are_on_offer(tmp_path, entry: str, answers: tuple):
    assert offers(tmp_path, entry) == answers


@pytest.mark.parametrize(
    "entry",
    [
        "{column: Q1}",
        "{column: Q1, values: {1: true, 2: false}}",
        "{columns: [Q1, Q2], combine: sum, values: source}",
        "{column: Q1, values: source, multiply: 10}",
        "{column: Q1, values: source, unit: thousand}",
        "{constant: central}",
        "{column: Q1, values: no_such_map}",
        "no mapping",
    ],
)
def test_answers_that_are_not_listed_are_open(tmp_path, entry: str):
    assert offers(tmp_path, entry) is None
