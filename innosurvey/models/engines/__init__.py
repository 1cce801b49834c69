"""The engines: one function per estimator, from a sample to `Estimates`.

To add one, see docs/howto-new-model.md: a function here, a name in `spec.Estimator`, a test with a known truth.
"""

from collections.abc import Callable, Mapping

from innosurvey.models.engines.likelihood import fit_logit, fit_poisson
from innosurvey.models.engines.linear import fit_fixed_effects, fit_ols
from innosurvey.models.engines.twostage import fit_iv2sls
from innosurvey.models.estimates import Estimates
from innosurvey.models.sample import Sample
from innosurvey.models.spec import Estimator

ENGINES: Mapping[Estimator, Callable[[Sample], Estimates]] = {
    "ols": fit_ols,
    "fe": fit_fixed_effects,
    "iv2sls": fit_iv2sls,
    "logit": fit_logit,
    "poisson": fit_poisson,
}
