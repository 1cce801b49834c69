"""The registry of estimators: what each is called, which engine fits it, and what a model must and may declare for it.

Light, because the plan is read at every start of the workflow: an engine is named here (`module:function` below
`engines/`) and imported where it is used. What stands here is what the configuration is checked against, and what
docs/howto-new-model.md lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

OutcomeKind = Literal["number", "binary", "nonnegative", "positive", "count", "share", "levels"]
OptionKind = Literal["number", "integer", "flag", "choice", "numbers", "integers", "names", "texts", "map"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationKind:
    """A further equation of an estimator.

    `outcome` is the kind of its own outcome, None where it has none of its own. Its regressors may be left out if they
    are `inherited` from the model's own. `where` names the equation, if any, whose yes decides on which rows this one
    is observed; its columns may still be there `everywhere`, to predict its outcome for all rows.
    """

    outcome: OutcomeKind | None = "number"
    required: bool = True
    inherited: bool = False
    where: str | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A setting of an estimator: its kind, the value when left out, the choices (of a map: its keys) or the bounds
    (inclusive); `required` if there is no value that would do for all.
    """

    kind: OptionKind
    default: Any = None
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator:
    """One estimator.

    `called` is how messages name it. `outcome` is what the outcome may be. `needs` are keys of a model that it can't
    do without, `takes` further ones among `fixed_effects`, `endogenous`, `instruments`, `offset` that it understands.
    `where` names the equation whose yes decides on which rows the model's outcome is observed. The levels of an
    `ordered` outcome must have an order. `classical` is whether its classical standard errors can be right, `weighted`
    whether it takes weights, `expected` whether it knows the expected information of its likelihood.
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
    ordered: bool = False
    classical: bool = True
    weighted: bool = True
    expected: bool = False


_LEVELS = {"levels": Option(kind="texts")}
_LINK = Option(kind="choice", default="logit", choices=("logit", "probit"))
_PARTICIPATION = {"participation": EquationKind(outcome=None, inherited=True)}
_TREATMENT = {"treatment": EquationKind(outcome="binary", inherited=True)}
_EFFECT = Option(kind="choice", default="att", choices=("att", "ate"))
_BY_PROPENSITY = {
    "effect": _EFFECT,
    "propensity": _LINK,
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
    "liml": Estimator(
        engine="twostage:fit_liml",
        called="LIML",
        needs=("endogenous", "instruments"),
        options={"fuller": Option(kind="number", default=0, least=0)},
    ),
    "iv_gmm": Estimator(engine="twostage:fit_iv_gmm", called="two-step GMM", needs=("endogenous", "instruments")),
    "random_effects": Estimator(
        engine="panel:fit_random_effects",
        called="random effects",
        options={"components": Option(kind="choice", default="harmonic", choices=("harmonic", "baltagi_chang"))},
    ),
    "mundlak": Estimator(
        engine="panel:fit_mundlak",
        called="Mundlak's regression",
        options={
            "effects": Option(kind="choice", default="random", choices=("random", "pooled")),
            "components": Option(kind="choice", default="harmonic", choices=("harmonic", "baltagi_chang")),
        },
    ),
    "between": Estimator(engine="panel:fit_between", called="the regression between firms"),
    "first_difference": Estimator(
        engine="panel:fit_first_difference",
        called="first differences",
        options={"constant": Option(kind="flag", default=True)},
    ),
    "difference_gmm": Estimator(
        engine="difference_gmm:fit_difference_gmm",
        called="difference GMM",
        takes=("endogenous", "instruments"),
        options={
            "steps": Option(kind="choice", default="two", choices=("one", "two")),
            "instrument_lags": Option(kind="integers", default=(2, None), least=1),
            "endogenous_lags": Option(kind="integers", default=(2, None), least=1),
            "collapse": Option(kind="flag", default=False),
            "period_effects": Option(kind="flag", default=True),
        },
        weighted=False,
    ),
    "fe_poisson": Estimator(
        engine="fe_poisson:fit_fe_poisson",
        called="a Poisson model with fixed effects",
        outcome="nonnegative",
        needs=("regressors", "fixed_effects"),
    ),
    "presample_poisson": Estimator(
        engine="presample:fit_presample_poisson",
        called="a Poisson model with the pre-sample mean",
        outcome="nonnegative",
        options={"presample": Option(kind="map", choices=("waves", "before"), required=True)},
    ),
    "logit": Estimator(engine="likelihood:fit_logit", called="a logit", outcome="binary", expected=True),
    "probit": Estimator(engine="likelihood:fit_probit", called="a probit", outcome="binary", expected=True),
    "fractional_logit": Estimator(
        engine="likelihood:fit_fractional_logit", called="a fractional logit", outcome="share", classical=False
    ),
    "poisson": Estimator(
        engine="likelihood:fit_poisson",
        called="a Poisson model",
        outcome="nonnegative",
        takes=("offset",),
        expected=True,
    ),
    "nb2": Estimator(
        engine="negative_binomial:fit_negative_binomial",
        called="a negative binomial model",
        outcome="count",
        takes=("offset",),
        expected=True,
    ),
    "ordered_logit": Estimator(
        engine="choice:fit_ordered_logit", called="an ordered logit", outcome="levels", ordered=True, options=_LEVELS
    ),
    "ordered_probit": Estimator(
        engine="choice:fit_ordered_probit", called="an ordered probit", outcome="levels", ordered=True, options=_LEVELS
    ),
    "multinomial_logit": Estimator(
        engine="choice:fit_multinomial_logit", called="a multinomial logit", outcome="levels", options=_LEVELS
    ),
    "quantile": Estimator(
        engine="quantile:fit_quantiles",
        called="a quantile regression",
        options={"quantiles": Option(kind="numbers", default=(0.5,), least=0.01, most=0.99)},
    ),
    "heckman": Estimator(
        engine="selection:fit_heckman",
        called="a selection model",
        equations={"selection": EquationKind(outcome="binary")},
        where="selection",
    ),
    "heckman_two_step": Estimator(
        engine="selection:fit_heckman_two_step",
        called="a selection model",
        equations={"selection": EquationKind(outcome="binary")},
        where="selection",
    ),
    "tobit": Estimator(
        engine="tobit:fit_tobit",
        called="a Tobit",
        options={"lower": Option(kind="number", default=0.0), "upper": Option(kind="number")},
    ),
    "two_part": Estimator(
        engine="two_part:fit_two_part",
        called="a two-part model",
        outcome="nonnegative",
        equations=_PARTICIPATION,
        options={
            "amounts": Option(kind="choice", default="log", choices=("log", "gamma", "poisson")),
            "participation_link": _LINK,
        },
        classical=False,
    ),
    "nb_hurdle": Estimator(
        engine="two_part:fit_nb_hurdle",
        called="a hurdle model",
        outcome="count",
        equations=_PARTICIPATION,
        options={
            "counts": Option(kind="choice", default="nb2", choices=("nb2", "poisson")),
            "participation_link": _LINK,
        },
    ),
    "biprobit": Estimator(
        engine="biprobit:fit_biprobit",
        called="a bivariate probit",
        outcome="binary",
        equations={"second": EquationKind(outcome="binary", inherited=True)},
    ),
    "cdm": Estimator(
        engine="cdm:fit_cdm",
        called="a CDM model",
        equations={
            "selection": EquationKind(outcome="binary"),
            "intensity": EquationKind(where="selection", everywhere=True),
            "knowledge": EquationKind(outcome="share"),
            "second_knowledge": EquationKind(outcome="binary", required=False),
        },
        options={
            "knowledge_link": Option(kind="choice", default="probit", choices=("probit", "logit")),
            "innovation_terms": Option(kind="choice", default="marginal", choices=("marginal", "joint")),
            "bootstrap_check": Option(kind="integer", default=0, least=0, most=5000),
        },
        classical=False,
    ),
    "ipw": Estimator(
        engine="weighting:fit_ipw",
        called="inverse probability weighting",
        needs=(),
        equations=_TREATMENT,
        options=_BY_PROPENSITY,
        classical=False,
    ),
    "aipw": Estimator(
        engine="weighting:fit_aipw",
        called="augmented inverse probability weighting",
        needs=(),
        equations=_TREATMENT,
        options=_BY_PROPENSITY,
        classical=False,
    ),
    "entropy_balancing": Estimator(
        engine="weighting:fit_entropy_balancing",
        called="entropy balancing",
        needs=(),
        equations=_TREATMENT,
        options={"effect": _EFFECT, "moments": Option(kind="integer", default=1, least=1, most=2)},
        classical=False,
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
        classical=False,
    ),
}

EFFECT_KEYS = ("fixed_effects", "endogenous", "instruments", "offset")
EQUATION_KEYS = tuple(dict.fromkeys(name for kind in ESTIMATORS.values() for name in kind.equations))
OPTION_KEYS = tuple(dict.fromkeys(name for kind in ESTIMATORS.values() for name in kind.options))
