"""The model of Crepon, Duguet and Mairesse: R&D, innovation, productivity, one on the other.

`selection` and `intensity` are Heckman's model of R&D; latent R&D is predicted for all firms and explains `knowledge`
(and `second_knowledge`: then a bivariate probit); the fitted probabilities of innovation explain the model's own
outcome, productivity. Parameters: productivity's, those of the other equations by name, then `intensity/sigma`,
`intensity/rho` and `knowledge/rho`. A regressor that an earlier stage fitted is called `predicted(<its outcome>)`.

The covariance is that of the stacked moments of all stages (kernels/cdm.py), so generated regressors are in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from innosurvey.models.arrays import Array
from innosurvey.models.bounded import Scale
from innosurvey.models.collinearity import redundant_columns
from innosurvey.models.covariance import cluster_sums, sandwich
from innosurvey.models.engines.biprobit import joint
from innosurvey.models.engines.parts import ENGINE, fail_if_dependent, fail_if_not_converged, fitted_binary
from innosurvey.models.engines.selection import (
    EXPLAINED,
    SELECTION,
    Parts,
    at_the_bound,
    doubts,
    explained_share,
    maximum,
    two_steps,
)
from innosurvey.models.estimates import Estimates, NotEstimated, Test, reparametrised
from innosurvey.models.kernels import cdm
from innosurvey.models.kernels.cdm_check import bootstrap, ratios
from innosurvey.models.kernels.index import Fitted, fit_indexes
from innosurvey.models.matrix import CONSTANT, Block
from innosurvey.models.sample import EquationSample, Sample

INTENSITY, KNOWLEDGE, SECOND = "intensity", "knowledge", "second_knowledge"
COMBINED = ("both", "first only", "second only")
_ORDER = ("", KNOWLEDGE, SECOND, INTENSITY, SELECTION)
_SCALES: Mapping[str, Scale] = {f"{INTENSITY}/sigma": "log", f"{INTENSITY}/rho": "atanh", f"{KNOWLEDGE}/rho": "atanh"}
_SEED = 1
# Share of firms whose predicted R&D may lie beyond all that is observed before a fit says so.
_BEYOND = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The data of all stages, the fits of the first two with what is doubtful about them, and the names of the
    parameters in the order of the kernel.
    """

    chain: cdm.Chain
    research: Fitted
    innovation: Fitted
    names: tuple[str, ...]
    warnings: tuple[str, ...]


def fit_cdm(sample: Sample) -> Estimates:
    """Return all stages in one; NotEstimated where one of them can't be. `r2` is that of productivity on the fitted
    regressors and its own; with `bootstrap_check` the tests say how the errors compare with a bootstrap's.
    """
    stages = stages_of(sample)
    found = cdm.stacked(stages.chain, stages.research, stages.innovation)
    params, jacobian = _natural(stages, found)
    scores, information = reparametrised(found.scores, found.jacobian, jacobian)
    order = sorted(range(len(params)), key=lambda place: _rank(stages.names[place], place))
    return Estimates(
        terms=tuple(stages.names[place] for place in order),
        params=params[order],
        scores=scores[:, order],
        information=information[np.ix_(order, order)],
        design=found.third,
        linear=False,
        loglik=float("nan"),
        r2=_explained(stages.chain, found),
        warnings=(
            *stages.warnings,
            *_beyond_support(sample, stages.chain, found.rd),
            *_nearly_explained(stages, found),
        ),
        tests=_checked(sample, stages, found),
        scales=_SCALES,
        engine=f"{ENGINE} CDM, stacked moments",
    )


def stages_of(sample: Sample) -> Stages:
    """Return the data of all stages, and the fits of the first two; NotEstimated where they can't be fitted."""
    selection, intensity = sample.equations[SELECTION], sample.equations[INTENSITY]
    further = tuple(sample.equations[name] for name in (KNOWLEDGE, SECOND) if name in sample.equations)
    selected = intensity.observed
    parts = Parts(
        outcome=np.where(selected, intensity.outcome, 0.0),
        main=intensity.exogenous,
        selection=selection.exogenous,
        selected=selected,
        weights=sample.weights,
    )
    fail_if_dependent(parts.main, "the intensity equation", selected)
    first, steps = two_steps(parts)
    research = maximum(parts, first, steps)
    chain = cdm.Chain(
        selected=selected,
        rd=parts.outcome,
        selection_design=selection.exogenous.columns,
        intensity_design=intensity.exogenous.columns,
        knowledge=tuple(equation.outcome for equation in further),
        knowledge_designs=tuple(equation.exogenous.columns for equation in further),
        link=sample.options["knowledge_link"],
        combination=sample.options["innovation_terms"],
        productivity=sample.outcome,
        productivity_design=sample.exogenous.columns,
        weights=sample.weights,
    )
    return Stages(
        chain=chain,
        research=research,
        innovation=_innovation(chain, further, cdm.predicted_rd(chain, research.params), intensity.explained),
        names=_names(sample, further, intensity.explained),
        warnings=(*doubts(parts, steps), *at_the_bound(float(np.tanh(research.params[-1])))),
    )


