"""The declaration of what makes waves comparable: a study's section `harmonise:`.

Prices and classifications are facts of a study, not of the programme, so they stand under `studies.<name>`. Read at
every start of Snakemake: nothing heavy is imported.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at

Split = Literal["draw", "largest"]
Weights = Literal["file", "panel"]
PRICES = ("price_t", "price_t1", "price_t2")
"""Price level of a wave's last year and of the two years before it; 1 in the base year."""
HOW = "_how"
"""What a harmonised column's name ends in where it says how a firm came by its code."""
MINIMUM = 10
"""Firms below which a split is not estimated: also what may be told of a group of firms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesSpec:
    """A yearly series of price levels. `industry`: the harmonised column by which the series differs, if it does."""

    file: str
    base: int
    source: str | Mapping[str, str]
    synthetic: bool = False
    industry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosswalkSpec:
    """How the codes of one revision become those of the target.

    `weights`: those of the file, or estimated from the `panel` of firms that two neighbouring waves report in both
    revisions, `minimum` of them at least; the file then says which targets are official.
    """

    source: str
    file: str | None = None
    weights: Weights = "file"
    minimum: int = MINIMUM


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationSpec:
    """One classification: the variable with the code, the one with its revision, and what both become.

    `digits` cuts the target's codes. `own`: whether a firm's own code in a wave of the target revision is taken before
    any other. `recode`: wave → code → what the code stands for in that wave's file.
    """

    id: str
    variable: str
    revision: str
    target: str
    into: str
    crosswalks: Mapping[str, CrosswalkSpec] = field(default_factory=dict)
    split: Split = "draw"
    digits: int | None = None
    own: bool = True
    recode: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """Return where the classification is declared."""
        return f"harmonise.classifications.{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmoniseSpec:
    """A study's section `harmonise:`. `breaks`: variable → wave → text by language. `seed` is that of the draws."""

    prices: PricesSpec | None = None
    classifications: tuple[ClassificationSpec, ...] = ()
    breaks: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    seed: int = 0

    @property
    def files(self) -> tuple[str, ...]:
        """Return the reference files that the section names, each once."""
        named = [self.prices.file] if self.prices else []
        named += [walk.file for spec in self.classifications for walk in spec.crosswalks.values() if walk.file]
        return tuple(dict.fromkeys(named))

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the variables that the waves are read for."""
        return tuple(dict.fromkeys(name for spec in self.classifications for name in (spec.variable, spec.revision)))


def parse_harmonise(section: Mapping[str, Any] | None, waves: Collection[str]) -> HarmoniseSpec:
    """Return the specs of a study's section; nothing at all where it has none.

    StudyError for an unknown or missing key, and for a wave, a split or a price series that there is not.
    """
    where = "harmonise"
    section = mapping_at(section, where)
    fail_if_unknown_keys(section, ("prices", "classifications", "breaks", "seed"), where)
    classified = mapping_at(section.get("classifications"), f"{where}.classifications")
    specs = tuple(_classification(str(name), entry, waves) for name, entry in classified.items())
    prices = _prices(section["prices"], [spec.into for spec in specs]) if section.get("prices") else None
    _fail_if_made_twice(specs)
    return HarmoniseSpec(
        prices=prices, classifications=specs, breaks=_breaks(section, waves), seed=int(section.get("seed", 0))
    )


def columns_added(spec: HarmoniseSpec, variables: Collection[str]) -> list[str]:
    """Return what the bridge adds to a wave that has these variables."""
    added = list(PRICES) if spec.prices else []
    for one in spec.classifications:
        if {one.variable, one.revision} <= {*variables}:
            added += [one.into, one.into + HOW]
    return added


def _prices(entry: Any, harmonised: Collection[str]) -> PricesSpec:
    where = "harmonise.prices"
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, ("file", "base", "source", "synthetic", "industry"), where)
    fail_if_key_missing(entry, ("file", "base", "source"), where)
    if entry.get("industry") is not None:
        fail_if_not_one_of(entry["industry"], harmonised, f"{where}.industry")
    return PricesSpec(**entry)


def _classification(name: str, entry: Any, waves: Collection[str]) -> ClassificationSpec:
    where = f"harmonise.classifications.{name}"
    entry = mapping_at(entry, where)
    keys = ("variable", "revision", "target", "into", "crosswalks", "split", "digits", "own", "recode")
    fail_if_unknown_keys(entry, keys, where)
    fail_if_key_missing(entry, ("variable", "revision", "target", "into"), where)
    target = str(entry["target"])
    split = entry.get("split", "draw")
    fail_if_not_one_of(split, ("draw", "largest"), f"{where}.split")
    walks = mapping_at(entry.get("crosswalks"), f"{where}.crosswalks")
    parsed = [_crosswalk(str(key), walk, target, f"{where}.crosswalks.{key}") for key, walk in walks.items()]
    recode = mapping_at(entry.get("recode"), f"{where}.recode")
    _fail_if_no_wave(recode, waves, f"{where}.recode")
    return ClassificationSpec(
        id=name,
        variable=str(entry["variable"]),
        revision=str(entry["revision"]),
        target=target,
        into=str(entry["into"]),
        crosswalks={walk.source: walk for walk in parsed},
        split=cast(Split, split),
        digits=_positive(entry.get("digits"), f"{where}.digits"),
        own=bool(entry.get("own", True)),
        recode={str(wave): {str(a): str(b) for a, b in codes.items()} for wave, codes in recode.items()},
    )


def _crosswalk(key: str, entry: Any, target: str, where: str) -> CrosswalkSpec:
    source, arrow, to = key.partition("->")
    if not arrow or to.strip() != target or not source.strip():
        raise StudyError(f'{where}: a crosswalk is named by its revisions.\nWrite "<revision>->{target}": <file>.')
    if isinstance(entry, str):
        entry = {"weights": "panel"} if entry == "panel" else {"file": entry}
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, ("file", "weights", "minimum"), where)
    weights = entry.get("weights", "file")
    fail_if_not_one_of(weights, ("file", "panel"), f"{where}.weights")
    if weights == "file":
        fail_if_key_missing(entry, ("file",), where)
    minimum = _positive(entry.get("minimum", MINIMUM), f"{where}.minimum") or MINIMUM
    return CrosswalkSpec(source=source.strip(), file=entry.get("file"), weights=cast(Weights, weights), minimum=minimum)


def _breaks(section: Mapping[str, Any], waves: Collection[str]) -> dict[str, dict[str, dict[str, str]]]:
    found = {}
    for variable, entry in mapping_at(section.get("breaks"), "harmonise.breaks").items():
        where = f"harmonise.breaks.{variable}"
        _fail_if_no_wave(mapping_at(entry, where), waves, where)
        found[str(variable)] = {str(wave): _texts(text, f"{where}.{wave}") for wave, text in entry.items()}
    return found


def _texts(text: Any, where: str) -> dict[str, str]:
    texts = {"en": text} if isinstance(text, str) else dict(mapping_at(text, where))
    fail_if_key_missing(texts, ("en",), where)
    return {str(language): str(words) for language, words in texts.items()}


def _positive(number: Any, where: str) -> int | None:
    if number is None:
        return None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise StudyError(f"{where}: expected a number from 1 on, not {number!r}.")
    return number


def _fail_if_no_wave(entry: Mapping[str, Any], waves: Collection[str], where: str) -> None:
    for wave in entry:
        if str(wave) not in waves:
            near = did_you_mean(str(wave), waves)
            raise StudyError(f"{where}: the study has no wave {wave}.{near}\nWaves: {', '.join(waves)}.")


def _fail_if_made_twice(specs: Collection[ClassificationSpec]) -> None:
    made = [spec.into for spec in specs]
    for spec in specs:
        if made.count(spec.into) > 1 or spec.into in PRICES or spec.into in (spec.variable, spec.revision):
            raise StudyError(f"{spec.where}.into: {spec.into} is the name of another column.\nGive it one of its own.")
