"""Where each published table and figure comes from: the estimates behind it, the rules that made these, raw files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from innosurvey.crate import INPUT, STEP
from innosurvey.made_by import MADE_BY
from innosurvey.provenance import RAW

_ESTIMATES = re.compile(r"estimates/(\w+)\.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One table or figure: its published file and the rule that makes it, the estimates that its numbers are taken
    from, the rules that make these, and the raw files that they rest on.
    """

    kind: str
    number: str
    title: str
    file: str
    rule: str
    estimates: tuple[str, ...]
    rules: tuple[str, ...]
    raw: tuple[str, ...]


def exhibits_of(document: Mapping[str, Any], crate: Mapping[str, Any]) -> list[Exhibit]:
    """Return the tables, then the figures, of a published document, with what the crate says is behind them."""
    blocks = [block for section in document["sections"] for block in section["blocks"]]
    traced = {row["id"]: row["table"] for row in document["trace"]}
    raw = raw_behind(crate)
    return [
        _exhibit(block, document["language"], traced, raw)
        for kind in ("Table", "Figure")
        for block in blocks
        if block["is"] == kind
    ]


def _exhibit(
    block: Mapping[str, Any], language: str, traced: Mapping[str, str], raw: Mapping[str, set[str]]
) -> Exhibit:
    figure = block["is"] == "Figure"
    estimates = _ESTIMATES.findall(block["source"])
    if not figure:
        runs = (run for row in block["rows"] for cell in row["cells"] for run in cell["runs"])
        estimates += [traced[run["trace"]] for run in runs if run["trace"]]
    estimates = list(dict.fromkeys(estimates))
    rules = tuple(dict.fromkeys(MADE_BY[name] for name in estimates if name in MADE_BY))
    return Exhibit(
        kind=block["is"],
        number=block["number"],
        title=block["title"],
        file=f"figures.{language}/{block['id']}.{language}.svg" if figure else f"tables/{block['id']}.csv",
        rule="draw_figures" if figure else "write_tables",
        estimates=tuple(estimates),
        rules=rules,
        raw=tuple(sorted({file for rule in rules for file in raw.get(rule, ())})),
    )


def actions_of(crate: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the crate's actions of single rules."""
    return [entity for entity in crate["@graph"] if entity["@id"].startswith(STEP)]


def raw_behind(crate: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the raw files that each rule rests on, directly or not, by its name."""
    actions = {entity["name"]: entity for entity in actions_of(crate)}
    makers: dict[str, set[str]] = {}
    for name, entity in actions.items():
        for made in entity["result"]:
            makers.setdefault(made["@id"], set()).add(name)
    reads = {name: {each["@id"] for each in entity["object"]} for name, entity in actions.items()}
    behind = {}
    for name in actions:
        needed, waiting = set[str](), {name}
        while waiting:
            rule = waiting.pop()
            needed.add(rule)
            waiting |= {maker for id_ in reads[rule] for maker in makers.get(id_, ())} - needed
        inputs = {unquote(id_) for rule in needed for id_ in reads[rule] if id_.startswith(INPUT + RAW)}
        behind[name] = {id_.removeprefix(INPUT + RAW) for id_ in inputs}
    return behind
