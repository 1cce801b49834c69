"""What a model is: a frozen specification that can't be built unless its parts go together.

`parse.py` reads it from config.yaml; `estimators.py` says what each estimator needs and takes. Each error says which
model, what is wrong and what to do, before any data are touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from innosurvey.errors import StudyError
from innosurvey.expressions import names_in
from innosurvey.models.combinations import Combination
from innosurvey.models.estimators import EFFECT_KEYS, ESTIMATORS, Estimator
from innosurvey.models.standard_errors import fail_if_the_covariance_does_not_fit
from innosurvey.models.terms import Factor, Term

CovarianceType = Literal["classical", "robust", "hc0", "hc1", "hc2", "hc3", "cluster", "survey", "wild"]
SmallSample = Literal["none", "stata", "fewest_clusters"]
Information = Literal["observed", "expected"]
WeightKind = Literal["survey", "frequency", "analytic"]
Texts = tuple[tuple[str, str], ...]

WEIGHT_COLUMN = "weight_final"
MAIN = ""
CLUSTERED = ("cluster", "wild")
PRACTICES = (2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class CovarianceSpec:
    """Which standard errors, clustered by what, with which small-sample rule (see `covariance.py`).

    `wild` draws `draws` signs per cluster from `seed`. The information of a likelihood is the curvature that is
    observed (Stata), or the one to be expected at the estimate (R's glm).
    """

    type: CovarianceType = "robust"
    by: tuple[str, ...] = ()
    small_sample: SmallSample = "stata"
    information: Information = "observed"
    draws: int = 999
    seed: int = 1

    @property
    def label(self) -> str:
        """What the tables print: `robust`, or `cluster: firm_id + wave`."""
        expected = ", expected information" if self.information == "expected" else ""
        return (f"{self.type}: {' + '.join(self.by)}" if self.by else self.type) + expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighting:
    """Which column weighs the rows: by the survey (`survey`), as so many equal rows (`frequency`), or by how precise a
    row is, one over the variance of its error (`analytic`).
    """

    column: str = WEIGHT_COLUMN
    kind: WeightKind = "survey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """The sample below which nothing is estimated: firms, and residual degrees of freedom."""

    firms: int = 30
    df: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One equation: its name (`MAIN` for the model's own), what it explains if anything, and by what.

    `where` names the equation whose yes decides on which rows this one is observed; of one with columns `everywhere`
    only the outcome is meant.
    """

    name: str = MAIN
    outcome: Term | None = None
    regressors: tuple[Term, ...] = ()
    controls: tuple[Term, ...] = ()
    where: str | None = None
    everywhere: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """Outcome, regressors, controls."""
        return (*(() if self.outcome is None else (self.outcome,)), *self.regressors, *self.controls)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """One regression: what is explained, by what, among whom, with which standard errors.

    `offset` is a term whose coefficient is one: the logarithm of what a count is out of. `complementarity` names two
    or three practices, whose exclusive combinations are regressors. `check_of` names the model that this one asks
    otherwise: such a model stands beside a claim and not in a chapter of its own. It and the texts are left out of the
    repr, which is what Snakemake compares: a better worded question must not estimate anything anew.
    """

    id: str
    title: Texts = field(default=(), repr=False)
    question: Texts = field(default=(), repr=False)
    family: str
    estimator: str
    outcome: Term
    regressors: tuple[Term, ...] = ()
    controls: tuple[Term, ...] = ()
    fixed_effects: tuple[str, ...] = ()
    endogenous: tuple[Term, ...] = ()
    instruments: tuple[Term, ...] = ()
    offset: Term | None = None
    complementarity: tuple[str, ...] = ()
    equations: tuple[Equation, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    hypotheses: tuple[Combination, ...] = ()
    foreach: tuple[str, ...] = ("all",)
    sample: str | None = None
    weights: Weighting | None = None
    covariance: CovarianceSpec = CovarianceSpec()
    least: Least = Least()
    check_of: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        fail_if_the_estimator_lacks_its_parts(self)
        fail_if_a_variable_stands_on_two_sides(self)
        fail_if_the_covariance_does_not_fit(self)
        fail_if_firms_are_terms(self)
        fail_if_practices_are_no_practices(self)

    @property
    def kind(self) -> Estimator:
        """What the registry says of the estimator."""
        return ESTIMATORS[self.estimator]

    @property
    def main(self) -> Equation:
        """The model's own equation, without what is instrumented."""
        return Equation(outcome=self.outcome, regressors=self.regressors, controls=self.controls, where=self.kind.where)

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms: outcome, regressors, endogenous, controls, instruments, practices, then those of the further
        equations.
        """
        further = [Term(factors=(factor,)) for factor in self.practices]
        further += [term for equation in self.equations for term in equation.terms]
        own = (self.outcome, *self.regressors, *self.endogenous, *self.controls, *self.instruments)
        own += () if self.offset is None else (self.offset,)
        return tuple(dict.fromkeys((*own, *further)))

    @property
    def practices(self) -> tuple[Factor, ...]:
        """The practices whose complementarity is asked about."""
        return tuple(Factor(variable=name) for name in self.complementarity)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors of all terms, each once."""
        return tuple(dict.fromkeys(factor for term in self.terms for factor in term.factors))

    @property
    def plain_columns(self) -> tuple[str, ...]:
        """The columns that are no terms: fixed effects, clusters, weight, and those that an option names."""
        weight = () if self.weights is None else (self.weights.column,)
        kinds = self.kind.options
        named = [name for key, value in self.options if kinds[key].kind == "names" for name in value]
        return tuple(dict.fromkeys((*self.fixed_effects, *self.covariance.by, *weight, *named)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables without which the model can't be tried, each once: terms, fixed effects, clusters, weight."""
        return tuple(dict.fromkeys((*(factor.variable for factor in self.factors), *self.plain_columns)))

    @property
    def slice_columns(self) -> tuple[str, ...]:
        """The columns of the slice that the model works on: those, lags as columns of their own."""
        return tuple(dict.fromkeys((*(factor.column for factor in self.factors), *self.plain_columns)))

    @property
    def sample_names(self) -> tuple[str, ...]:
        """The variables that the model's `sample` names."""
        return tuple(names_in(self.sample, f"models.{self.id}.sample")) if self.sample is not None else ()

    @property
    def variables(self) -> tuple[str, ...]:
        """All variables that the model reads: its columns, and what its `sample` names."""
        return tuple(dict.fromkeys((*self.columns, *self.sample_names)))

    @property
    def settings(self) -> Mapping[str, Any]:
        """The estimator's options, with their defaults where nothing is declared."""
        return {name: option.default for name, option in self.kind.options.items()} | dict(self.options)


def fail_if_the_estimator_lacks_its_parts(spec: ModelSpec) -> None:
    """StudyError if a part is missing that the estimator needs, or one is given that it would ignore."""
    where, kind = f"models.{spec.id}", spec.kind
    for key in EFFECT_KEYS:
        given = bool(getattr(spec, key))
        if given and key not in (*kind.needs, *kind.takes):
            raise StudyError(f"{where}: estimator {spec.estimator} takes no {key}.\n{_instead(key)}")
        if not given and key in kind.needs:
            raise StudyError(f"{where}: estimator {spec.estimator} needs {key}.\n{_instead(key)}")
    if spec.instruments or spec.endogenous:
        _fail_if_not_identified(spec, where)
    if spec.offset is not None and (len(spec.offset.factors) > 1 or spec.offset.factors[0].levels):
        raise StudyError(f"{where}.offset: `{spec.offset.text}` is no offset.\nWrite one number: x, log(x), log1p(x).")
    for equation in (spec.main, *spec.equations):
        _fail_if_not_an_outcome(equation, f"{where}.{equation.name}".rstrip("."))


def _instead(key: str) -> str:
    takers = [name for name, kind in ESTIMATORS.items() if key in (*kind.needs, *kind.takes)]
    hint = {
        "fixed_effects": "Fixed effects are columns, as in [firm_id, wave]; elsewhere write them as controls: C(wave)",
        "endogenous": "Endogenous terms are those that instruments move; elsewhere list them as regressors",
        "instruments": "Instruments move the endogenous terms and are no regressors",
        "offset": "An offset is for counts out of something, as in log(employees); elsewhere list it as a regressor",
    }[key]
    return f"{hint}. Estimators that take {key}: {', '.join(takers)}."


def _fail_if_not_an_outcome(equation: Equation, where: str) -> None:
    term = equation.outcome
    if term is not None and (len(term.factors) > 1 or term.factors[0].levels):
        raise StudyError(
            f"{where}.outcome: `{term.text}` can't be explained.\nAn outcome is one number: x, log(x), log1p(x)."
        )


def _fail_if_not_identified(spec: ModelSpec, where: str) -> None:
    needed = "instruments" in spec.kind.needs
    if needed and not (spec.endogenous and spec.instruments):
        raise StudyError(f"{where}: give both endogenous and instruments, or none of them.")
    both = [term.text for term in spec.instruments if term in (*spec.regressors, *spec.controls, *spec.endogenous)]
    if both:
        raise StudyError(
            f"{where}: an instrument must not explain the outcome itself, but is listed elsewhere too: "
            f"{', '.join(both)}.\n"
            "Take them out of instruments, or out of the other list."
        )
    fewer = len(spec.instruments) < len(spec.endogenous) and not any(_has_levels(term) for term in spec.instruments)
    if needed and fewer:
        raise StudyError(
            f"{where}: {len(spec.endogenous)} endogenous terms need as many instruments at least.\n"
            f"There are {len(spec.instruments)}; add instruments, or list fewer terms as endogenous."
        )


def _has_levels(term: Term) -> bool:
    return any(factor.levels for factor in term.factors)


def fail_if_a_variable_stands_on_two_sides(spec: ModelSpec) -> None:
    """StudyError if an outcome explains itself (a lag of it may), or an endogenous term is a regressor as well."""
    offset = () if spec.offset is None else (spec.offset,)
    sides = [(spec.main, (*spec.regressors, *spec.endogenous, *spec.controls, *spec.instruments, *offset))]
    sides += [(equation, (*equation.regressors, *equation.controls)) for equation in spec.equations]
    for equation, others in sides:
        explained = set() if equation.outcome is None else {factor.column for factor in equation.outcome.factors}
        circular = [term.text for term in others if explained & {factor.column for factor in term.factors}]
        if circular and equation.outcome is not None:
            of = f" of {equation.name}" if equation.name else ""
            raise StudyError(
                f"models.{spec.id}: the outcome{of} {equation.outcome.text} explains itself through "
                f"{', '.join(circular)}.\n"
                "Take it out of the right-hand side."
            )
    twice = [term.text for term in spec.endogenous if term in (*spec.regressors, *spec.controls)]
    if twice:
        raise StudyError(
            f"models.{spec.id}: endogenous and regressors or controls both list {', '.join(twice)}.\n"
            "Keep it in endogenous."
        )


def fail_if_firms_are_terms(spec: ModelSpec) -> None:
    """StudyError: a coefficient for each firm would print the firms' identifiers."""
    if any("firm_id" in term.variables for term in spec.terms):
        raise StudyError(
            f"models.{spec.id}: firm_id can't be a term.\nSet `estimator: fe` with `fixed_effects: [firm_id]`."
        )


def fail_if_practices_are_no_practices(spec: ModelSpec) -> None:
    """StudyError unless there are two or three practices, or none, that are not regressors or the outcome as well."""
    where = f"models.{spec.id}.complementarity"
    if not spec.complementarity:
        return
    if len(spec.complementarity) not in PRACTICES:
        raise StudyError(f"{where}: name two or three practices, not {len(spec.complementarity)}.")
    terms = (spec.outcome, *spec.regressors, *spec.controls, *spec.endogenous, *spec.instruments)
    both = [name for name in spec.complementarity if any(term.variables == (name,) for term in terms)]
    if both:
        raise StudyError(
            f"{where}: {', '.join(both)} stands in another part of the model too.\n"
            "The combinations of the practices are regressors already; take it out there."
        )
