"""What the report knows about a study beside its tables: titles, currency, waves, thresholds, where each table comes
from.

The rules hand over one mapping (`report.context`); it becomes a frozen `ReportContext` here, once, with the errors that
a researcher can mend. Titles are
looked up by kind and id and fall back to the id in words, so that an item without a title is readable and never stops a
report.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.languages import ENGLISH

REQUIRED = ("study", "title", "release_date", "synthetic")
OPTIONAL = (
    "country",
    "currency",
    "attribution",
    "version",
    "question",
    "waves",
    "items",
    "cohorts",
    "comparisons",
    "rankings",
    "decompositions",
    "curves",
    "regions",
    "models",
    "robustness",
    "claims",
    "policy",
    "terms",
    "rules",
    "variables",
    "disclosure",
    "confidence",
    "variance",
    "sources",
    "data_files",
    "lacking",
    "caveats",
    "quality",
    "definitions",
    "units",
    "reference",
    "certificate",
    "glossary",
    "logs",
    "regressions",
)
PLAIN = ("title", "country", "currency", "attribution", "version", "question", "variance")
MAPS = (
    "lacking", "caveats", "quality", "cohorts", "comparisons", "rankings", "decompositions", "curves", "regions",
    "models", "robustness", "claims", "policy", "terms", "rules", "variables", "definitions", "units", "reference",
    "certificate", "glossary", "logs", "regressions",
)  # fmt: skip
DEFAULT_MINIMUM_N = 10
DEFAULT_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """How one described quantity is shown: its title, unit and decimals, and the phrase that sentences name it by."""

    id: str
    title: Any
    unit: str | None = None
    decimals: int | None = None
    theme: str = ""
    statistic: str = ""
    phrase: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContext:
    """One study, as its report needs it. Titles are a text or a map of language to text."""

    study: str
    title: Any
    release_date: str
    synthetic: bool
    country: str = ""
    currency: str = ""
    attribution: Any = ""
    version: str = ""
    question: Any = ""
    waves: Mapping[str, Any] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    cohorts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    comparisons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rankings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    decompositions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    curves: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    regions: Mapping[str, Any] = field(default_factory=dict)
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    robustness: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    claims: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    policy: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    terms: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    definitions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    reference: Mapping[str, Any] = field(default_factory=dict)
    certificate: Mapping[str, Any] = field(default_factory=dict)
    glossary: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    logs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    regressions: Mapping[str, Any] = field(default_factory=dict)
    lacking: Mapping[str, Any] = field(default_factory=dict)
    quality: Mapping[str, Any] = field(default_factory=dict)
    caveats: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    data_files: tuple[Mapping[str, str], ...] = ()
    minimum_n: int = DEFAULT_MINIMUM_N
    confidence: float = DEFAULT_CONFIDENCE
    variance: str = "taylor"

    @property
    def has_intervals(self) -> bool:
        """True where tables of models have intervals below their coefficients instead of standard errors."""
        return self.regressions.get("below") == "interval"

    @property
    def has_stars(self) -> bool:
        """True where tables of models mark small p-values with stars."""
        return bool(self.regressions.get("stars"))

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> "ReportContext":
        """Return the context; an unknown or a missing key is a `StudyError` that names it."""
        fail_if_keys_are_wrong(mapping)
        sources = {"configuration": {"file": "config.yaml", "rule": ""}, **(mapping.get("sources") or {})}
        threshold = (mapping.get("disclosure") or {}).get("minimum_n", DEFAULT_MINIMUM_N)
        fail_if_the_threshold_is_too_low(threshold)
        plain: dict[str, Any] = {key: mapping[key] for key in PLAIN if mapping.get(key)}
        maps: dict[str, Any] = {key: dict(mapping.get(key) or {}) for key in MAPS}
        return cls(
            study=str(mapping["study"]),
            release_date=str(mapping["release_date"]),
            synthetic=bool(mapping["synthetic"]),
            waves={str(wave): about for wave, about in (mapping.get("waves") or {}).items()},
            items={name: item_from(name, about) for name, about in (mapping.get("items") or {}).items()},
            sources=sources,
            data_files=tuple(mapping.get("data_files") or ()),
            minimum_n=int(threshold),
            confidence=float(mapping.get("confidence") or DEFAULT_CONFIDENCE),
            **plain,
            **maps,
        )

    @property
    def alpha(self) -> float:
        """The p below which an estimate is clear: what the intervals leave."""
        return round(1 - self.confidence, 12)

    def label(self, kind: str, name: str, language: str) -> str:
        """Return the title of an item, cohort, model, wave, term, rule or variable in the language; the id in words
        where it has none."""
        if kind == "item" and name in self.items:
            return localised(self.items[name].title, language) or in_words(name)
        titled = {
            "cohort": self.cohorts,
            "ranking": self.rankings,
            "decomposition": self.decompositions,
            "curve": self.curves,
            "measure": self.regions.get("measures") or {},
            "link": self.regions.get("links") or {},
            "model": self.models,
            "question": self.robustness,
            "wave": self.waves,
            "term": self.terms,
            "rule": self.rules,
            "variable": self.variables,
        }.get(kind, {})
        about = titled.get(name)
        title = about.get("title", about) if isinstance(about, Mapping) else about
        return localised(title, language) or in_words(name)

    def is_check(self, model: str) -> bool:
        """True for a model that only asks otherwise what another asks."""
        return bool(self.models.get(model, {}).get("check_of"))

    def caveat(self, kind: str, name: str, language: str) -> str:
        """Return what a reader must know of an item or a cohort before comparing waves; empty for nothing."""
        return localised(self.caveats.get(f"{kind}.{name}"), language)

    def unit_of(self, item: str) -> str:
        """Return an item's unit as the configuration has it; a share is in percent without saying so."""
        about = self.items.get(item)
        return (about.unit or ("percent" if about.statistic == "share" else "")) if about else ""

    def items_of(self, theme: str) -> tuple[str, ...]:
        """Return the ids of the items of a theme, in the order of the configuration."""
        return tuple(item.id for item in self.items.values() if item.theme == theme)

    def group_label(self, cohort: str, group: str, language: str) -> str:
        """Return the title of a group of a cohort in the language."""
        groups = self.cohorts.get(cohort, {}).get("groups") or {}
        about = groups.get(group)
        title = about.get("title") if isinstance(about, Mapping) else about
        return localised(title, language) or in_words(group)


