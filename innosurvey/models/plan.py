"""The plan: which fits are made, and which job makes them.

A model runs once for each group of the cohorts it names (`foreach`), and without one on the cohort `all`, group `all`;
for each wave, on the firms of the wave.
A batch is one job: the models of one family on one cohort, called `<cohort>.<family>`. Everything here is pure and
light, because the Snakefile plans at every start.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.expressions import missing_names
from innosurvey.groupings import BY_WAVE, EVERYONE
from innosurvey.models.spec import ModelSpec

SLICE_COLUMNS = (
    "firm_id", "wave", "group",
    "stratum_id", "pop_n_stratum", "sample_n_stratum", "weight_design", "weight_final", "certainty",
    "pooled_stratum", "pooled_stratum_n",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One fit: a model on one group of one cohort."""

    spec: ModelSpec
    cohort: str
    group: str

    @property
    def batch(self) -> str:
        """The job that makes this fit."""
        return f"{self.cohort}.{self.spec.family}"


Plan = tuple[PlanItem, ...]


def plan_fits(specs: Iterable[ModelSpec], groups: Mapping[str, Sequence[str]], waves: Sequence[str] = ()) -> Plan:
    """Return all fits, in the order of the models, of their cohorts and of each cohort's groups.

    `groups` maps a cohort's id to its groups; `all` and `wave`, with `waves` as its groups, are there without being
    named. Raises StudyError for a cohort that is not.
    """
    known = {EVERYONE: (EVERYONE,), BY_WAVE: tuple(waves), **groups}
    items = []
    for spec in specs:
        for cohort in spec.foreach:
            _fail_if_the_cohort_is_unknown(spec, cohort, known)
            items += [PlanItem(spec=spec, cohort=cohort, group=group) for group in known[cohort]]
    return tuple(items)


def batches(plan: Plan) -> tuple[str, ...]:
    """Return the ids of the jobs, in the order in which the plan first needs them."""
    return tuple(dict.fromkeys(item.batch for item in plan))


def models_in(plan: Plan, batch: str) -> Plan:
    """Return the fits of one job, in the plan's order; StudyError if there is no such job."""
    items = tuple(item for item in plan if item.batch == batch)
    if not items:
        known = batches(plan)
        raise StudyError(
            f"models: there is no batch {batch}.{did_you_mean(batch, known)}\nBatches: {', '.join(known)}."
        )
    return items


def columns_needed(items: Plan) -> tuple[str, ...]:
    """Return the columns that these fits read, lags as columns of their own, each once, sorted; what every slice holds
    anyway is left out.
    """
    names = {name for item in items for name in (*item.spec.slice_columns, *item.spec.sample_names)}
    return tuple(sorted(names.difference(SLICE_COLUMNS)))


def missing_variables(spec: ModelSpec, available: Collection[str]) -> tuple[str, ...]:
    """Return the variables that a model needs and the survey lacks; empty when the model can be tried."""
    absent = {name for name in spec.columns if name not in available and name not in SLICE_COLUMNS}
    if spec.sample is not None:
        absent.update(missing_names(spec.sample, {*available, *SLICE_COLUMNS}, f"models.{spec.id}.sample"))
    return tuple(name for name in spec.variables if name in absent)


def _fail_if_the_cohort_is_unknown(spec: ModelSpec, cohort: str, known: Mapping[str, Sequence[str]]) -> None:
    if cohort not in known:
        raise StudyError(
            f"models.{spec.id}.foreach: there is no cohort {cohort}.{did_you_mean(cohort, known)}\n"
            f"Cohorts: {', '.join(known)}."
        )
