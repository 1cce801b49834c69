"""The declaration of an imputation: which variables, by which methods in which order, from which donors."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from innosurvey import expressions
from innosurvey.errors import StudyError
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at

Kind = Literal["rule", "ratio", "previous", "donor", "prorate"]
Scale = Literal["log", "linear"]
SECTION = "imputation"
KEYS = ("seed", "multiple", "classes", "minimum_donors", "max_uses", "neighbours", "distance", "steps")
STEP_KEYS = ("variables", "methods", "total", "at_least", "at_most", "without_donors", "note")
BORROWING = ("classes", "minimum_donors")
METHOD_KEYS: Mapping[str, tuple[str, ...]] = {
    "rule": ("value", "values", "when"),
    "ratio": ("to", *BORROWING),
    "previous": ("of", "trend", *BORROWING),
    "donor": ("distance", "max_uses", "neighbours", *BORROWING),
    "prorate": BORROWING,
}
Ladder = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSpec:
    """One method of a step.

    `values`: variable → expression (rule), tried where `when` holds. `of`: the variable that a ratio is to, or the one
    of the wave before. `ladder`: sets of class variables, the finest first; a class needs `minimum_donors`. `distance`:
    expression → scale, and each donor serves at most `max_uses` of the recipients that have it among their
    `neighbours`.
    """

    kind: Kind
    where: str
    values: Mapping[str, str] = field(default_factory=dict)
    when: str = ""
    of: str = ""
    trend: bool = True
    ladder: Ladder = ((),)
    minimum_donors: int = 5
    distance: Mapping[str, Scale] = field(default_factory=dict)
    max_uses: int = 5
    neighbours: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """One step: a variable, or a block of variables that one donor answers for, and the methods in their order.

    `total`: what the block adds up to, a number or a variable. `at_least`, `at_most`: expressions that bound computed
    values. `leave`: whether cells without donors stay missing; otherwise they are an error.
    """

    id: str
    variables: tuple[str, ...]
    methods: tuple[MethodSpec, ...]
    total: str = ""
    at_least: str = ""
    at_most: str = ""
    leave: bool = False

    @property
    def where(self) -> str:
        """Return where the step is declared."""
        return f"{SECTION}.steps.{self.id}"

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield every expression of the step with where it stands."""
        bounds = {"total": self.total, "at_least": self.at_least, "at_most": self.at_most}
        yield from ((f"{self.where}.{key}", rule) for key, rule in bounds.items() if rule)
        for method in self.methods:
            rules = [*method.values.values(), *method.distance, *([method.when] if method.when else [])]
            yield from ((method.where, rule) for rule in rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputationSpec:
    """How a study imputes: the steps in their order, the seed, and the number of multiple imputations (1: a single
    one).
    """

    steps: tuple[StepSpec, ...] = ()
    seed: int = 0
    multiple: int = 1


def parse_imputation(section: Mapping[str, Any] | None) -> ImputationSpec:
    """Return the spec of the section `imputation:`; nothing at all imputes nothing.

    StudyError for an unknown key or method, a number out of range, and a rule that does not parse.
    """
    section = mapping_at(section, SECTION)
    fail_if_unknown_keys(section, KEYS, SECTION)
    common = {
        "classes": _ladder(section.get("classes", []), f"{SECTION}.classes"),
        "distance": _distance(section.get("distance"), f"{SECTION}.distance"),
        **{
            key: whole(section.get(key, default), 1, f"{SECTION}.{key}")
            for key, default in (("minimum_donors", 5), ("max_uses", 5), ("neighbours", 10))
        },
    }
    entries = mapping_at(section.get("steps"), f"{SECTION}.steps")
    spec = ImputationSpec(
        steps=tuple(_step(str(name), entry, common) for name, entry in entries.items()),
        seed=whole(section.get("seed", 0), 0, f"{SECTION}.seed"),
        multiple=whole(section.get("multiple", 1), 1, f"{SECTION}.multiple"),
    )
    for step in spec.steps:
        for where, rule in step.rules():
            expressions.parse(rule, where)
    return spec


def fail_if_names_unknown(spec: ImputationSpec, variables: Collection[str], known: Collection[str]) -> None:
    """Raise a StudyError, with the near name, for a step of something that is no variable of the survey, and for a rule
    or class that names what nobody declares.
    """
    for step in spec.steps:
        for name in step.variables:
            expressions.fail_if_unknown_names(name, variables, f"{step.where}.variables")
        for where, rule in step.rules():
            expressions.fail_if_unknown_names(rule, known, where)
        for method in step.methods:
            names = [*([method.of] if method.of else []), *(name for rung in method.ladder for name in rung)]
            for name in names:
                expressions.fail_if_unknown_names(name, known, method.where)


def columns_before(spec: ImputationSpec) -> list[str]:
    """Return the columns of the wave before that imputation reads: a whole table of answers stays where it is."""
    sources = [method.of for step in spec.steps for method in step.methods if method.kind == "previous"]
    return ["firm_id", *(column for name in sources for column in (name, f"{name}_flag"))]


def whole(value: Any, least: int, where: str) -> int:
    """Return a whole number of at least `least`; StudyError otherwise."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise StudyError(f"{where}: expected a whole number from {least}, not `{value}`.")
    return value


def _step(name: str, entry: Any, common: Mapping[str, Any]) -> StepSpec:
    where = f"{SECTION}.steps.{name}"
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, STEP_KEYS, where)
    fail_if_key_missing(entry, ("methods",), where)
    variables = tuple(str(variable) for variable in entry.get("variables", (name,)))
    if not variables or not isinstance(entry["methods"], list):
        raise StudyError(f"{where}: a step needs its variables, and `methods:` as a list in the order they are tried.")
    without = entry.get("without_donors", "error")
    fail_if_not_one_of(without, ("error", "leave"), f"{where}.without_donors")
    methods = [
        _method(method, variables, common, f"{where}.methods[{place}]")
        for place, method in enumerate(entry["methods"], start=1)
    ]
    step = StepSpec(
        id=name,
        variables=variables,
        methods=tuple(methods),
        total=str(entry.get("total", "")),
        at_least=str(entry.get("at_least", "")),
        at_most=str(entry.get("at_most", "")),
        leave=without == "leave",
    )
    if not step.total and any(method.kind == "prorate" for method in methods):
        raise StudyError(f"{where}: prorating needs what the parts add up to.\nAdd `total: 100`, or name a variable.")
    return step


def _method(entry: Any, variables: tuple[str, ...], common: Mapping[str, Any], where: str) -> MethodSpec:
    entry = mapping_at({"method": entry} if isinstance(entry, str) else entry, where)
    fail_if_key_missing(entry, ("method",), where)
    kind = entry["method"]
    fail_if_not_one_of(kind, tuple(METHOD_KEYS), f"{where}.method")
    fail_if_unknown_keys(entry, ("method", *METHOD_KEYS[kind]), where)
    trend = entry.get("trend", "ratio")
    fail_if_not_one_of(trend, ("ratio", "none"), f"{where}.trend")
    numbers = {
        key: whole(entry.get(key, common[key]), 1, f"{where}.{key}")
        for key in ("minimum_donors", "max_uses", "neighbours")
    }
    return MethodSpec(
        kind=kind,
        where=where,
        values=_values(entry, variables, where) if kind == "rule" else {},
        when=str(entry.get("when", "")),
        of=_source(kind, entry, variables, where),
        trend=trend == "ratio",
        ladder=_ladder(entry["classes"], f"{where}.classes") if "classes" in entry else common["classes"],
        distance=_distance(entry["distance"], f"{where}.distance") if "distance" in entry else common["distance"],
        **numbers,
    )


def _values(entry: Mapping[str, Any], variables: tuple[str, ...], where: str) -> dict[str, str]:
    if ("value" in entry) == ("values" in entry) or ("value" in entry and len(variables) > 1):
        raise StudyError(
            f"{where}: give `value: <expression>` for one variable, or `values: {{variable: expression}}`."
        )
    if "value" in entry:
        return {variables[0]: _rule(entry["value"])}
    values = {str(name): _rule(rule) for name, rule in mapping_at(entry["values"], f"{where}.values").items()}
    for name in values:
        fail_if_not_one_of(name, variables, f"{where}.values")
    return values


def _rule(value: Any) -> str:
    """Return an expression as its text; YAML reads `true` as a truth value."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _source(kind: str, entry: Mapping[str, Any], variables: tuple[str, ...], where: str) -> str:
    if kind not in ("ratio", "previous"):
        return ""
    if len(variables) > 1:
        raise StudyError(f"{where}: {kind} imputes one variable.\nMake a step for each of {', '.join(variables)}.")
    if kind == "ratio":
        fail_if_key_missing(entry, ("to",), where)
    return str(entry["to"] if kind == "ratio" else entry.get("of", variables[0]))


def _ladder(value: Any, where: str) -> Ladder:
    """Return sets of class variables, from the finest to the coarsest; without any, all firms are one class."""
    if not isinstance(value, list) or not all(isinstance(rung, list) for rung in value):
        raise StudyError(f"{where}: write a list of lists, the finest class first: [[industry_group, size_class], []].")
    return tuple(tuple(str(name) for name in rung) for rung in value) or ((),)


def _distance(value: Any, where: str) -> dict[str, Scale]:
    distance = {str(rule): scale for rule, scale in mapping_at(value, where).items()}
    for scale in distance.values():
        fail_if_not_one_of(scale, ("log", "linear"), where)
    return distance
