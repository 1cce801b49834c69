"""Draw the workflow from its rules as docs/workflow.svg: `make docs`.

Not a step of the workflow. Snakemake says which rule needs which; the rule files say to which stage a rule belongs and
where its output goes. A rule's column is the number of stages on the longest way to it from the raw files, so that the
rules of a stage stand below each other, unless another stage comes between them. A line that would pass over a column
runs below all boxes.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT, GAP_X, GAP_Y, TOP, EDGE, LANE = 128, 44, 34, 20, 84, 18, 12
CERTIFICATE = "resources/studies/certificate.yaml"  # its stage is no part of a survey's study
GOALS = ("all", "data", "models", "report", "validate")
KINDS = {
    "microdata": ("#dfe8f6", "#4a6da7", "microdata: firms' answers, never leave the house"),
    "estimates": ("#e2f1e4", "#4b8a58", "estimates: aggregates, not cleared for small cells"),
    "checks": ("#efe6f4", "#7c5c96", "checks: what was looked at, and how much of it"),
    "rendered": ("#fbecd3", "#b07d2b", "rendered: cleared, to be looked at once more"),
    "publish": ("#f6d9a6", "#8f6114", "publish: may leave the house"),
}
OUTPUTS = {"slice_files()": "microdata", "published_files()": "publish"}
"""Where outputs go that a function names."""
FONT = 'font-family="sans-serif" font-size="12"'
DARK, GREY, MIDDLE = 'fill="#1d2430"', 'fill="#5b6575"', 'text-anchor="middle"'
Edge = tuple[str, str]
Places = dict[str, tuple[float, float]]


def main() -> None:
    edges = sorted({*graph_of(), *graph_of("--configfile", CERTIFICATE)})
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "workflow/rules").glob("*.smk"))}
    (ROOT / "docs/workflow.svg").write_text(as_svg(edges, texts), encoding="utf-8")


def graph_of(*options: str) -> list[Edge]:
    """Return the edges of a study: of the default one, or of the one that the options choose."""
    dot = subprocess.run(
        [sys.executable, "-m", "snakemake", "--rulegraph", "dot", "--forceall", "--quiet", "all", *options],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return read_graph(dot)


def read_graph(dot: str) -> list[Edge]:
    """Return the edges between rules that no longer way replaces."""
    names = dict(re.findall(r"(\d+)\[label = \"([^\"\\]+)", dot))
    edges = {(names[one], names[two]) for one, two in re.findall(r"(\d+) -> (\d+)", dot) if one != two}
    edges = {edge for edge in edges if not set(edge) & set(GOALS)}
    after = {rule: reached(rule, edges) for edge in edges for rule in edge}
    return sorted(
        (one, two) for one, two in edges if not any(two in after[via] for start, via in edges if start == one)
    )


def reached(rule: str, edges: set[Edge]) -> set[str]:
    found = {two for one, two in edges if one == rule}
    return found.union(*(reached(two, edges) for two in found))


def levels(edges: Iterable[Edge], stage_of: dict[str, str] | None = None) -> dict[str, int]:
    """Return for each rule the length of the longest way that leads to it; with stages, in steps between stages."""
    depth = dict.fromkeys(sorted({node for edge in edges for node in edge}), 0)
    for _ in depth:
        for one, two in sorted(edges):
            depth[two] = max(depth[two], depth[one] + (stage_of is None or stage_of[one] != stage_of[two]))
    return depth


def rules_in(texts: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return rule → stage and text of the rule."""
    parts = {stage: re.split(r"^rule (\w+):\n", text, flags=re.MULTILINE)[1:] for stage, text in texts.items()}
    return {
        name: (stage, text) for stage, part in parts.items() for name, text in zip(part[::2], part[1::2], strict=True)
    }


def as_svg(edges: list[Edge], texts: dict[str, str]) -> str:
    rules = rules_in(texts)
    stage_of = {rule: stage for rule, (stage, _) in rules.items()}
    columns = levels(edges, stage_of)
    places, height = placed(sorted(rules), columns, levels(edges))
    stages = {
        column: sorted({stage_of[rule] for rule in rules if columns[rule] == column}) for column in columns.values()
    }
    half = columns["cut_slices"]
    width = 2 * EDGE + (max(columns.values()) + 1) * (WIDTH + GAP_X) - GAP_X
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + 46:.0f}" {FONT} role="img">',
        "<title>The rules of the workflow, from the raw files to the validated report</title>",
        f'<rect width="{width}" height="{height + 46:.0f}" fill="#ffffff"/>',
        phase("data phase: snakemake data", 0, half, height),
        phase("estimates and report", half + 1, max(columns.values()), height),
        *headings(stages),
        *(line(places[one], places[two], height - LANE) for one, two in edges),
        *(box(rule, text, places[rule]) for rule, (_, text) in sorted(rules.items())),
        *legend(height + 24), "</svg>", "",
    ])  # fmt: skip


