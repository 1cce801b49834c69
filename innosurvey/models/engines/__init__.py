"""The engines: one function per estimator, from a sample to `Estimates`, named in `estimators.py`.

To add one, see docs/howto-new-model.md: a function here, its entry in the registry, a test with a known truth. An
engine is imported when it is first used: some bring heavy libraries along.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from innosurvey.models.estimates import Estimates
from innosurvey.models.estimators import ESTIMATORS
from innosurvey.models.sample import Sample

if TYPE_CHECKING:
    # The fingerprint of a step's code follows the imports that stand in the text (`innosurvey/fingerprint.py`): without
    # these lines, an edit to an engine would fit nothing anew.
    from innosurvey.models.engines import (  # noqa: F401
        biprobit,
        cdm,
        choice,
        did,
        difference_gmm,
        fe_poisson,
        likelihood,
        linear,
        matching,
        negative_binomial,
        panel,
        presample,
        quantile,
        selection,
        tobit,
        two_part,
        twostage,
        weighting,
    )

Engine = Callable[[Sample], Estimates]


def engine_of(estimator: str) -> Engine:
    """Return the function that fits an estimator of the registry."""
    module, function = ESTIMATORS[estimator].engine.split(":")
    return cast(Engine, getattr(import_module(f"{__name__}.{module}"), function))
