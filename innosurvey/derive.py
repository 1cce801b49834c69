"""Derived variables: what the study computes from its answers, declared in the configuration.

Each is an expression or a lookup in a code list. They may build on one another, so they are put in the order of their
dependencies first. A derived variable whose parts a survey lacks is not an error: it is listed with the reason, and so
is everything built on it. Derived columns carry no flags; they are as missing as their parts make them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from innosurvey import expressions
from innosurvey.codelists import LookupSpec, look_up, parse_lookup
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.specs import english, exactly_one_of, fail_if_not_one_of, fail_if_unknown_keys, mapping_at, title_of

if TYPE_CHECKING:
    import pandas as pd

    from innosurvey.dictionary import Variable

KEYS = ("title", "rule", "lookup", "type", "levels", "unit", "note")
TYPES = ("bool", "int", "float", "enum", "string", "date")
# What an expression gives, and what a declared type may make of it.
_KIND_OF_DTYPE = {"boolean": "bool", "float64": "float", "str": "string", "datetime64[s]": "date"}
_CASTS = {("float", "int"), ("string", "enum"), ("string", "float"), ("string", "int")}


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedSpec:
    """One derived variable. `type` is None when it follows from the expression."""

    id: str
    title: Mapping[str, str]
    rule: str | None = None
    lookup: LookupSpec | None = None
    type: str | None = None
    levels: tuple[str, ...] = ()
    unit: str = ""
    note: str = ""

    @property
    def where(self) -> str:
        """Return where the variable is declared."""
        return f"derived.{self.id}"

    def names(self) -> list[str]:
        """Return the variables that it is built from."""
        return [*self.lookup.variables] if self.lookup else expressions.names_in(self.rule or "", self.where)

    def missing(self, columns: Collection[str], offers: expressions.Offers | None = None) -> list[str]:
        """Return the variables without which it cannot be computed from these columns, and the levels that the
        questions of the survey do not offer.
        """
        if self.lookup:
            return [] if self.lookup.variable_in(columns) else [self.lookup.variable]
        return expressions.missing_names(self.rule or "", columns, self.where, offers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The firms with the derived columns added, and why others could not be: id → reason."""

    firms: pd.DataFrame
    unavailable: Mapping[str, str] = field(default_factory=dict)


def parse_derived(section: Mapping[str, Any] | None) -> dict[str, DerivedSpec]:
    """Return the specs of the section `derived:` by id, in the order in which they can be computed.

    StudyError for an unknown key, an expression that does not parse, or variables that are defined by one another.
    """
    specs = {str(name): _parse_one(str(name), entry) for name, entry in mapping_at(section, "derived").items()}
    return {name: specs[name] for name in _in_order(specs)}


def derive(
    firms: pd.DataFrame,
    specs: Mapping[str, DerivedSpec],
    dictionary: Mapping[str, Variable],
    codelists: Mapping[str, pd.DataFrame],
    offers: expressions.Offers | None = None,
) -> Derived:
    """Return one wave's firms with the derived variables that the wave has the parts for.

    `offers` are the answers that the wave's questions can have: a rule on others is not asked, and not "no".

    StudyError when a rule names a variable that neither the dictionary, the study nor the wave knows.
    """
    import pandas as pd

    had = set(map(str, firms.columns))
    known = {*dictionary, *specs, *had}
    levels = {name: variable.levels for name, variable in dictionary.items() if variable.levels}
    columns: dict[str, pd.Series] = {}
    unavailable: dict[str, str] = {}
    for name, spec in specs.items():
        _fail_if_not_derivable(spec, firms, known)
        if missing := spec.missing(had, offers):
            unavailable[name] = _reason(missing, unavailable)
            continue
        parts = {part: columns[part] if part in columns else firms[part] for part in spec.names() if part in had}
        columns[name] = _computed(spec, pd.DataFrame(parts, index=firms.index), levels, codelists, offers)
        had.add(name)
    return Derived(firms=pd.concat([firms, pd.DataFrame(columns, index=firms.index)], axis=1), unavailable=unavailable)