def _innovation(chain: cdm.Chain, equations: tuple[EquationSample, ...], rd: Array, explained: str) -> Fitted:
    """Return the fit of the second stage; NotEstimated if predicted R&D adds nothing to its columns, under separation,
    or without convergence.
    """
    blocks = [
        Block(names=(f"predicted({explained})",), terms=(explained,), columns=rd[:, None]).beside(equation.exogenous)
        for equation in equations
    ]
    for equation in equations:
        if redundant_columns(np.column_stack([equation.exogenous.columns, rd])):
            raise NotEstimated(f"predicted({explained}) adds nothing to the regressors of knowledge")
    described = ("the knowledge equation", "the second knowledge equation")
    if len(equations) == 1 and not np.isin(chain.knowledge[0], (0.0, 1.0)).all():
        start = np.zeros(len(blocks[0].names))
        fitted = fit_indexes(chain.innovation_likelihood(), chain.innovation_designs(rd), start, chain.weights)
        fail_if_not_converged(fitted, described[0])
        return fitted
    link = chain.link if len(equations) == 1 else "probit"
    alone = [
        fitted_binary(outcome, block, chain.weights, called, link)
        for outcome, block, called in zip(chain.knowledge, blocks, described, strict=False)
    ]
    if len(alone) == 1:
        return alone[0]
    start = np.concatenate([fit.params for fit in alone])
    outcomes, designs = chain.knowledge, (blocks[0].columns, blocks[1].columns)
    return joint((outcomes[0], outcomes[1]), designs, start, chain.weights)


def _names(sample: Sample, further: tuple[EquationSample, ...], explained: str) -> tuple[str, ...]:
    found = [f"{name}/{term}" for name in (SELECTION, INTENSITY) for term in sample.equations[name].exogenous.names]
    found += [f"{INTENSITY}/sigma", f"{INTENSITY}/rho"]
    for name, equation in zip((KNOWLEDGE, SECOND), further, strict=False):
        found += [f"{name}/{term}" for term in (f"predicted({explained})", *equation.exogenous.names)]
    found += [f"{KNOWLEDGE}/rho"] if len(further) == 2 else []
    return (*found, *(f"predicted({text})" for text in _innovations(sample, further)), *sample.exogenous.names)


def _innovations(sample: Sample, further: tuple[EquationSample, ...]) -> tuple[str, ...]:
    joined = len(further) == 2 and sample.options["innovation_terms"] == "joint"
    return COMBINED if joined else tuple(equation.explained for equation in further)


def _rank(name: str, place: int) -> tuple[bool, int, int, int]:
    """Return where a parameter stands: productivity first, then against the course of the stages, what is ancillary
    last; in each equation the constant, then what is predicted.
    """
    ancillary = name in _SCALES
    equation, _, term = name.partition("/") if name.partition("/")[0] in _ORDER[1:] else ("", "", name)
    return ancillary, _ORDER.index(equation), 0 if term == CONSTANT else 1, place


def _natural(stages: Stages, found: cdm.Stacked) -> tuple[Array, Array]:
    """Return the parameters with σ and ρ for ln σ and atanh ρ, and their derivatives by those."""
    params, slopes = found.params.copy(), np.ones(len(found.params))
    for place, name in enumerate(stages.names):
        if name == f"{INTENSITY}/sigma":
            params[place] = slopes[place] = np.exp(params[place])
        if name in (f"{INTENSITY}/rho", f"{KNOWLEDGE}/rho"):
            params[place] = np.tanh(params[place])
            slopes[place] = 1 - params[place] ** 2
    return params, np.diag(slopes)


def _explained(chain: cdm.Chain, found: cdm.Stacked) -> float:
    w = np.ones(len(found.rd)) if chain.weights is None else chain.weights
    centred = chain.productivity - np.average(chain.productivity, weights=w)
    return 1 - float(w @ found.residuals**2) / float(w @ centred**2)


def _beyond_support(sample: Sample, chain: cdm.Chain, rd: Array) -> tuple[str, ...]:
    seen = chain.rd[chain.selected]
    share = float(((rd < seen.min()) | (rd > seen.max())).mean())
    name = sample.equations[INTENSITY].explained
    return (f"predicted({name}) lies outside all that is observed for {share:.0%} of firms",) if share > _BEYOND else ()


def _nearly_explained(stages: Stages, found: cdm.Stacked) -> tuple[str, ...]:
    """Return a warning for each fitted regressor of productivity that its other columns nearly explain."""
    own = stages.chain.productivity_design
    fitted = found.third.shape[1] - own.shape[1]
    names = stages.names[-found.third.shape[1] :][:fitted]
    shares = [explained_share(found.third[:, place], own) for place in range(fitted)]
    return tuple(
        f"{name} is nearly collinear with the regressors of productivity (R² {share:.3f})"
        for name, share in zip(names, shares, strict=True)
        if share > EXPLAINED
    )


def _checked(sample: Sample, stages: Stages, found: cdm.Stacked) -> tuple[Test, ...]:
    """Return, for each stage, how the standard errors of a bootstrap by weights compare with the stacked ones."""
    draws = int(sample.options["bootstrap_check"])
    if draws < 2:
        return ()
    clusters = sample.grouping.clusters[0] if sample.grouping.clusters else np.arange(len(found.rd))
    bread = np.linalg.inv(found.jacobian)
    errors = np.sqrt(np.diag(sandwich(bread, cluster_sums(found.scores, clusters))))
    drawn = bootstrap(stages.chain, found, clusters, draws, np.random.default_rng(_SEED))
    failed = int(np.isnan(drawn).any(axis=1).sum())
    if draws - failed < 2:
        return (Test(name="bootstrap / stacked standard errors", statistic=float("nan"), note="no draw converges"),)
    parts = np.split(ratios(drawn, errors), np.cumsum(found.sizes)[:-1])
    return tuple(
        Test(
            name=f"bootstrap / stacked standard errors: {stage}",
            statistic=float(np.median(part)),
            note=f"median; from {part.min():.2f} to {part.max():.2f}; {draws} draws, {failed} without convergence",
        )
        for stage, part in zip(("research", "knowledge", "productivity"), parts, strict=True)
    )