def placed(rules: list[str], columns: dict[str, int], depths: dict[str, int]) -> tuple[Places, float]:
    """Return the upper left corner of each rule's box, each column centred, and where the boxes end."""
    stacks = [
        sorted((r for r in rules if columns[r] == c), key=lambda r: (depths[r], r))
        for c in sorted(set(columns.values()))
    ]
    tallest = max(len(stack) for stack in stacks) * (HEIGHT + GAP_Y) - GAP_Y
    places: Places = {}
    for column, stack in enumerate(stacks):
        start = TOP + (tallest - (len(stack) * (HEIGHT + GAP_Y) - GAP_Y)) / 2
        for row, rule in enumerate(stack):
            places[rule] = (EDGE + column * (WIDTH + GAP_X), start + row * (HEIGHT + GAP_Y))
    return places, TOP + tallest + 14 + LANE


def phase(title: str, first: int, last: int, bottom: float) -> str:
    x, right = EDGE + first * (WIDTH + GAP_X) - 12, EDGE + last * (WIDTH + GAP_X) + WIDTH + 12
    return (
        f'<rect x="{x}" y="30" width="{right - x}" height="{bottom - 30:.0f}" rx="8" fill="#f7f8fa" stroke="#d5dae2"/>'
        f'<text x="{x + 2}" y="22" fill="#5b6575" font-size="13">{title}</text>'
    )


def headings(stages: dict[int, list[str]]) -> list[str]:
    """Return each column's stages as its heading, two on a line."""
    lines = [
        (column, 54 + 14 * number, ", ".join(names[2 * number : 2 * number + 2]))
        for column, names in sorted(stages.items())
        for number in range((len(names) + 1) // 2)
    ]
    return [
        f'<text x="{EDGE + column * (WIDTH + GAP_X) + WIDTH / 2:.0f}" y="{y}" '
        f'{MIDDLE} font-weight="bold" font-size="11" {DARK}>{words}</text>'
        for column, y, words in lines
    ]


def line(one: tuple[float, float], two: tuple[float, float], lane: float) -> str:
    """Return the way from box to box: across the gap, along the lane below, straight down, or round what is between."""
    if two[0] - one[0] > WIDTH + GAP_X:
        x1, y1, x2, y2 = one[0] + WIDTH, one[1] + HEIGHT / 2, two[0], two[1] + HEIGHT / 2
        way = f"M{x1},{y1} H{x1 + GAP_X / 2} V{lane} H{x2 - GAP_X / 2} V{y2} H{x2 - 5}"
        return way_of(way, f"M{x2},{y2} l-7,-4 v8 z")
    if one[0] != two[0]:
        x1, y1, x2, y2 = one[0] + WIDTH, one[1] + HEIGHT / 2, two[0], two[1] + HEIGHT / 2
        way = f"M{x1},{y1} C{x1 + GAP_X / 2},{y1} {x2 - GAP_X / 2},{y2} {x2 - 5},{y2}"
        return way_of(way, f"M{x2},{y2} l-7,-4 v8 z")
    x, y1, y2 = one[0] + WIDTH / 2, one[1] + HEIGHT, two[1]
    if y2 - y1 <= GAP_Y:
        return way_of(f"M{x},{y1} V{y2 - 5}", f"M{x},{y2} l-4,-7 h8 z")
    left, y1, y2 = one[0], one[1] + HEIGHT / 2, two[1] + HEIGHT / 2
    return way_of(f"M{left},{y1} h-4 q-6,0 -6,6 V{y2 - 6} q0,6 6,6 h0", f"M{left},{y2} l-7,-4 v8 z")


def way_of(way: str, tip: str) -> str:
    return f'<path d="{way}" fill="none" stroke="#7b8698" stroke-width="1.4"/><path d="{tip}" fill="#7b8698"/>'


def box(rule: str, text: str, place: tuple[float, float]) -> str:
    """Return a rule's box: its name, what it runs once for, and the colour of where its output goes."""
    output = text.split("    output:\n")[1].split("    log:")[0]
    kind = re.search(r"<results>/(\w+)/", output)
    fill, stroke, _ = KINDS[kind[1] if kind else next(to for name, to in OUTPUTS.items() if name in output)]
    each = re.search(r"\{(wave|register|cohort|batch|data|language|table)\}", output)
    x, y = place[0] + WIDTH / 2, place[1] + HEIGHT / 2
    return (
        f'<rect id="{rule}" x="{place[0]}" y="{place[1]}" width="{WIDTH}" height="{HEIGHT}" rx="6" '
        f'fill="{fill}" stroke="{stroke}"/>'
        f'<text x="{x}" y="{y - 3}" {MIDDLE} {DARK}>{rule}</text>'
        f'<text x="{x}" y="{y + 12}" {MIDDLE} {GREY} font-size="10">{f"per {each[1]}" if each else "once"}</text>'
    )


def legend(y: float) -> list[str]:
    return [
        f'<rect x="{EDGE + place * 340}" y="{y - 10:.0f}" width="14" height="14" rx="3" '
        f'fill="{fill}" stroke="{stroke}"/><text x="{EDGE + place * 340 + 21}" y="{y + 2:.0f}" {DARK}>{words}</text>'
        for place, (fill, stroke, words) in enumerate(KINDS.values())
    ]


if __name__ == "__main__":
    main()
