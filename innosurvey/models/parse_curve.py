"""From `robustness: curves:` in config.yaml to specification curves, key by key.

robustness:
  rd_and_sales:
    question: Does the link of R&D and sales hang on how it is asked?
    outcomes: [log(sales), log(value_added)]
    inputs: [log1p(rd), performs_rd]
    controls:                      # by name, or `every_subset_of: [a, b, c]`
      none: []
      firm: $firm
    always: [C(wave)]
    samples: {all firms: all, small firms: employees < 50}
    estimators: [ols, {estimator: fe, fixed_effects: [firm_id, wave]}]
    covariances: [robust, {type: cluster, by: [firm_id]}]
    weights: [none, final]
    leave_out: industry_group      # the main answer (the first of each list) again without each of its levels
    labels:                        # how tables and figures call the choices
      small firms: {en: Firms below 50 employees}
"""

from collections.abc import Mapping
from typing import Any, cast, get_args

from innosurvey.groupings import EVERYONE
from innosurvey.models.curve_spec import ControlSet, CurveSpec, EstimatorChoice, Rows, SampleChoice, every_subset
from innosurvey.models.drawing import Drawing
from innosurvey.models.estimators import ESTIMATORS, OPTION_KEYS
from innosurvey.models.parse import expression_at, fail_unless_identifier, terms_at, texts_in
from innosurvey.models.settings import covariance_rule, least_of, listed, names_of, options_of, weighting_of, whole_of
from innosurvey.specs import fail_if_key_missing, fail_if_not_one_of, fail_if_unknown_keys, mapping_at

KEYS = (
    "title", "question", "outcomes", "inputs", "controls", "always", "samples", "estimators", "covariances", "weights",
    "rows", "cluster", "leave_out", "least", "draws", "seed", "foreach", "labels",
)  # fmt: skip
SUBSETS = "every_subset_of"
_MOST_EFFECTS = 2
_DEFAULT = Drawing()


def parse_curves(curves: Mapping[str, Any] | None, sets: Mapping[str, Any] | None = None) -> tuple[CurveSpec, ...]:
    """Return the declared curves in their order; an entry that is null is one that a study took out.

    Raises StudyError for the first that is not well declared.
    """
    return tuple(
        parse_curve(curve_id, declared, sets or {})
        for curve_id, declared in (curves or {}).items()
        if declared is not None
    )


def parse_curve(curve_id: str, declared: Mapping[str, Any], sets: Mapping[str, Any]) -> CurveSpec:
    """Return one curve; StudyError says which key is wrong."""
    where = f"robustness.curves.{curve_id}"
    fail_unless_identifier(curve_id, where)
    declared = mapping_at(declared, where)
    fail_if_unknown_keys(declared, KEYS, where)
    fail_if_key_missing(declared, ("outcomes", "inputs"), where)
    rows = declared.get("rows", "common")
    fail_if_not_one_of(rows, get_args(Rows), f"{where}.rows")
    left_out = names_of(declared.get("leave_out"), f"{where}.leave_out", 1)
    drawn = {name: declared.get(name, getattr(_DEFAULT, name)) for name in ("draws", "seed")}
    curve = CurveSpec(
        id=curve_id,
        title=texts_in(declared.get("title"), f"{where}.title"),
        question=texts_in(declared.get("question"), f"{where}.question"),
        outcomes=terms_at(declared["outcomes"], sets, f"{where}.outcomes"),
        inputs=terms_at(declared["inputs"], sets, f"{where}.inputs"),
        controls=_controls(declared.get("controls", {"none": []}), sets, f"{where}.controls"),
        always=terms_at(declared.get("always"), sets, f"{where}.always"),
        samples=_samples(declared.get("samples", {"all": EVERYONE}), f"{where}.samples"),
        estimators=tuple(
            _estimator(choice, f"{where}.estimators") for choice in listed(declared.get("estimators", "ols"))
        ),
        covariances=tuple(
            covariance_rule(rule, f"{where}.covariances") for rule in listed(declared.get("covariances", "robust"))
        ),
        weights=tuple(weighting_of(kind, f"{where}.weights") for kind in listed(declared.get("weights", "none"))),
        rows=cast(Rows, rows),
        cluster=names_of(declared.get("cluster", "firm_id"), f"{where}.cluster", 1)[0],
        leave_out=left_out[0] if left_out else None,
        least=least_of(declared.get("least"), f"{where}.least"),
        drawing=Drawing(**{name: whole_of(value, f"{where}.{name}") for name, value in drawn.items()}),
        foreach=names_of(declared.get("foreach"), f"{where}.foreach", None) or ("all",),
    )
    _check_labels(declared.get("labels"), curve, f"{where}.labels")
    return curve


def _check_labels(declared: Any, curve: CurveSpec, where: str) -> None:
    """StudyError for a label of what the curve does not choose from, or that is no text; null takes a label out."""
    labels = {name: texts for name, texts in mapping_at(declared, where).items() if texts is not None}
    fail_if_unknown_keys(labels, curve.labelled, where)
    for name, texts in labels.items():
        texts_in(texts, f"{where}.{name}")


def _controls(declared: Any, sets: Mapping[str, Any], where: str) -> tuple[ControlSet, ...]:
    entry = mapping_at(declared, where)
    if SUBSETS in entry:
        fail_if_unknown_keys(entry, (SUBSETS,), where)
        return every_subset(terms_at(entry[SUBSETS], sets, f"{where}.{SUBSETS}"))
    return tuple(
        ControlSet(name=str(name), terms=terms_at(terms, sets, f"{where}.{name}")) for name, terms in entry.items()
    )


def _samples(declared: Any, where: str) -> tuple[SampleChoice, ...]:
    return tuple(
        SampleChoice(
            name=str(name),
            expression=None if expression == EVERYONE else expression_at(expression, f"{where}.{name}"),
        )
        for name, expression in mapping_at(declared, where).items()
    )


def _estimator(declared: Any, where: str) -> EstimatorChoice:
    entry = mapping_at({"estimator": declared} if isinstance(declared, str) else declared, where)
    fail_if_key_missing(entry, ("estimator",), where)
    name = entry["estimator"]
    fail_if_not_one_of(name, tuple(ESTIMATORS), where)
    fail_if_unknown_keys(entry, ("estimator", "fixed_effects", *OPTION_KEYS), where)
    return EstimatorChoice(
        estimator=name,
        fixed_effects=names_of(entry.get("fixed_effects"), f"{where}.fixed_effects", _MOST_EFFECTS),
        options=options_of(entry, ESTIMATORS[name], where),
    )
