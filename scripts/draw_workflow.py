"""Draw the workflow from its rules as docs/workflow.svg: `make docs`.

Not a step of the workflow: it asks Snakemake for the graph of rules and places each rule in the column of its longest
way from the raw files.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT, GAP_X, GAP_Y = 150, 34, 40, 18
GOALS = ("all", "data", "models", "report", "validate")
COLOURS = {"data": "#e8eef7", "estimates": "#e9f3ea", "report": "#f8efe0"}


def main() -> None:
    dot = subprocess.run(
        [sys.executable, "-m", "snakemake", "--rulegraph", "dot", "--forceall", "--quiet", "all"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    (ROOT / "docs/workflow.svg").write_text(as_svg(*read_graph(dot)), encoding="utf-8")


def read_graph(dot: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the rules and the edges between them."""
    names = dict(re.findall(r"(\d+)\[label = \"([^\"\\]+)", dot))
    rules = sorted(name for name in names.values() if name not in GOALS)
    edges = {(names[one], names[two]) for one, two in re.findall(r"(\d+) -> (\d+)", dot) if one != two}
    return rules, sorted((one, two) for one, two in edges if one in rules and two in rules)


def columns_of(rules: list[str], edges: list[tuple[str, str]]) -> dict[str, int]:
    """Return each rule's column: the length of the longest way that leads to it."""
    columns = dict.fromkeys(rules, 0)
    for _ in rules:
        for one, two in edges:
            columns[two] = max(columns[two], columns[one] + 1)
    return columns


def without_shortcuts(edges: list[tuple[str, str]], columns: dict[str, int]) -> list[tuple[str, str]]:
    """Return the edges that no longer way replaces."""
    after: dict[str, set[str]] = {rule: set() for rule in columns}
    for rule in sorted(columns, key=lambda name: -columns[name]):
        for one, two in edges:
            if one == rule:
                after[rule] |= {two} | after[two]
    return [(one, two) for one, two in edges if not any(two in after[other] for start, other in edges if start == one)]


def as_svg(rules: list[str], edges: list[tuple[str, str]]) -> str:
    columns = columns_of(rules, edges)
    places: dict[str, tuple[int, int]] = {}
    for column in range(max(columns.values()) + 1):
        for row, rule in enumerate(rule for rule in rules if columns[rule] == column):
            places[rule] = (20 + column * (WIDTH + GAP_X), 20 + row * (HEIGHT + GAP_Y))
    width = max(x for x, _ in places.values()) + WIDTH + 20
    height = max(y for _, y in places.values()) + HEIGHT + 20
    lines = [line(places[one], places[two]) for one, two in without_shortcuts(edges, columns)]
    boxes = [box(rule, *place) for rule, place in places.items()]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12" role="img">',
        "<title>The rules of the workflow, from the raw files to the validated report</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *lines, *boxes, "</svg>", "",
    ])  # fmt: skip


def line(one: tuple[int, int], two: tuple[int, int]) -> str:
    x1, y1, x2, y2 = one[0] + WIDTH, one[1] + HEIGHT // 2, two[0], two[1] + HEIGHT // 2
    middle = (x1 + x2) // 2
    return (
        f'<path d="M{x1},{y1} C{middle},{y1} {middle},{y2} {x2},{y2}" fill="none" stroke="#8a94a6" stroke-width="1.3"/>'
    )


def box(rule: str, x: int, y: int) -> str:
    stage = rule.split("_")[0]
    kind = (
        "data"
        if stage in ("ingest", "link", "clean", "weight", "assign", "cut")
        else "report"
        if stage in ("draw", "write", "render", "validate")
        else "estimates"
    )
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="5" fill="{COLOURS[kind]}" stroke="#5b6575"/>'
        f'<text x="{x + WIDTH // 2}" y="{y + HEIGHT // 2 + 4}" text-anchor="middle" fill="#1d2430">{rule}</text>'
    )


if __name__ == "__main__":
    main()
