"""The verdict on one hypothesis from one estimate, by a rule that the report prints.

Signs `positive` and `negative`: the effect is clear (p below alpha), at least as large as what matters, and as claimed
(*supported*) or the other way round (*reversed*). `differ`: clear and large enough, whichever way. `none`: two
one-sided tests (Schuirmann 1987) show that the effect lies within ± what matters (*supported*) or outside (*reversed*).
All else is *not supported*; a hypothesis without an estimate is *not estimable*.
"""

from dataclasses import dataclass
from math import isnan, nan
from typing import Literal

from scipy.special import stdtr

from innosurvey.claims.spec import Sign

Verdict = Literal["supported", "not supported", "reversed", "not estimable"]
VERDICTS: tuple[Verdict, ...] = ("supported", "not supported", "reversed", "not estimable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an estimate says: the effect with its error, and the p-value of its own test (of no effect). A reason
    against it leaves the numbers NaN.
    """

    value: float = nan
    se: float = nan
    df: float = nan
    p: float = nan
    reason: str = ""

    @property
    def estimable(self) -> bool:
        """Whether there is an effect that can be judged."""
        return not self.reason and not isnan(self.value) and not isnan(self.p)


def p_of(effect: Effect, sign: Sign, matters: float) -> float:
    """Return the p-value that a hypothesis is judged by: of no effect, or of a lack of equivalence (sign `none`)."""
    if sign != "none" or not effect.estimable:
        return effect.p
    return one_sided(effect, abs(effect.value) - matters)


def judge(effect: Effect, sign: Sign, matters: float, p: float, alpha: float) -> Verdict:
    """Return the verdict; `p` is that of `p_of`, adjusted or not."""
    if not effect.estimable or isnan(p):
        return "not estimable"
    if sign == "none":
        if p < alpha:
            return "supported"
        return "reversed" if one_sided(effect, matters - abs(effect.value)) < alpha else "not supported"
    if p >= alpha or abs(effect.value) < matters:
        return "not supported"
    if sign == "differ":
        return "supported"
    return "supported" if (effect.value > 0) == (sign == "positive") else "reversed"


def one_sided(effect: Effect, distance: float) -> float:
    """Return the p-value of a one-sided test whose statistic is a distance (negative: as the alternative has it) over
    the standard error.
    """
    return float(stdtr(effect.df, distance / effect.se)) if effect.se > 0 else nan
