"""What a model is: a frozen specification that can't be built unless its parts go together.

`parse.py` reads it from config.yaml. Each error says which model, what is wrong and what to do, before any data are
touched.
"""

from dataclasses import dataclass, field
from typing import Literal

from innosurvey.errors import StudyError
from innosurvey.expressions import names_in
from innosurvey.models.terms import Term

Estimator = Literal["ols", "fe", "iv2sls", "logit", "poisson"]
Weights = Literal["none", "final"]
CovarianceType = Literal["classical", "robust", "cluster"]
SmallSample = Literal["none", "stata", "fewest_clusters"]
Texts = tuple[tuple[str, str], ...]

WEIGHT_COLUMN = "weight_final"


@dataclass(frozen=True, slots=True, kw_only=True)
class CovarianceSpec:
    """Which standard errors, clustered by what, with which small-sample rule (see `covariance.py`)."""

    type: CovarianceType = "robust"
    by: tuple[str, ...] = ()
    small_sample: SmallSample = "stata"

    @property
    def label(self) -> str:
        """What the tables print: `robust`, or `cluster: firm_id + wave`."""
        return f"cluster: {' + '.join(self.by)}" if self.type == "cluster" else self.type


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """One regression: what is explained, by what, among whom, with which standard errors.

    `check_of` names the model that this one asks otherwise: such a model stands beside a claim and not in a chapter of
    its own. It and the texts are left out of the repr, which is what Snakemake compares: a better worded question must
    not estimate anything anew.
    """

    id: str
    title: Texts = field(default=(), repr=False)
    question: Texts = field(default=(), repr=False)
    family: str
    estimator: Estimator
    outcome: Term
    regressors: tuple[Term, ...] = ()
    controls: tuple[Term, ...] = ()
    fixed_effects: tuple[str, ...] = ()
    endogenous: tuple[Term, ...] = ()
    instruments: tuple[Term, ...] = ()
    foreach: tuple[str, ...] = ("all",)
    sample: str | None = None
    weights: Weights = "none"
    covariance: CovarianceSpec = CovarianceSpec()
    check_of: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        fail_if_the_estimator_lacks_its_parts(self)
        fail_if_a_variable_stands_on_two_sides(self)
        fail_if_weights_come_with_classical_errors(self)
        fail_if_firms_are_terms(self)

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms: outcome, regressors, endogenous, controls, instruments."""
        return (self.outcome, *self.regressors, *self.endogenous, *self.controls, *self.instruments)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns without which the model can't be tried, each once: terms, fixed effects, clusters, weight."""
        names = [variable for term in self.terms for variable in term.variables]
        names += [*self.fixed_effects, *self.covariance.by]
        return tuple(dict.fromkeys(names + ([WEIGHT_COLUMN] if self.weights == "final" else [])))

    @property
    def variables(self) -> tuple[str, ...]:
        """All columns that the model reads: those, and what its `sample` names."""
        named = names_in(self.sample, f"models.{self.id}.sample") if self.sample is not None else ()
        return tuple(dict.fromkeys((*self.columns, *named)))


def fail_if_the_estimator_lacks_its_parts(spec: ModelSpec) -> None:
    """StudyError if a part is missing that the estimator needs, or one is given that it would ignore."""
    where = f"models.{spec.id}"
    if spec.estimator == "fe" and not spec.fixed_effects:
        raise StudyError(f"{where}: estimator fe needs fixed_effects, for example [firm_id, wave].")
    if spec.estimator != "fe" and spec.fixed_effects:
        raise StudyError(
            f"{where}: estimator {spec.estimator} takes no fixed_effects.\n"
            "Set `estimator: fe`, or write them as controls: C(wave)."
        )
    if spec.estimator == "iv2sls":
        _fail_if_not_identified(spec, where)
    elif spec.endogenous or spec.instruments:
        raise StudyError(
            f"{where}: estimator {spec.estimator} takes no endogenous terms and no instruments.\n"
            "Set `estimator: iv2sls`, or list the terms as regressors."
        )
    elif not spec.regressors:
        raise StudyError(f"{where}: regressors are missing. List the terms that the model asks about.")
    if any(factor.transform == "C" for factor in spec.outcome.factors) or len(spec.outcome.factors) > 1:
        raise StudyError(
            f"{where}.outcome: `{spec.outcome.text}` can't be explained.\n"
            "An outcome is one number: x, log(x), log1p(x)."
        )


def _fail_if_not_identified(spec: ModelSpec, where: str) -> None:
    if not spec.endogenous or not spec.instruments:
        raise StudyError(f"{where}: estimator iv2sls needs both endogenous and instruments.")
    both = [term.text for term in spec.instruments if term in (*spec.regressors, *spec.controls, *spec.endogenous)]
    if both:
        raise StudyError(
            f"{where}: an instrument must not explain the outcome itself, but is listed elsewhere too: "
            f"{', '.join(both)}.\n"
            "Take them out of instruments, or out of the other list."
        )
    if len(spec.instruments) < len(spec.endogenous) and not any(_has_levels(term) for term in spec.instruments):
        raise StudyError(
            f"{where}: {len(spec.endogenous)} endogenous terms need as many instruments at least.\n"
            f"There are {len(spec.instruments)}; add instruments, or list fewer terms as endogenous."
        )


def _has_levels(term: Term) -> bool:
    return any(factor.transform == "C" for factor in term.factors)


def fail_if_a_variable_stands_on_two_sides(spec: ModelSpec) -> None:
    """StudyError if the outcome explains itself, or an endogenous term is a regressor as well."""
    explained = set(spec.outcome.variables)
    others = (*spec.regressors, *spec.endogenous, *spec.controls, *spec.instruments)
    circular = [term.text for term in others if explained & set(term.variables)]
    if circular:
        raise StudyError(
            f"models.{spec.id}: the outcome {spec.outcome.text} explains itself through {', '.join(circular)}.\n"
            "Take it out of the right-hand side."
        )
    twice = [term.text for term in spec.endogenous if term in (*spec.regressors, *spec.controls)]
    if twice:
        raise StudyError(
            f"models.{spec.id}: endogenous and regressors or controls both list {', '.join(twice)}.\n"
            "Keep it in endogenous."
        )


def fail_if_weights_come_with_classical_errors(spec: ModelSpec) -> None:
    """StudyError: with survey weights the likelihood is a pseudo-likelihood, for which classical standard errors are
    wrong.
    """
    if spec.weights == "final" and spec.covariance.type == "classical":
        raise StudyError(
            f"models.{spec.id}: weights are 'final' but covariance is 'classical', which is wrong under weights.\n"
            "Set covariance to robust or cluster, or `weights: none`."
        )


def fail_if_firms_are_terms(spec: ModelSpec) -> None:
    """StudyError: a coefficient for each firm would print the firms' identifiers."""
    if any("firm_id" in term.variables for term in spec.terms):
        raise StudyError(
            f"models.{spec.id}: firm_id can't be a term.\nSet `estimator: fe` with `fixed_effects: [firm_id]`."
        )
