"""The declaration of a claim: hypotheses, each with an estimand, a sign and the smallest effect that matters.

An estimand is the key of an estimate that another stage makes:

    comparison     a group against a reference group in an item        (estimates/compare.csv)
    coefficient    a term of a model in a group of a cohort            (estimates/coefficients.csv)
    ranking        an item against each other item of a ranking        (estimates/ranks.csv)
    heterogeneity  whether any groups of a cohort differ in an item    (estimates/omnibus.csv)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from innosurvey.errors import StudyError
from innosurvey.specs import (
    english,
    exactly_one_of,
    fail_if_key_missing,
    fail_if_not_one_of,
    fail_if_unknown_keys,
    mapping_at,
    title_of,
)

Kind = Literal["comparison", "coefficient", "ranking", "heterogeneity"]
Sign = Literal["positive", "negative", "none", "differ"]
Decide = Literal["all", "any"]

ESTIMAND_KEYS: Mapping[str, tuple[str, ...]] = {
    "comparison": ("cohort", "group", "reference", "item"),
    "coefficient": ("model", "term", "cohort", "group"),
    "ranking": ("ranking", "item", "group"),
    "heterogeneity": ("cohort", "item"),
}
DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "comparison": {},
    "coefficient": {"cohort": "all", "group": "all"},
    "ranking": {"group": "all"},
    "heterogeneity": {},
}
CLAIM_KEYS = ("title", "source", "family", "decide", "hypotheses", "note")
HYPOTHESIS_KEYS = ("title", *get_args(Kind), "sign", "matters", "variants")
MAIN = "main"
"""The check that decides; a variant may not have this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimand:
    """Where the estimate stands: the kind of table, and the key of its row without the wave."""

    kind: Kind
    key: Mapping[str, str]

    def varied(self, changes: Mapping[str, str]) -> "Estimand":
        """Return the same estimand with some parts of its key replaced."""
        return Estimand(kind=self.kind, key={**self.key, **changes})


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisSpec:
    """One hypothesis. `sign`: of the effect; `none` claims that it is smaller than `matters`, `differ` that groups
    differ whichever way. `matters` is in the effect's own unit. `variants` are other estimands of the same hypothesis.
    """

    id: str
    title: Mapping[str, str]
    estimand: Estimand
    sign: Sign
    matters: float = 0.0
    variants: Mapping[str, Estimand] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSpec:
    """One claim: `all` or `any` of its hypotheses must hold. P-values of the claims of one `family` are adjusted
    together.
    """

    id: str
    title: Mapping[str, str]
    source: str
    family: str
    decide: Decide
    hypotheses: tuple[HypothesisSpec, ...]
    note: str = ""

    @property
    def estimands(self) -> tuple[Estimand, ...]:
        """All estimands, those of variants too."""
        return tuple(one for hypothesis in self.hypotheses for one in _estimands(hypothesis))


def parse_claims(section: Mapping[str, Any] | None) -> tuple[ClaimSpec, ...]:
    """Return the claims of the config's `claims:` section in its order; a null entry removes one. Raises StudyError."""
    entries = mapping_at(section, "claims").items()
    return tuple(_parse_claim(str(name), entry) for name, entry in entries if entry is not None)


def _parse_claim(name: str, entry: Any) -> ClaimSpec:
    where = f"claims.{name}"
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, CLAIM_KEYS, where)
    fail_if_key_missing(entry, ("title", "source", "family", "hypotheses"), where)
    decide = str(entry.get("decide", "all"))
    fail_if_not_one_of(decide, get_args(Decide), f"{where}.decide")
    listed = mapping_at(entry["hypotheses"], f"{where}.hypotheses")
    hypotheses = tuple(
        _parse_hypothesis(str(id_), one, f"{where}.hypotheses.{id_}") for id_, one in listed.items() if one is not None
    )
    if not hypotheses:
        raise StudyError(f"{where}: a claim needs a hypothesis.\nAdd one under `hypotheses:`, or remove the claim.")
    return ClaimSpec(
        id=name,
        title=title_of(entry, name, where),
        source=english(entry["source"]),
        family=str(entry["family"]),
        decide=decide,  # type: ignore[arg-type]
        hypotheses=hypotheses,
        note=str(entry.get("note", "")),
    )


def _parse_hypothesis(name: str, entry: Any, where: str) -> HypothesisSpec:
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, HYPOTHESIS_KEYS, where)
    kind = exactly_one_of(entry, get_args(Kind), where)
    fail_if_key_missing(entry, ("title", "sign"), where)
    estimand = _parse_estimand(kind, entry[kind], where)  # type: ignore[arg-type]
    spec = HypothesisSpec(
        id=name,
        title=title_of(entry, name, where),
        estimand=estimand,
        sign=entry["sign"],
        matters=_matters(entry, where),
        variants=_parse_variants(entry, estimand, f"{where}.variants"),
    )
    fail_if_sign_does_not_fit(spec, where)
    return spec


def _parse_estimand(kind: Kind, entry: Any, where: str) -> Estimand:
    key = {**DEFAULTS[kind], **mapping_at(entry, f"{where}.{kind}")}
    fail_if_unknown_keys(key, ESTIMAND_KEYS[kind], f"{where}.{kind}")
    fail_if_key_missing(key, ESTIMAND_KEYS[kind], f"{where}.{kind}")
    return Estimand(kind=kind, key={part: str(key[part]) for part in ESTIMAND_KEYS[kind]})


def _parse_variants(entry: Mapping[str, Any], estimand: Estimand, where: str) -> dict[str, Estimand]:
    variants = {}
    for name, changes in mapping_at(entry.get("variants"), where).items():
        changes = mapping_at(changes, f"{where}.{name}")
        fail_if_unknown_keys(changes, ESTIMAND_KEYS[estimand.kind], f"{where}.{name}")
        if not changes:
            raise StudyError(f"{where}.{name}: nothing differs from the hypothesis.\nName what the variant changes.")
        variants[str(name)] = estimand.varied({str(part): str(value) for part, value in changes.items()})
    if MAIN in variants:
        raise StudyError(f"{where}: no variant may be called `{MAIN}`, the name of the hypothesis itself.")
    return variants


def _matters(entry: Mapping[str, Any], where: str) -> float:
    value = entry.get("matters", 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise StudyError(
            f"{where}.matters: {value!r} is no smallest effect.\nGive a number from 0, in the unit of the effect."
        )
    return float(value)


def fail_if_sign_does_not_fit(spec: HypothesisSpec, where: str) -> None:
    """Raise StudyError for an unknown sign, one that the estimand can't have, or `none` without a smallest effect."""
    fail_if_not_one_of(spec.sign, get_args(Sign), f"{where}.sign")
    if (spec.sign == "differ") != (spec.estimand.kind == "heterogeneity"):
        raise StudyError(
            f"{where}: sign `differ` belongs to `heterogeneity`, and no other sign does.\n"
            "Whether any groups differ has no direction; for a direction compare two groups under `comparison`."
        )
    if spec.sign == "none" and not (spec.matters > 0 and spec.estimand.kind in ("comparison", "coefficient")):
        raise StudyError(
            f"{where}: `sign: none` claims that a comparison or a coefficient is smaller than something.\n"
            "Add `matters:`, the smallest effect that would be a relation."
        )


def _estimands(hypothesis: HypothesisSpec) -> tuple[Estimand, ...]:
    return (hypothesis.estimand, *hypothesis.variants.values())
