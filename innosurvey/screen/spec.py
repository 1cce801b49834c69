"""The declaration of a check: what usually holds, and what becomes of an answer for which it does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from innosurvey import expressions
from innosurvey.derive import DerivedSpec, parts_of
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at, title_of

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["soft", "previous_ratio", "outlier"]
Treatment = Literal["none", "impute"]
Side = Literal["both", "upper", "lower"]
KINDS = ("soft", "previous_ratio", "outlier")
TREATMENTS = ("none", "impute")
SIDES = ("both", "upper", "lower")
BEFORE = "before_"
"""`before_x` in a rule is the firm's answer to x in the wave before."""
COMMON = ("kind", "text", "variables", "treatment", "expected", "note")
KEYS: Mapping[str, tuple[str, ...]] = {
    "soft": (*COMMON, "rule"),
    "previous_ratio": (*COMMON, "current", "previous", "by", "minimum", "U", "A", "C"),
    "outlier": (*COMMON, "measure", "by", "minimum", "cut", "side"),
}
# Number → least, most (None: no bound), whether the least itself is allowed.
BOUNDS: Mapping[str, tuple[float, float | None, bool]] = {
    "U": (0, 1, True),
    "A": (0, None, True),
    "C": (0, None, False),
    "cut": (0, None, False),
}
TAKEN = ("range", "skip", "wrong_check_digit", "typed_rows", "clean_rows")
"""Names that the ledger gives to changes that no edit declares."""
KEY_COLUMNS = ("_source_row", "wave", "firm_id")
SCORE_KEYS = ("by", "minimum", "combine", "cut", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenSpec:
    """One check. `variables` are the answers it casts doubt on.

    soft: `rule` usually holds. previous_ratio: `pairs` of this wave's and the last wave's variable, with the U, A and C
    of Hidiroglou and Berthelot. outlier: `cut` in robust standard deviations of the logarithm of the variable or, where
    given, of `measure`, on `side`. `expected`: an expression for what the answer should be about. `by` and `minimum`:
    the classes in which firms are compared, and the least firms of a class.
    """

    id: str
    kind: Kind
    text: Mapping[str, str]
    variables: tuple[str, ...]
    treatment: Treatment = "none"
    rule: str = ""
    expected: str = ""
    measure: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()
    minimum: int = 30
    U: float = 0.4
    A: float = 0.05
    C: float = 20.0
    cut: float = 5.0
    side: Side = "both"

    @property
    def where(self) -> str:
        """Return where the check is declared."""
        return f"screen.{self.id}"

    def expressions(self) -> dict[str, str]:
        """Return its expressions by the key that they stand under."""
        parts = {"rule": self.rule, "expected": self.expected, "measure": self.measure}
        return {key: text for key, text in parts.items() if text}

    def names(self) -> list[str]:
        """Return every variable that it names outside its expressions, each once."""
        return list(dict.fromkeys([*self.variables, *(name for pair in self.pairs for name in pair), *self.by]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSpec:
    """How suspects are ranked: totals in the classes `by` (of `minimum` answers at least; all firms when left out),
    a firm's score the `combine` of its answers' scores, and the score from which a firm is to be looked at.
    """

    by: tuple[str, ...] = ()
    minimum: int = 30
    combine: Literal["max", "sum"] = "max"
    cut: float = 0.001


def parse_screen(section: Mapping[str, Any] | None, edits: Collection[str] = ()) -> dict[str, ScreenSpec]:
    """Return the checks of the section `screen:` by id, in their order.

    StudyError for unknown keys, kinds or treatments, numbers out of range, rules that don't parse, and an id that is
    one of the hard `edits` too, since the ledger tells changes apart by the id alone.
    """
    specs = {}
    for name, entry in mapping_at(section, "screen").items():
        if name in edits or name in TAKEN:
            by = "a hard edit under `edits:`" if name in edits else "the ledger itself"
            raise StudyError(f"screen.{name}: the name is taken by {by}.\nGive the check a name of its own.")
        specs[str(name)] = _parse_one(str(name), entry)
    return specs


def parse_score(section: Mapping[str, Any] | None) -> ScoreSpec:
    """Return the spec of the section `score:`. StudyError for an unknown key or a number out of range."""
    entry = mapping_at(section, "score")
    fail_if_unknown_keys(entry, SCORE_KEYS, "score")
    fail_if_not_one_of(entry.get("combine", "max"), ("max", "sum"), "score.combine")
    cut = _number(entry["cut"], "score.cut", (0, None, False)) if "cut" in entry else 0.001
    return ScoreSpec(
        by=_texts(entry.get("by"), "score.by"),
        minimum=_minimum(entry, "score"),
        combine=entry.get("combine", "max"),
        cut=cut,
    )


def columns_needed(specs: Mapping[str, ScreenSpec], derived: Mapping[str, DerivedSpec]) -> list[str]:
    """Return the columns of the clean wave that the checks use: keys, answers and their flags, parts of derived."""
    texts = [text for spec in specs.values() for text in spec.expressions().values()]
    named = [name for text in texts for name in expressions.names_in(text)]
    plain = [name.removeprefix(BEFORE) for name in named]
    names = [*plain, *(name for spec in specs.values() for name in spec.names())]
    flags = [f"{name}_flag" for spec in specs.values() for name in spec.variables]
    return [*KEY_COLUMNS, *parts_of(names, derived), *dict.fromkeys(flags)]


def columns_scored(suspects: pd.DataFrame, score: ScoreSpec, derived: Mapping[str, DerivedSpec]) -> list[str]:
    """Return the columns of the clean wave that the scores of these suspects use."""
    return [*KEY_COLUMNS, *parts_of([*suspects["variable"].unique(), *score.by], derived)]


def fail_if_screen_unknown(specs: Mapping[str, ScreenSpec], known: Collection[str]) -> None:
    """Raise a StudyError, with the near name, for a check on a variable that nothing declares."""
    both = {*known, *(f"{BEFORE}{name}" for name in known)}
    for spec in specs.values():
        for name in spec.names():
            if name not in known:
                raise StudyError(f"{spec.where}: there is no variable {name}.{did_you_mean(name, known)}\nCorrect it.")
        for key, text in spec.expressions().items():
            expressions.fail_if_unknown_names(text, both, f"{spec.where}.{key}")


def _parse_one(name: str, entry: Any) -> ScreenSpec:
    where = f"screen.{name}"
    entry = mapping_at(entry, where)
    fail_if_key_missing(entry, ("kind",), where)
    kind = entry["kind"]
    fail_if_not_one_of(kind, KINDS, f"{where}.kind")
    fail_if_unknown_keys(entry, KEYS[kind], where)
    pairs = _pairs(entry, where) if kind == "previous_ratio" else ()
    if kind != "previous_ratio":
        fail_if_key_missing(entry, ("variables", "rule") if kind == "soft" else ("variables",), where)
    fail_if_not_one_of(entry.get("treatment", "none"), TREATMENTS, f"{where}.treatment")
    fail_if_not_one_of(entry.get("side", "both"), SIDES, f"{where}.side")
    numbers: dict[str, Any] = {
        key: _number(entry[key], f"{where}.{key}", bounds) for key, bounds in BOUNDS.items() if key in entry
    }
    spec = ScreenSpec(
        id=name,
        kind=kind,
        text=title_of({"title": entry.get("text", name)}, name, where),
        variables=tuple(now for now, _ in pairs) or _texts(entry.get("variables"), f"{where}.variables"),
        treatment=entry.get("treatment", "none"),
        rule=str(entry.get("rule", "")),
        expected=str(entry.get("expected", "")),
        measure=str(entry.get("measure", "")),
        pairs=pairs,
        by=_texts(entry.get("by"), f"{where}.by"),
        minimum=_minimum(entry, where),
        side=entry.get("side", "both"),
        **numbers,
    )
    for key, text in spec.expressions().items():
        expressions.parse(text, f"{where}.{key}")  # one that does not parse is refused when the checks are read
    return spec


def _pairs(entry: Mapping[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    """Return this wave's and the last wave's variable: each of `variables` with itself, or `current` and `previous`."""
    if ("variables" in entry) == ("current" in entry) or ("previous" in entry and "current" not in entry):
        raise StudyError(
            f"{where}: say which answers are compared.\n"
            "Write `variables: [x, y]`, each with itself in the wave before, or `current: x` and `previous: y`."
        )
    if "current" in entry:
        return ((str(entry["current"]), str(entry.get("previous", entry["current"]))),)
    return tuple((name, name) for name in _texts(entry["variables"], f"{where}.variables"))


def _texts(entry: Any, where: str) -> tuple[str, ...]:
    if entry is None:
        return ()
    if isinstance(entry, str) or not isinstance(entry, list | tuple):
        raise StudyError(f"{where}: expected a list of variables.\nWrite `[x, y]`.")
    return tuple(str(name) for name in entry)


def _minimum(entry: Mapping[str, Any], where: str) -> int:
    value = entry.get("minimum", 30)
    if isinstance(value, bool) or not isinstance(value, int) or value < 2:
        raise StudyError(f"{where}.minimum: expected a number of firms from 2, not `{value}`.")
    return value


def _number(value: Any, where: str, bounds: tuple[float, float | None, bool]) -> float:
    low, high, included = bounds
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and (value > low or (included and value == low)) and (high is None or value <= high):
        return float(value)
    least = f"from {low:g}" if included else f"above {low:g}"
    most = f" to {high:g}" if high is not None else ""
    raise StudyError(f"{where}: expected a number {least}{most}, not `{value}`.")