def localised(text: Any, language: str) -> str:
    """Return a text in the language: itself when it has no languages, else empty.

    English stands in for a language that a text lacks. That is right for ids and for texts that were given as one,
    which specs keep under English; any other text that lacks a language of `report.languages` has been refused before
    (`innosurvey.translated`).
    """
    if text is None:
        return ""
    if isinstance(text, Mapping):
        return str(text.get(language) or text.get(ENGLISH) or "")
    return str(text)


def lower_first(text: str) -> str:
    """Return a title as it stands inside a sentence: its first letter small, unless it begins an abbreviation."""
    parts = text.split(" × ")
    return " × ".join(part[:1].lower() + part[1:] if re.match(r"[A-Z][a-z]+\b", part) else part for part in parts)


def in_words(name: str) -> str:
    """Return an id as words: `early_growth` is `Early growth`."""
    words = str(name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def item_from(name: str, about: Any) -> Item:
    """Return the item of one entry of the context; keys that the report has no use for are left alone."""
    if not isinstance(about, Mapping):
        return Item(id=name, title=about)
    return Item(
        id=name,
        title=about.get("title"),
        unit=about.get("unit"),
        decimals=about.get("decimals"),
        theme=about.get("theme", ""),
        statistic=about.get("statistic", ""),
        phrase=about.get("phrase"),
    )


def fail_if_keys_are_wrong(mapping: Mapping[str, Any]) -> None:
    """Raise a `StudyError` for a key that no report has, or for one that each report needs."""
    known = (*REQUIRED, *OPTIONAL)
    for key in mapping:
        if key not in known:
            raise StudyError(
                f"report.context has an unknown key {key}.{did_you_mean(key, known)}\n"
                f"It may have: {', '.join(sorted(known))}."
            )
    absent = [key for key in REQUIRED if mapping.get(key) in (None, "")]
    if absent:
        raise StudyError(
            f"report.context lacks {', '.join(absent)}.\nAdd them below `studies.<name>` in the configuration."
        )


def fail_if_the_threshold_is_too_low(minimum_n: Any) -> None:
    """Raise a `StudyError` for a disclosure threshold that protects nobody."""
    if not isinstance(minimum_n, int) or minimum_n < 3:
        raise StudyError(
            f"report: disclosure.minimum_n is {minimum_n!r}; it must be a whole number, at least 3 (10 is usual)."
        )
