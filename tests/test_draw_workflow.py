"""The picture of the workflow shows every rule, and no line runs over a box."""

import re
from pathlib import Path

from tests.test_architecture import RULES

ROOT = Path(__file__).resolve().parent.parent
PICTURE = (ROOT / "docs/workflow.svg").read_text(encoding="utf-8")
BOX = re.compile(r'<rect id="(\w+)" x="([\d.]+)" y="([\d.]+)" width="(\d+)" height="(\d+)"')


def test_the_picture_has_one_box_for_every_rule_of_the_workflow():
    assert sorted(name for name, *_ in BOX.findall(PICTURE)) == sorted(RULES), "run make docs"


def test_no_box_lies_over_another():
    boxes = [tuple(map(float, place)) for _, *place in BOX.findall(PICTURE)]
    assert [
        (one, two)
        for one in boxes
        for two in boxes
        if one < two and abs(one[0] - two[0]) < one[2] and abs(one[1] - two[1]) < one[3]
    ] == []


def test_a_line_from_stage_to_stage_crosses_one_gap_only():
    """A curve stays between its ends, so that one no longer than the gap between two columns meets no box."""
    columns = sorted({float(x) for _, x, *_ in BOX.findall(PICTURE)})
    width = float(BOX.findall(PICTURE)[0][3])
    gap = columns[1] - columns[0] - width
    curves = re.findall(r'd="M([\d.]+),[\d.]+ C[^"]* ([\d.]+),[\d.]+"', PICTURE)
    assert curves
    assert all(0 < float(end) - float(start) <= gap for start, end in curves)
