"""Labels below a curve."""

import pytest

from innosurvey.report.figures.curves import broken


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Early growth", "Early\ngrowth"),
        ("Maturity", "Maturity"),
        ("창업기", "창업기"),
        ("초기성장기", "초기\n성장기"),
    ],
)
def test_a_label_is_broken_at_spaces_and_a_long_korean_word_in_halves(label: str, lines: str):
    assert broken(label, 7) == lines
