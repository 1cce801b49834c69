"""How unevenly firms are spread over n regions, by their shares s (which sum to one).

    Herfindahl   H = Σ s²                                  from 1/n (the same everywhere) to 1 (all in one region)
    normalised   (H - 1/n) / (1 - 1/n)                     from 0 to 1, whatever n
    Gini         G = Σ (2 i - n - 1) s_(i) / n             s_(1) ≤ … ≤ s_(n); from 0 to 1 - 1/n

Both are smooth in the shares (the Gini where no two are equal), so that their linearised values are those of the shares
times the derivatives 2 s and (2 i - n - 1) / n. Regions that are withheld enter with the mean of their shares: that can
be worked out from what is shown, and makes both indices a little smaller. Sampling makes H larger by the sum of the
shares' variances; that is not taken off.

Source: Cowell (2011), Measuring Inequality, ch. 2; the normalised index: Hall and Tideman (1967), JASA 62.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from innosurvey.design import DesignRules
from innosurvey.distributions import t_quantile
from innosurvey.estimate import NAN
from innosurvey.linearise import Linearised, standard_error, symmetric_interval
from innosurvey.regions.counts import PERCENT, Located, share_of

COLUMNS = (
    "measure", "wave", "statistic", "n", "regions", "merged", "estimate", "se", "lower", "upper", "expected",
    "p_greater", "p_two_sided", "p_adjusted", "permutations", "withheld", "status",
)  # fmt: skip
KEY = ("measure", "wave", "statistic")


def herfindahl(shares: np.ndarray) -> float:
    """Return the sum of the squared shares."""
    return float((shares**2).sum())


def normalised(index: float, regions: int) -> float:
    """Return a Herfindahl index on the scale from 0 (the same everywhere) to 1 (all in one region)."""
    return (index - 1 / regions) / (1 - 1 / regions)


def gini(shares: np.ndarray) -> float:
    """Return the Gini coefficient of the shares among equal regions."""
    return float(ranks(shares) @ shares)


def ranks(shares: np.ndarray) -> np.ndarray:
    """Return (2 i - n - 1) / n by region, i its place from the smallest share; equal shares have the mean of theirs."""
    values, inverse, counts = np.unique(shares, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    place = (last - (counts - 1) / 2)[inverse] if values.size else np.empty(0)
    return (2 * place - shares.size - 1) / shares.size


def levelled(shares: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Return the shares with those that are hidden (a mask) at their mean."""
    return np.where(hidden, shares[hidden].mean(), shares) if hidden.any() else shares


def concentration_rows(
    key: tuple[str, str], here: Located, withheld: Mapping[str, bool], rules: DesignRules
) -> list[dict[str, object]]:
    """Return the indices of one measure and wave (`key`) with their standard errors and intervals; `withheld` says of
    each region whether it is.
    """
    n, hidden = here.firms(here.y > 0), np.array(list(withheld.values()))
    places = {"n": n, "regions": len(withheld), "merged": int(hidden.sum())}
    row: dict[str, object] = {**dict(zip(("measure", "wave"), key, strict=True)), **places}
    df = here.design.degrees_of_freedom if here.design.weight.size else 0
    if not n or df < 1:
        lacking = {"status": "not estimated: no firm with a value", "df": float(df)}
        return [{**dict.fromkeys(COLUMNS, NAN), **row, "statistic": name, **lacking} for name in INDICES]
    found = [share_of(here, here.inside((name,))).times(1 / PERCENT) for name in withheld]
    shares = levelled(np.array([one.estimate for one in found]), hidden)
    made = {name: _estimated(INDICES[name](shares), found, here, rules) for name in INDICES}
    return [
        {**dict.fromkeys(COLUMNS, NAN), **row, "statistic": name, **numbers, "df": float(df), "status": "ok"}
        for name, numbers in made.items()
    ]


def _estimated(
    index: tuple[float, np.ndarray, float, float], found: Sequence[Linearised], here: Located, rules: DesignRules
) -> dict[str, object]:
    """Return an index with its precision; its interval is held within its bounds."""
    value, slopes, least, most = index
    deviations = [one.deviations for one in found if one.deviations is not None]
    linearised = Linearised(
        estimate=value,
        influence=np.column_stack([one.influence for one in found]) @ slopes,
        deviations=np.column_stack(deviations) @ slopes if len(deviations) == len(found) else None,
    )
    se = standard_error(here.design, linearised)
    lower, upper = symmetric_interval(value, se, t_quantile(rules.confidence, here.design.degrees_of_freedom))
    bounded = {"lower": max(lower, least), "upper": min(upper, most)}
    return {"estimate": value, "se": se, **bounded, "deff": NAN, "size": value}


def _herfindahl(shares: np.ndarray) -> tuple[float, np.ndarray, float, float]:
    return herfindahl(shares), 2 * shares, 1 / shares.size, 1.0


def _normalised(shares: np.ndarray) -> tuple[float, np.ndarray, float, float]:
    index = herfindahl(shares)
    return normalised(index, shares.size), 2 * shares / (1 - 1 / shares.size), 0.0, 1.0


def _gini(shares: np.ndarray) -> tuple[float, np.ndarray, float, float]:
    return gini(shares), ranks(shares), 0.0, 1 - 1 / shares.size


INDICES: Mapping[str, Callable[[np.ndarray], tuple[float, np.ndarray, float, float]]] = {
    "herfindahl": _herfindahl,
    "herfindahl_normalised": _normalised,
    "gini": _gini,
}
"""Each index of the shares: its value, its derivative by each share, and its bounds."""
