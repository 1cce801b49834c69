"""The new wave's codebook: the text of the nearest one, with the differences written in and the open points listed."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from innosurvey.codebook.decide import SECTION
from innosurvey.draft.entries import TO_SAY
from innosurvey.draft.notation import Name, flow, scalar
from innosurvey.draft.page import line_of
from innosurvey.new_wave.codes import Codes
from innosurvey.new_wave.differences import Columns, Point
from innosurvey.new_wave.fit import Fit
from innosurvey.new_wave.yaml_text import Edit, YamlText, applied, end_of, end_of_line, start_of_line

GONE = "GONE: not in this file"


def new_codebook(
    old: str,
    old_name: str,
    fit: Fit,
    layout: Mapping[str, Any],
    columns: Columns,
    codes: Codes,
    points: Sequence[Point],
) -> str:
    """Return the codebook as text. `layout` is its `file:`, `points` all that is to be decided."""
    page = YamlText(old)
    edits = [
        *_columns(page, fit, columns),
        *_years(page, fit),
        *_layout(page, layout),
        *_codes(page, codes, fit),
        *_new_entries(page, columns, fit),
    ]
    return _heading(old_name, fit, points) + applied(old, edits)


def points_as_map(points: Sequence[Point]) -> dict[str, str]:
    """Return the points by what they are about; those about one thing as one."""
    found: dict[str, str] = {}
    for point in points:
        found[point.about] = f"{found[point.about]} {point.says}" if point.about in found else point.says
    return found


def _heading(old_name: str, fit: Fit, points: Sequence[Point]) -> str:
    lines = [f"# Drafted for {fit.source.path.name} from {old_name}: comments below that name a wave are from there."]
    if points:
        lines += [
            "# What differs, and is to be decided. Decide a point, correct the entry that it is about, and remove the "
            "point's line here;",
            "# until none is left, `innosurvey check` lists them and no report is built.",
            f"{SECTION}:",
        ]
        listed = points_as_map(points).items()
        lines += [f"  {scalar(about)}: {json.dumps(says, ensure_ascii=False)}" for about, says in listed]
    return "\n".join(lines) + "\n\n"


def _columns(page: YamlText, fit: Fit, columns: Columns) -> list[Edit]:
    """Return the edits that give columns their new names, and make comments of those that are gone."""
    edits: list[Edit] = []
    gone = []
    for name, variable in fit.known.book.variables.items():
        entry = page.entry("variables", name)
        if entry is None or not variable.columns:
            continue
        if not any(column in columns.mapped for column in variable.columns):
            gone.append(entry)
            continue
        one, several = page.value("variables", name, "column"), page.value("variables", name, "columns")
        if one is not None:
            edits += _renamed(page, one, variable.columns[0], columns)
        elif isinstance(several, yaml.CollectionNode) and all(column in columns.mapped for column in variable.columns):
            nodes = [value[1] if isinstance(value, tuple) else value for value in several.value]
            edits += [
                edit
                for node, old in zip(nodes, variable.columns, strict=True)
                for edit in _renamed(page, node, old, columns)
            ]
        elif isinstance(several, yaml.CollectionNode):
            edits.append(_fewer(page, several, variable.columns, columns))
    return [*edits, *page.commented(gone, GONE)]


def _renamed(page: YamlText, node: yaml.Node, old: str, columns: Columns) -> list[Edit]:
    new = columns.mapped[old]
    return [] if new == old else [page.replaced(node, scalar(Name(new)))]


def _fewer(page: YamlText, node: yaml.CollectionNode, names: Sequence[str], columns: Columns) -> Edit:
    """Return the edit that leaves, of several columns, those that are there, between braces or brackets."""
    values = [
        (value[0].value if isinstance(value, tuple) else None, columns.mapped[name])
        for value, name in zip(node.value, names, strict=True)
        if name in columns.mapped
    ]
    kept: Any = {level: Name(new) for level, new in values if level is not None} or [Name(new) for _, new in values]
    if node.flow_style:
        return page.replaced(node, flow(kept))
    start = end_of_line(page.text, page.text.rfind(":", 0, node.start_mark.index))
    return Edit(start=start, end=end_of(page.text, node), text=f" {flow(kept)}")


def _years(page: YamlText, fit: Fit) -> list[Edit]:
    """Return the edits that move the years of title, period and skip rules along."""
    years = fit.known.years
    nodes = [page.value("title")]
    nodes += [page.value("variables", name, "asked_if") for name in fit.known.book.variables]
    skips = page.value("skips")
    nodes += [value for _, value in skips.value] if isinstance(skips, yaml.MappingNode) else []
    edits = [
        Edit(start=node.start_mark.index, end=end_of(page.text, node), text=years.moved(page.source(node)))
        for node in nodes
        if node is not None and years.has_years(page.source(node))
    ]
    period = page.value("period")
    if period is not None and fit.known.book.period:
        edits.append(page.replaced(period, f"[{', '.join(years.period(fit.known.book.period))}]"))
    return edits


def _layout(page: YamlText, layout: Mapping[str, Any]) -> list[Edit]:
    """Return the edits that make `file:` what it is to be."""
    node = page.value("file")
    if not isinstance(node, yaml.MappingNode) or not node.value:
        entry = page.entry("variables")
        if not layout or entry is None:
            return []
        start = start_of_line(page.text, entry[0].start_mark.index)
        return [Edit(start=start, end=start, text=f"file: {flow(layout)}\n\n")]
    old = {key.value: (key, value) for key, value in node.value}
    edits = page.commented([old[key] for key in old if key not in layout], GONE)
    for key, value in layout.items():
        text = flow(Name(value) if key == "sheet" and isinstance(value, str) else value)
        if key not in old:
            edits.append(page.appended(node, f"{key}: {_quoted(key, text)}"))
        elif yaml.safe_load(page.source(old[key][1])) != value:
            edits.append(page.replaced(old[key][1], _quoted(key, text)))
    return edits


def _quoted(key: str, text: str) -> str:
    """Return a sign in quotes."""
    quoted = text.startswith('"')
    return json.dumps(text) if key in ("delimiter", "decimal", "thousands") and not quoted else text


def _codes(page: YamlText, codes: Codes, fit: Fit) -> list[Edit]:
    """Return the edits that add codes: to the map that the variable's `values:` is or names, or to its `missing:`."""
    added: dict[int, dict[str, object]] = {}
    nodes: dict[int, yaml.CollectionNode] = {}
    for name, new in codes.values.items():
        node = page.value("variables", name, "values")
        if isinstance(node, yaml.ScalarNode):
            node = page.value("value_maps", node.value)
        if isinstance(node, yaml.CollectionNode):
            nodes[node.start_mark.index] = node
            there = added.setdefault(node.start_mark.index, {})
            for code, meaning in new.items():
                there[code] = meaning if there.get(code, TO_SAY) == TO_SAY else there[code]
    edits = [
        page.appended(nodes[place], f"{scalar(code)}: {flow(meaning)}")
        for place, new_codes in added.items()
        for code, meaning in new_codes.items()
    ]
    for name, missing in codes.missing.items():
        entry, own = page.value("variables", name), page.value("variables", name, "missing")
        if isinstance(own, yaml.MappingNode):
            edits += [page.appended(own, f"{scalar(code)}: {kind}") for code, kind in missing.items()]
        elif isinstance(entry, yaml.CollectionNode):
            edits.append(page.appended(entry, f"missing: {flow(missing)}"))
    return edits


def _new_entries(page: YamlText, columns: Columns, fit: Fit) -> list[Edit]:
    """Return the edit that adds the drafted entries of new columns below the last variable."""
    node = page.value("variables")
    if not columns.entries or not isinstance(node, yaml.MappingNode) or node.flow_style:
        return []
    indent = " " * node.value[0][0].start_mark.column
    lines = [line_of(entry, {"": "missing"}, {}, entry.stands) for entry in columns.entries]
    text = "\n".join(re.sub(r"^ *", indent, line) for line in lines)
    place = end_of_line(page.text, end_of(page.text, node))
    heading = f"\n\n{indent}# New in {fit.source.path.name}"
    return [Edit(start=place, end=place, text=f"{heading}\n{text}")]
