"""A specification curve: one question, asked in all the ways in which it could reasonably have been asked.

The choices are lists: outcomes, inputs (the term asked about), sets of controls, samples, estimators, covariances,
weights. `specifications` crosses them; each result is an ordinary model, which can be fitted by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import Any, Literal

from innosurvey.errors import StudyError
from innosurvey.models.drawing import Drawing
from innosurvey.models.spec import CovarianceSpec, Least, ModelSpec, Texts, Weighting
from innosurvey.models.terms import Term

Rows = Literal["common", "own"]
MOST_SPECIFICATIONS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSet:
    """Controls that come together, under the name that tables and figures print."""

    name: str
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleChoice:
    """A sample by name: an expression as in `sample` of a model, None for all firms of the group."""

    name: str
    expression: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatorChoice:
    """An estimator with its fixed effects and options."""

    estimator: str
    fixed_effects: tuple[str, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def label(self) -> str:
        """What tables print: `ols`, `fe: firm_id + wave`."""
        return f"{self.estimator}: {' + '.join(self.fixed_effects)}" if self.fixed_effects else self.estimator


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveSpec:
    """A specification curve.

    `always` are controls of every specification. With `rows: common` all specifications of one outcome, sample,
    estimator and weighting use the rows that have a value of every term of the curve, so that only the choices differ;
    with `own` each uses all rows it can. `cluster` is kept together in the draws of the joint tests. The first of each
    list is the main answer; it is asked again without each level of the column `leave_out`, such as each industry.
    """

    id: str
    title: Texts = field(default=(), repr=False)
    question: Texts = field(default=(), repr=False)
    outcomes: tuple[Term, ...]
    inputs: tuple[Term, ...]
    controls: tuple[ControlSet, ...] = (ControlSet(name="none"),)
    always: tuple[Term, ...] = ()
    samples: tuple[SampleChoice, ...] = (SampleChoice(name="all"),)
    estimators: tuple[EstimatorChoice, ...] = (EstimatorChoice(estimator="ols"),)
    covariances: tuple[CovarianceSpec, ...] = (CovarianceSpec(),)
    weights: tuple[Weighting | None, ...] = (None,)
    rows: Rows = "common"
    cluster: str = "firm_id"
    leave_out: str | None = None
    least: Least = field(default_factory=Least)
    drawing: Drawing = field(default_factory=Drawing)
    foreach: tuple[str, ...] = ("all",)

    def __post_init__(self) -> None:
        fail_if_a_choice_is_empty(self)
        fail_if_an_input_has_levels(self)
        fail_if_names_are_used_twice(self)
        fail_if_there_are_too_many(self)

    def at_level(self, confidence: float) -> "CurveSpec":
        """Return the curve with its intervals at another level."""
        return replace(self, covariances=tuple(replace(rule, confidence=confidence) for rule in self.covariances))

    @property
    def alpha(self) -> float:
        """The p below which a specification counts as clear: what its intervals leave."""
        return round(1 - self.covariances[0].confidence, 12)

    @property
    def size(self) -> int:
        """How many specifications there are."""
        count = 1
        for choice in _choices(self).values():
            count *= len(choice)
        return count

    @property
    def labelled(self) -> tuple[str, ...]:
        """The names of the choices that `labels` may put in words; the others have words of their own."""
        controls, samples = (choice.name for choice in self.controls), (choice.name for choice in self.samples)
        rules = (rule.label for rule in self.covariances)
        return (*controls, *samples, *(choice.label for choice in self.estimators), *rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One point of the curve: its number, from 1, what was chosen, in the words of the tables, and the model."""

    number: int
    choices: dict[str, str]
    model: ModelSpec
    asked: Term


def specifications(curve: CurveSpec) -> tuple[Specification, ...]:
    """Return all specifications, the last choice varying first; StudyError for one that is no model.

    The input is left out of the controls where it is one of them.
    """
    return tuple(_numbered(curve))


def _numbered(curve: CurveSpec) -> Iterator[Specification]:
    crossed = product(*_choices(curve).values())
    for number, (outcome, asked, controls, sample, estimator, covariance, weights) in enumerate(crossed, start=1):
        terms = dict.fromkeys((*curve.always, *controls.terms))
        model = ModelSpec(
            id=curve.id,
            family=curve.id,
            estimator=estimator.estimator,
            outcome=outcome,
            regressors=(asked,),
            controls=tuple(term for term in terms if term != asked),
            fixed_effects=estimator.fixed_effects,
            options=estimator.options,
            sample=sample.expression,
            weights=weights,
            covariance=covariance,
            least=curve.least,
        )
        choices = {
            "outcome": outcome.text,
            "input": asked.text,
            "controls": controls.name,
            "sample": sample.name,
            "estimator": estimator.label,
            "covariance": covariance.label,
            "weights": "none" if weights is None else weights.column,
        }
        yield Specification(number=number, choices=choices, model=model, asked=asked)


def every_subset(terms: Sequence[Term]) -> tuple[ControlSet, ...]:
    """Return every choice of the controls, from none to all, named by what is in it."""
    chosen = (some for count in range(len(terms) + 1) for some in combinations(terms, count))
    return tuple(ControlSet(name=" + ".join(term.text for term in some) or "none", terms=some) for some in chosen)


def _choices(curve: CurveSpec) -> dict[str, Sequence[Any]]:
    names = ("outcomes", "inputs", "controls", "samples", "estimators", "covariances", "weights")
    return {name: getattr(curve, name) for name in names}


def fail_if_a_choice_is_empty(curve: CurveSpec) -> None:
    """StudyError if there is nothing to choose from."""
    empty = [name for name, choice in _choices(curve).items() if not choice]
    if empty:
        raise StudyError(f"robustness.curves.{curve.id}: nothing stands in {', '.join(empty)}. List at least one.")


def fail_if_an_input_has_levels(curve: CurveSpec) -> None:
    """StudyError: a category has no single slope to draw a curve of."""
    several = [term.text for term in curve.inputs if any(factor.levels for factor in term.factors)]
    if several:
        raise StudyError(
            f"robustness.curves.{curve.id}.inputs: {', '.join(several)} has a slope for each level.\n"
            "An input is one number; derive a yes/no variable for the level that is asked about."
        )


def fail_if_names_are_used_twice(curve: CurveSpec) -> None:
    """StudyError: two choices of one name could not be told apart in a table."""
    for key in ("controls", "samples"):
        names = [choice.name for choice in getattr(curve, key)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise StudyError(
                f"robustness.curves.{curve.id}.{key}: used twice: {', '.join(twice)}. Give each its own name."
            )


def fail_if_there_are_too_many(curve: CurveSpec) -> None:
    """StudyError: subsets of many controls are more models than anyone meant."""
    if curve.size > MOST_SPECIFICATIONS:
        raise StudyError(
            f"robustness.curves.{curve.id}: {curve.size:,} specifications are more than {MOST_SPECIFICATIONS:,}.\n"
            "List fewer choices; each control of a set of subsets doubles them."
        )
