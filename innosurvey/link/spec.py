"""How a register is linked: which of its rows hold for a wave, and what they say about the firm.

`valid_at`: rows with a first and last day, of which those count that hold on a day (certificates). `year`: one row per
firm and year (financial statements). `events`: dated rows, any number per firm, counted or added up within a span
(programmes, patents).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from innosurvey import expressions
from innosurvey.errors import StudyError
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at

How = Literal["valid_at", "year", "events"]
Aggregate = Literal["count", "sum", "any", "mean", "last"]
DATE_KEYS: Mapping[How, tuple[str, ...]] = {"valid_at": ("from", "to"), "year": ("year",), "events": ("date",)}
OPTIONS: Mapping[How, Mapping[str, tuple[str, ...]]] = {
    "valid_at": {"at": ("period_end", "period_start")},
    "year": {},
    "events": {"within": ("period", "before")},
}
EVENT_AGGREGATES = ("count", "sum", "any", "mean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Into:
    """One variable from a register: an expression per row of the register, and how a firm's rows become one value.

    `rule` is None for a plain `count` of the rows.
    """

    variable: str
    aggregate: Aggregate
    rule: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSpec:
    """How one register is linked. `columns` are its columns of dates or years, `option` the day or span that counts.

    `covers`: a register of `all` firms says no about one that it lacks; one of `listed` firms says nothing.
    """

    register: str
    how: How
    columns: tuple[str, ...]
    option: str
    into: tuple[Into, ...]
    covers: Literal["all", "listed"] = "all"

    @property
    def where(self) -> str:
        """Return where the link is declared."""
        return f"registers.{self.register}.link"

    def columns_asked(self) -> tuple[str, ...]:
        """Return the key, the dates or years, and what the rules name, each once."""
        named = [name for into in self.into if into.rule for name in expressions.names_in(into.rule, self.where)]
        return tuple(dict.fromkeys(["firm_id", *self.columns, *named]))


def parse_links(links: Mapping[str, Mapping[str, Any]]) -> dict[str, LinkSpec]:
    """Return the specs of registers' `link:` entries by register; a register without one (the frame) is left out.

    StudyError for unknown keys or ways, a missing column of dates, and an `into:` that can't work.
    """
    return {register: _parse_one(register, entry) for register, entry in links.items() if entry}


def columns_needed(specs: Mapping[str, LinkSpec]) -> dict[str, tuple[str, ...]]:
    """Return the columns of each register that its link reads."""
    return {register: ("_source_row", *spec.columns_asked()) for register, spec in specs.items()}


def _parse_one(register: str, entry: Any) -> LinkSpec:
    where = f"registers.{register}.link"
    entry = mapping_at(entry, where)
    fail_if_key_missing(entry, ("how", "into"), where)
    how: How = entry["how"]
    fail_if_not_one_of(how, tuple(DATE_KEYS), f"{where}.how")
    options = OPTIONS[how]
    fail_if_unknown_keys(entry, ("how", "into", "covers", *DATE_KEYS[how], *options), where)
    fail_if_key_missing(entry, DATE_KEYS[how], where)
    chosen = ""
    for option, allowed in options.items():
        chosen = entry.get(option, allowed[0])
        fail_if_not_one_of(chosen, allowed, f"{where}.{option}")
    covers = entry.get("covers", "all")
    fail_if_not_one_of(covers, ("all", "listed"), f"{where}.covers")
    into = mapping_at(entry["into"], f"{where}.into")
    return LinkSpec(
        register=register,
        how=how,
        columns=tuple(str(entry[key]) for key in DATE_KEYS[how]),
        option=chosen,
        into=tuple(_into(str(name), str(rule), how, f"{where}.into.{name}") for name, rule in into.items()),
        covers=covers,
    )


def _into(variable: str, rule: str, how: How, where: str) -> Into:
    """Return one variable; events need an outer count, sum, any or mean, the other ways take the row's own value."""
    if how != "events":
        expressions.parse(rule, where)
        return Into(variable=variable, aggregate="any" if how == "valid_at" else "last", rule=rule)
    if rule.strip() == "count":
        return Into(variable=variable, aggregate="count", rule=None)
    tree = expressions.parse(rule, where).tree
    text = expressions.parse(rule, where).text
    name = tree.func.id if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) else ""
    if isinstance(tree, ast.Call) and name in EVENT_AGGREGATES and len(tree.args) == 1:
        inner = ast.get_source_segment(text, tree.args[0])
        return Into(variable=variable, aggregate=name, rule=inner)  # type: ignore[arg-type]
    raise StudyError(
        f"{where}: a firm has any number of events, so say how they become one value.\n"
        "Write `count`, count(condition), sum(x), mean(x) or any(condition)."
    )
