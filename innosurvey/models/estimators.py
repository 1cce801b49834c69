"""The registry of estimators: what each is called, which engine fits it, and what a model must and may declare for it.

Light, because the plan is read at every start of the workflow: an engine is named here (`module:function` below
`engines/`) and imported where it is used. What stands here is what the configuration is checked against, and what
docs/howto-new-model.md lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

OutcomeKind = Literal["number", "binary", "nonnegative", "positive", "count", "share", "levels"]
OptionKind = Literal["number", "integer", "flag", "choice", "numbers", "integers", "names", "map"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationKind:
    """A further equation of an estimator.

    `outcome` is the kind of its own outcome, None where it has none of its own. Its regressors may be left out if they
    are `inherited` from the model's own. `where` names the equation, if any, whose yes decides on which rows this one
    is observed.
    """

    outcome: OutcomeKind | None = "number"
    required: bool = True
    inherited: bool = False
    where: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A setting of an estimator: its kind, the value when left out, the choices or the bounds (inclusive)."""

    kind: OptionKind
    default: Any = None
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator:
    """One estimator.

    `called` is how messages name it. `outcome` is what the outcome may be. `needs` are keys of a model that it can't
    do without, `takes` further ones among `fixed_effects`, `endogenous`, `instruments` that it understands. `where`
    names the equation whose yes decides on which rows the model's outcome is observed.
    """

    engine: str
    called: str
    outcome: OutcomeKind = "number"
    needs: tuple[str, ...] = ("regressors",)
    takes: tuple[str, ...] = ()
    equations: Mapping[str, EquationKind] = field(default_factory=dict)
    options: Mapping[str, Option] = field(default_factory=dict)
    where: str | None = None
    linear: bool = False


_TREATMENT = {"treatment": EquationKind(outcome="binary", inherited=True)}
_EFFECT = Option(kind="choice", default="att", choices=("att", "ate"))
_BY_PROPENSITY = {
    "effect": _EFFECT,
    "propensity": Option(kind="choice", default="logit", choices=("logit", "probit")),
    "trim": Option(kind="number", default=0.0, least=0.0, most=0.4),
    "crump": Option(kind="flag", default=False),
}

ESTIMATORS: Mapping[str, Estimator] = {
    "ols": Estimator(engine="linear:fit_ols", called="least squares", linear=True),
    "fe": Estimator(
        engine="linear:fit_fixed_effects",
        called="fixed effects",
        needs=("regressors", "fixed_effects"),
        linear=True,
    ),
    "iv2sls": Estimator(
        engine="twostage:fit_iv2sls",
        called="two-stage least squares",
        needs=("endogenous", "instruments"),
        linear=True,
    ),
    "logit": Estimator(engine="likelihood:fit_logit", called="a logit", outcome="binary"),
    "poisson": Estimator(engine="likelihood:fit_poisson", called="a Poisson model", outcome="nonnegative"),
    "ipw": Estimator(
        engine="weighting:fit_ipw",
        called="inverse probability weighting",
        needs=(),
        equations=_TREATMENT,
        options=_BY_PROPENSITY,
    ),
    "aipw": Estimator(
        engine="weighting:fit_aipw",
        called="augmented inverse probability weighting",
        needs=(),
        equations=_TREATMENT,
        options=_BY_PROPENSITY,
    ),
    "entropy_balancing": Estimator(
        engine="weighting:fit_entropy_balancing",
        called="entropy balancing",
        needs=(),
        equations=_TREATMENT,
        options={"effect": _EFFECT, "moments": Option(kind="integer", default=1, least=1, most=2)},
    ),
    "matching": Estimator(
        engine="matching:fit_matching",
        called="matching",
        needs=(),
        equations=_TREATMENT,
        options={
            "effect": _EFFECT,
            "metric": Option(kind="choice", default="mahalanobis", choices=("mahalanobis", "propensity")),
            "neighbours": Option(kind="integer", default=1, least=1, most=50),
            "caliper": Option(kind="number", default=None, least=0.0),
            "exact": Option(kind="names", default=()),
            "bias_adjustment": Option(kind="flag", default=True),
            "propensity": _BY_PROPENSITY["propensity"],
        },
    ),
    "did": Estimator(
        engine="did:fit_did",
        called="differences in differences",
        needs=(),
        equations=_TREATMENT,
        options={"compare_with": Option(kind="choice", default="not_yet", choices=("never", "not_yet"))},
    ),
}

EFFECT_KEYS = ("fixed_effects", "endogenous", "instruments")
EQUATION_KEYS = tuple(dict.fromkeys(name for kind in ESTIMATORS.values() for name in kind.equations))
OPTION_KEYS = tuple(dict.fromkeys(name for kind in ESTIMATORS.values() for name in kind.options))