def parts_of(names: Collection[str], specs: Mapping[str, DerivedSpec]) -> list[str]:
    """Return the names and all that the derived ones among them are built from, each once."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += specs[name].names() if name in specs else []
    return list(found)


def _computed(
    spec: DerivedSpec,
    parts: pd.DataFrame,
    levels: Mapping[str, tuple[str, ...]],
    codelists: Mapping[str, pd.DataFrame],
    offers: expressions.Offers | None,
) -> pd.Series:
    if spec.lookup:
        return _typed(look_up(parts, spec.lookup, codelists), spec)
    return _typed(expressions.evaluate(spec.rule or "", parts, spec.where, levels, offers), spec)


def _parse_one(name: str, entry: Any) -> DerivedSpec:
    where = f"derived.{name}"
    entry = mapping_at({"rule": entry} if isinstance(entry, str) else entry, where)
    fail_if_unknown_keys(entry, KEYS, where)
    way = exactly_one_of(entry, ("rule", "lookup"), where)
    levels = tuple(str(level) for level in entry.get("levels", ()))
    kind = entry.get("type", "enum" if levels else None)
    if kind is not None:
        fail_if_not_one_of(kind, TYPES, f"{where}.type")
    if kind == "enum" and not levels:
        raise StudyError(f"{where}: an enum needs its levels, in their order.\nWrite `levels: [a, b]`.")
    spec = DerivedSpec(
        id=name,
        title=title_of(entry, name, where),
        rule=str(entry["rule"]) if way == "rule" else None,
        lookup=parse_lookup(entry["lookup"], f"{where}.lookup") if way == "lookup" else None,
        type=kind,
        levels=levels,
        unit=str(entry.get("unit", "")),
        note=english(entry.get("note")),
    )
    spec.names()  # a rule that does not parse is refused when the configuration is read
    return spec


def _in_order(specs: Mapping[str, DerivedSpec]) -> list[str]:
    """Return the ids so that each comes after those it is built from."""
    order: list[str] = []
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done:
            return
        if name in path:
            circle = " → ".join([*path[path.index(name) :], name])
            raise StudyError(f"derived.{name} is defined by itself: {circle}.\nBreak the circle in one of these rules.")
        for part in specs[name].names():
            if part in specs:
                visit(part, (*path, name))
        done.add(name)
        order.append(name)

    for name in specs:
        visit(name, ())
    return order


def _fail_if_not_derivable(spec: DerivedSpec, firms: pd.DataFrame, known: Collection[str]) -> None:
    if spec.id in firms.columns:
        raise StudyError(
            f"{spec.where}: the survey has a variable of this name already.\nGive the derived one another name."
        )
    if spec.rule is not None:
        expressions.fail_if_unknown_names(spec.rule, known, spec.where)
    for name in spec.names():
        if name not in known:  # a lookup's variable
            near = did_you_mean(name, known)
            raise StudyError(f"{spec.where}: there is no variable {name}.{near}\nCorrect the name.")


def _reason(missing: Collection[str], unavailable: Mapping[str, str]) -> str:
    absent = [name for name in missing if name not in unavailable]
    parts = [f"the survey does not have {', '.join(absent)}"] if absent else []
    built = [name for name in missing if name in unavailable]
    parts += [f"{', '.join(built)} cannot be derived"] if built else []
    return "; ".join(parts)


def _typed(computed: pd.Series, spec: DerivedSpec) -> pd.Series:
    """Return the column in its declared type."""
    import pandas as pd

    found = _KIND_OF_DTYPE[str(computed.dtype)]
    wanted = spec.type or found
    if wanted != found and (found, wanted) not in _CASTS:
        raise StudyError(
            f"{spec.where}: declared as {wanted}, but the rule gives {found}.\nCorrect `type:` or the rule."
        )
    if wanted == "enum":
        return _as_levels(computed, spec)
    if wanted in ("float", "int") and found == "string":
        computed = pd.to_numeric(computed, errors="coerce").astype("float64")
    return computed.round().astype("Int64") if wanted == "int" else computed


def _as_levels(computed: pd.Series, spec: DerivedSpec) -> pd.Series:
    import pandas as pd

    strange = sorted(set(computed.dropna().unique()) - set(spec.levels))
    if strange:
        raise StudyError(
            f"{spec.where}: the rule gives {', '.join(strange[:10])}, which `levels:` does not list.\n"
            f"Its levels are {', '.join(spec.levels)}.{did_you_mean(strange[0], spec.levels)}"
        )
    return computed.astype(pd.CategoricalDtype(list(spec.levels)))
