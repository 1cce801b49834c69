"""What a study declares about its weights: the section `weights:`, and of `design:` what replicate weights need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from innosurvey.errors import StudyError
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, list_at, mapping_at

Method = Literal["none", "frame", "given"]
ResponseMethod = Literal["none", "stratum", "classes", "propensity"]
Distance = Literal["raking", "linear", "logit"]
Repeated = Literal["taylor", "jackknife", "bootstrap"]
COUNT = "count"
"""What a margin adds up to when it counts firms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSpec:
    """How firms that answered stand for those that did not: within which groups of the drawn firms.

    `by`: columns of the frame. `groups`: of fitted propensities; none with `direct`. A group with fewer than `minimum`
    answers is an error, or joins a coarser one (`small: collapse`).
    """

    method: ResponseMethod = "stratum"
    by: tuple[str, ...] = ()
    groups: int = 5
    direct: bool = False
    minimum: int = 1
    small: Literal["error", "collapse"] = "error"

    def __post_init__(self) -> None:
        where = "weights.response"
        fail_if_not_one_of(self.method, get_args(ResponseMethod), f"{where}.method")
        fail_if_not_one_of(self.small, ("error", "collapse"), f"{where}.small")
        if self.method in ("classes", "propensity") and not self.by:
            raise StudyError(
                f"{where}: `{self.method}` needs `by:`, the columns of the frame that explain who answers."
            )
        if self.method in ("none", "stratum") and self.by:
            raise StudyError(f"{where}.by: `{self.method}` takes no columns.\nSay `method: classes`, or leave it out.")
        for name, least in (("groups", 2), ("minimum", 1)):
            fail_if_no_whole_number(getattr(self, name), least, f"{where}.{name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginSpec:
    """Totals that the weights must reproduce: `of` (firms, or a column's sum) in each cell of the columns `by`.

    Cells with fewer answers than `least` are taken together.
    """

    name: str
    by: tuple[str, ...] = ()
    of: str = COUNT
    least: int = 0

    def __post_init__(self) -> None:
        fail_if_no_whole_number(self.least, 0, f"weights.calibrate.margins.{self.name}.least")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationSpec:
    """Calibration to margins (Deville and Särndal 1992). `bounds`: of the factor by which a weight may change.

    `totals`: a CSV in the folder of the raw files, instead of the frame. `certainty: keep` leaves firms of strata in
    which all answered as they are.
    """

    method: Distance
    margins: tuple[MarginSpec, ...]
    bounds: tuple[float, float] | None = None
    tolerance: float = 1e-10
    max_iterations: int = 200
    totals: str | None = None
    certainty: Literal["calibrate", "keep"] = "calibrate"

    def __post_init__(self) -> None:
        where = "weights.calibrate"
        fail_if_not_one_of(self.method, get_args(Distance), f"{where}.method")
        fail_if_not_one_of(self.certainty, ("calibrate", "keep"), f"{where}.certainty")
        if not self.margins:
            raise StudyError(f"{where}.margins: none is declared.\nWrite `margins: {{<name>: {{by: [<column>]}}}}`.")
        if self.method == "logit" and self.bounds is None:
            raise StudyError(f"{where}: `logit` needs `bounds: [low, high]`, such as [0.3, 3].")
        if self.bounds is not None and not 0 <= self.bounds[0] < 1 < self.bounds[1]:
            raise StudyError(
                f"{where}.bounds: [{self.bounds[0]:g}, {self.bounds[1]:g}] must enclose 1 and not go below 0: they "
                "bound the factor by which calibration changes a weight.\nWrite, for example, [0.3, 3]."
            )
        if not 0 < self.tolerance <= 1e-3:
            raise StudyError(f"{where}.tolerance is {self.tolerance:g}.\nGive a share above 0, such as 1e-10.")
        fail_if_no_whole_number(self.max_iterations, 1, f"{where}.max_iterations")

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that the margins are made of, each once."""
        named = [name for margin in self.margins for name in (*margin.by, margin.of) if name != COUNT]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimSpec:
    """Weights above `above` times the median (or mean) of their stratum (or of all) are cut to that.

    With `redistribute` the others of the stratum (or all) take what was cut.
    """

    above: float
    of: Literal["median", "mean"] = "median"
    by: Literal["stratum", "all"] = "all"
    redistribute: bool = True

    def __post_init__(self) -> None:
        fail_if_not_one_of(self.of, ("median", "mean"), "weights.trim.of")
        fail_if_not_one_of(self.by, ("stratum", "all"), "weights.trim.by")
        if not self.above > 1:
            raise StudyError(f"weights.trim.above is {self.above:g}.\nGive a multiple above 1, such as 5.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicateSpec:
    """Which replicate weights are made: none for `taylor`; `count` replicates, or as many groups of firms."""

    method: Repeated = "taylor"
    count: int = 200
    seed: int = 1

    def __post_init__(self) -> None:
        fail_if_not_one_of(self.method, get_args(Repeated), "design.variance")
        fail_if_no_whole_number(self.count, 2, "design.replicates")
        fail_if_no_whole_number(self.seed, 0, "design.seed")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSpec:
    """How a study is weighted, and which columns of its frame (or, for `given`, of the survey) say what.

    `collapse`: stratum → the stratum it joins. `order`: chains of neighbours; a stratum with fewer than
    `collapse_below` answers joins the next of its chain.
    """

    method: Method
    stratum: str = "stratum_id"
    wave: str = "wave"
    sampled: str = "sampled"
    status: str = "response_status"
    weight: str = "weight_design"
    out_of_scope: tuple[str, ...] = ("ineligible", "closed")
    unknown_scope: tuple[str, ...] = ()
    collapse: Mapping[str, str] = field(default_factory=dict)
    collapse_below: int = 1
    order: tuple[tuple[str, ...], ...] = ()
    response: ResponseSpec = field(default_factory=ResponseSpec)
    calibrate: CalibrationSpec | None = None
    trim: TrimSpec | None = None
    replicates: ReplicateSpec = field(default_factory=ReplicateSpec)

    @property
    def outside(self) -> bool:
        """Return whether the totals come from a file, and what they are totals of from the survey."""
        return self.calibrate is not None and self.calibrate.totals is not None

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the survey's variables, own or derived, that a file has totals of."""
        return self.calibrate.columns if self.calibrate is not None and self.outside else ()


def parse_weights(entry: Mapping[str, Any], design: Mapping[str, Any] | None = None) -> WeightSpec:
    """Return the spec of a study's `weights:`, with the replicate weights that the programme's `design:` asks for.

    StudyError for an unknown key, method or column kind, for a circle of collapsed strata, and for what a method lacks.
    """
    where = "weights"
    entry = mapping_at(entry, where)
    fail_if_unknown_keys(entry, [name for name in _names(WeightSpec) if name != "replicates"], where)
    fail_if_key_missing(entry, ("method",), where)
    fail_if_not_one_of(entry["method"], get_args(Method), f"{where}.method")
    columns: dict[str, Any] = {
        key: str(entry[key]) for key in ("stratum", "wave", "sampled", "status", "weight") if key in entry
    }
    lists: dict[str, Any] = {
        key: list_at(entry[key], f"{where}.{key}") for key in ("out_of_scope", "unknown_scope") if key in entry
    }
    spec = WeightSpec(
        method=entry["method"],
        **columns,
        **lists,
        collapse=_parse_collapse(entry.get("collapse")),
        collapse_below=fail_if_no_whole_number(entry.get("collapse_below", 1), 1, f"{where}.collapse_below"),
        order=tuple(list_at(chain, f"{where}.order") for chain in entry.get("order") or ()),
        response=_parse_response(entry),
        calibrate=_parse_calibration(entry["calibrate"]) if entry.get("calibrate") else None,
        trim=_parse_trim(entry["trim"]) if entry.get("trim") else None,
        replicates=_parse_replicates(design),
    )
    _fail_if_parts_contradict(spec)
    return spec


def fail_if_no_whole_number(value: Any, least: int, where: str) -> int:
    """Return the value; a StudyError where it is no whole number, or too small."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise StudyError(f"{where} is {value!r}.\nGive a whole number, {least} or more.")
    return value


def _fail_if_parts_contradict(spec: WeightSpec) -> None:
    if spec.method != "frame" and spec.response.method not in ("stratum", "none"):
        raise StudyError(
            f"weights.response: `{spec.response.method}` needs the firms that did not answer, and they stand in a "
            "frame only.\nDeclare a register named frame and say `method: frame`, or leave `response:` out."
        )
    if spec.method != "frame" and spec.calibrate is not None and not spec.outside:
        raise StudyError(
            "weights.calibrate: without a frame the totals must come from a file.\n"
            "Add `totals: <file>.csv` (docs/howto-weights.md), or say `method: frame`."
        )
    twice = [name for chain in spec.order for name in chain]
    if len(twice) != len(set(twice)):
        raise StudyError("weights.order: a stratum stands in it twice.\nGive each stratum one place in one chain.")


def _parse_collapse(entry: Any) -> dict[str, str]:
    collapse = {str(stratum): str(into) for stratum, into in mapping_at(entry, "weights.collapse").items()}
    for stratum, into in collapse.items():
        if into in collapse:
            raise StudyError(
                f"weights.collapse: {stratum} joins {into}, which is collapsed itself.\nName the stratum that stays."
            )
    return collapse


def _parse_response(entry: Mapping[str, Any]) -> ResponseSpec:
    section = dict(mapping_at(entry.get("response"), "weights.response"))
    fail_if_unknown_keys(section, _names(ResponseSpec), "weights.response")
    if "by" in section:
        section["by"] = list_at(section["by"], "weights.response.by")
    return ResponseSpec(**section)


def _parse_calibration(entry: Any) -> CalibrationSpec:
    where = "weights.calibrate"
    section = dict(mapping_at(entry, where))
    fail_if_unknown_keys(section, _names(CalibrationSpec), where)
    fail_if_key_missing(section, ("method", "margins"), where)
    margins = mapping_at(section.pop("margins"), f"{where}.margins")
    if section.get("bounds") is not None:
        section["bounds"] = _parse_bounds(section["bounds"])
    if "tolerance" in section:
        section["tolerance"] = _number(section["tolerance"], f"{where}.tolerance")
    return CalibrationSpec(
        **section,
        margins=tuple(_parse_margin(str(name), margin) for name, margin in margins.items() if margin is not None),
    )


def _parse_margin(name: str, entry: Any) -> MarginSpec:
    where = f"weights.calibrate.margins.{name}"
    section = dict(mapping_at(entry, where))
    fail_if_unknown_keys(section, ("by", "of", "least"), where)
    by, of = list_at(section.get("by", ()), f"{where}.by"), str(section.get("of", COUNT))
    return MarginSpec(name=name, by=by, of=of, least=section.get("least", 0))


def _parse_bounds(bounds: Any) -> tuple[float, float]:
    where = "weights.calibrate.bounds"
    if isinstance(bounds, str) or not isinstance(bounds, Sequence) or len(bounds) != 2:
        raise StudyError(f"{where}: give two numbers, the least and the greatest factor, such as [0.3, 3].")
    return _number(bounds[0], where), _number(bounds[1], where)


def _parse_trim(entry: Any) -> TrimSpec:
    section = dict(mapping_at(entry, "weights.trim"))
    fail_if_unknown_keys(section, _names(TrimSpec), "weights.trim")
    fail_if_key_missing(section, ("above",), "weights.trim")
    return TrimSpec(**{**section, "above": _number(section["above"], "weights.trim.above")})


def _parse_replicates(design: Mapping[str, Any] | None) -> ReplicateSpec:
    """Return what `design:` says of replicates; its other keys are the business of the estimates."""
    known = {"variance": "method", "replicates": "count", "seed": "seed"}
    section = mapping_at(design, "design")
    return ReplicateSpec(**{field: section[key] for key, field in known.items() if key in section})


def _number(value: Any, where: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise StudyError(f"{where}: `{value}` is no number.") from None


def _names(spec: Any) -> list[str]:
    return list(spec.__dataclass_fields__)
