"""What a study declares about inference: its `design:` section.

Apart from the arithmetic that uses it, so that the configuration can be checked before any heavy library is loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from innosurvey.errors import StudyError
from innosurvey.specs import fail_if_not_one_of, fail_if_unknown_keys, mapping_at, names_at

Lonely = Literal["certainty", "average", "centre"]
Variance = Literal["taylor", "jackknife", "bootstrap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityRules:
    """From where on an estimate is to be used with caution, and from where on it is unreliable.

    `caution`, `unreliable`: coefficients of variation in percent. `share_*`: lengths of a share's interval in
    percentage points; one up to `share_narrow` is good whatever the share.
    """

    caution: float = 16.5
    unreliable: float = 33.3
    share_narrow: float = 5.0
    share_caution: float = 20.0
    share_unreliable: float = 30.0

    def __post_init__(self) -> None:
        where = "design.reliability"
        for name in (declared.name for declared in fields(self)):
            value = getattr(self, name)
            if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
                raise StudyError(f"{where}.{name} is {value!r}.\nGive a number, such as {_default(self, name)}.")
        for steps in (("caution", "unreliable"), ("share_narrow", "share_caution", "share_unreliable")):
            values = [getattr(self, name) for name in steps]
            if values != sorted(values):
                named = ", ".join(f"{name} {value:g}" for name, value in zip(steps, values, strict=True))
                raise StudyError(f"{where}: {named} are out of order.\nEach must be at least the one before it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignRules:
    """What a study declares about inference.

    `lonely`: strata with a single firm; `confidence`: of intervals; `adjust_for`: variables whose cells are held
    constant where groups are compared at an equal composition. Shares are compared by an exact test where a group
    has fewer than `exact_below` firms, or fewer than `exact_cell_below` that say yes, or that say no. `variance`: by
    linearisation, or from `replicates` replicate weights that are drawn by `seed`.
    """

    lonely: Lonely = "centre"
    confidence: float = 0.95
    exact_below: int = 30
    exact_cell_below: int = 5
    variance: Variance = "taylor"
    replicates: int = 200
    seed: int = 1
    adjust_for: tuple[str, ...] = ()
    reliability: ReliabilityRules = field(default_factory=ReliabilityRules)

    def __post_init__(self) -> None:
        fail_if_not_one_of(self.lonely, get_args(Lonely), "design.lonely")
        fail_if_not_one_of(self.variance, get_args(Variance), "design.variance")
        if not isinstance(self.confidence, float) or not 0.5 <= self.confidence < 1:
            raise StudyError(
                f"design.confidence is {self.confidence!r}.\nGive a share from 0.5 to below 1, such as 0.95."
            )
        for name, least in (("exact_below", 0), ("exact_cell_below", 0), ("replicates", 2), ("seed", 0)):
            number = getattr(self, name)
            if not isinstance(number, int) or isinstance(number, bool) or number < least:
                raise StudyError(
                    f"design.{name} is {number!r}.\nGive a whole number from {least}, such as {_default(self, name)}."
                )

    @property
    def coordinated(self) -> bool:
        """Return whether replicate r draws a firm alike in all its waves, so that pooled waves have it, too."""
        return self.variance == "bootstrap"


DEFAULT_RULES = DesignRules()


def parse_design_rules(section: Mapping[str, object] | None) -> DesignRules:
    """Return the rules of the config's `design:` section, with defaults. Raises StudyError on an unknown key."""
    settings: dict[str, Any] = dict(mapping_at(section, "design"))
    fail_if_unknown_keys(settings, [declared.name for declared in fields(DesignRules)], "design")
    bounds = dict(mapping_at(settings.pop("reliability", None), "design.reliability"))
    fail_if_unknown_keys(bounds, [declared.name for declared in fields(ReliabilityRules)], "design.reliability")
    settings["adjust_for"] = names_at("design", "adjust_for", settings.get("adjust_for") or ())
    return DesignRules(**settings, reliability=ReliabilityRules(**bounds))


def _default(rules: Any, name: str) -> Any:
    return next(declared.default for declared in fields(rules) if declared.name == name)
