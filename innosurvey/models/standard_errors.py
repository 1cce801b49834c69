"""Which weights and standard errors go with which estimator: what `spec.py` asks before a model is one."""

from typing import TYPE_CHECKING

from innosurvey.errors import StudyError
from innosurvey.models.estimators import ESTIMATORS

if TYPE_CHECKING:
    from innosurvey.models.spec import ModelSpec


def fail_if_the_covariance_does_not_fit(spec: "ModelSpec") -> None:
    """StudyError: with survey weights the likelihood is a pseudo-likelihood, for which classical standard errors are
    wrong; without them there is no survey design; a wild bootstrap needs residuals; only errors of least squares have a
    precision, and only some likelihoods an expected information.
    """
    surveyed = spec.weights is not None and spec.weights.kind == "survey"
    if surveyed and spec.covariance.type == "classical":
        raise StudyError(
            f"models.{spec.id}: weights are 'final' but covariance is 'classical', which is wrong under weights.\n"
            "Set covariance to robust, cluster or survey, or `weights: none`."
        )
    if spec.covariance.type == "classical" and not spec.kind.classical:
        raise StudyError(
            f"models.{spec.id}: classical standard errors are wrong for {spec.kind.called}.\n"
            "Set covariance to robust or cluster."
        )
    if spec.covariance.type == "survey" and not surveyed:
        raise StudyError(
            f"models.{spec.id}: covariance 'survey' rests on the weights of the sample, but weights are none.\n"
            "Set `weights: final`, or covariance to robust or cluster."
        )
    if spec.weights is not None and spec.weights.kind == "analytic" and not spec.kind.linear:
        raise StudyError(
            f"models.{spec.id}: analytic weights are those of weighted least squares, not of {spec.kind.called}.\n"
            f"Set `type: survey` or `frequency`. Estimators that take them: {_those('linear')}."
        )
    if spec.covariance.information == "expected" and not spec.kind.expected:
        raise StudyError(
            f"models.{spec.id}: {spec.kind.called} has no expected information.\n"
            f"Take `information` out. Estimators that have one: {_those('expected')}."
        )
    if spec.covariance.type == "wild" and not (spec.kind.linear and not spec.instruments and spec.weights is None):
        raise StudyError(
            f"models.{spec.id}: the wild bootstrap is for ols and fe without weights.\nSet covariance to cluster."
        )


def _those(trait: str) -> str:
    return ", ".join(name for name, kind in ESTIMATORS.items() if getattr(kind, trait))
