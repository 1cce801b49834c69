"""How many firms are where: estimates of firms, their distribution, and location quotients, region by region.

With Y the weighted firms that a measure counts and X those that it counts them among (the firms of the measure named by
`among`, else all), r a region or a zone:

    count     Y_r                                  averaged over the waves where they are pooled
    share     Y_r / Y                              percent of all that the measure counts
    quotient  (Y_r / X_r) / (Y / X)                above 1: more of them among the region's firms than everywhere

A firm counts where it answered what the measure and those above it ask. The quotient is a ratio of two ratios: its
linearised values are L (u_r / R_r - u / R), of the ratios R_r and R with theirs, and its interval is made on the log
scale. There it is tested against 1, too; the p-values of a measure's regions, and of its zones, that are told of are
adjusted together (Benjamini and Hochberg 1995).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from innosurvey.design import Design, DesignRules
from innosurvey.distributions import t_quantile, t_test
from innosurvey.estimate import POOLED, Setting
from innosurvey.linearise import (
    Linearised,
    linearise_mean,
    linearise_ratio,
    linearise_total,
    share_interval,
    standard_error,
    symmetric_interval,
    with_replicates,
)
from innosurvey.multiplicity import benjamini_hochberg
from innosurvey.regions.places import Places
from innosurvey.regions.spec import Measure
from innosurvey.reliability import reliability

COLUMNS = (
    "measure", "level", "region", "zone", "wave", "statistic", "source", "n", "estimate", "se", "lower", "upper", "cv",
    "p", "p_adjusted", "reliability", "withheld", "status",
)  # fmt: skip
KEY = ("measure", "level", "region", "wave", "statistic")
FRAME = "listed"
"""The measure of the firms that the sampling frame lists: a count, not an estimate."""
PERCENT = 100.0
NAN = float("nan")
Place = tuple[str, str, str]
"""The level of a place (region or zone), its name, and the zone that it lies in."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """A measure on each row of a slice: `y` is 1 for a firm that it counts, `x` for one that it is counted among; both
    are 0 where it is not known.
    """

    y: np.ndarray
    x: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Located:
    """The firms of a setting (a wave, or all of them pooled) that a measure is about: their region, their part in it,
    their design; `periods` waves asked.
    """

    region: np.ndarray
    y: np.ndarray
    x: np.ndarray
    design: Design
    periods: int

    def inside(self, regions: Sequence[str]) -> np.ndarray:
        """Return 1 for the firms in any of these regions, else 0."""
        return np.isin(self.region, list(regions)).astype(float)

    def firms(self, chosen: np.ndarray) -> int:
        """Return the number of distinct firms among the chosen rows."""
        return self.design.take(np.flatnonzero(chosen)).firms


def counted_by(measures: Sequence[Measure], firms: pd.DataFrame) -> dict[str, Counted]:
    """Return each measure on the rows of a slice; one of which a variable is absent from the slice counts nobody."""
    found: dict[str, Counted] = {}
    everybody = np.ones(len(firms))
    for measure in measures:
        x = found[measure.among].y if measure.among else everybody
        answer = _answers(measure, firms) if measure.is_part else everybody
        found[measure.id] = Counted(y=np.nan_to_num(answer) * x, x=np.where(np.isnan(answer), 0.0, x))
    return found


def _answers(measure: Measure, firms: pd.DataFrame) -> np.ndarray:
    """Return 1 for yes (or the level), 0 for no, NaN where the firm did not answer."""
    if measure.variable not in firms:
        return np.full(len(firms), np.nan)
    column = firms[measure.variable]
    if not measure.level:
        return column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    texts = column.astype("str")
    return np.where(column.isna(), np.nan, (texts == measure.level).to_numpy(dtype=float))


def located(counted: Counted, regions: np.ndarray, setting: Setting) -> Located:
    """Return the rows of a setting that a measure is about; `regions` are those of the slice's rows."""
    asked = counted.x[setting.rows] > 0
    rows = np.flatnonzero(asked)
    places = setting.rows[rows]
    periods = max(np.unique(setting.wave_codes[rows]).size, 1) if setting.wave == POOLED else 1
    return Located(
        region=regions[places],
        y=counted.y[places],
        x=counted.x[places],
        design=setting.design.take(rows),
        periods=periods,
    )


def places_in_order(places: Places) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Yield every region, then every zone, each with the regions that it is made of."""
    for region in places.regions:
        yield ("region", region, places.zone_of.get(region, "")), (region,)
    for zone in places.zones:
        yield ("zone", zone, zone), tuple(name for name in places.regions if places.zone_of[name] == zone)


def count_rows(
    measure: Measure, here: Located, wave: str, places: Places, rules: DesignRules
) -> list[dict[str, object]]:
    """Return the rows of one measure in one setting: count, share and (of a part) quotient, by region and by zone."""
    found = []
    df = here.design.degrees_of_freedom if here.design.weight.size else 0
    for place, regions in places_in_order(places):
        inside = here.inside(regions)
        n = here.firms((inside * here.y) > 0)
        key = dict(zip(("level", "region", "zone"), place, strict=True))
        for statistic in ("count", "share", *(("quotient",) if measure.is_part else ())):
            made = _estimated(statistic, here, inside, rules) if n and df > 0 else {"status": reason(n, df)}
            row = {"measure": measure.id, **key, "wave": wave, "statistic": statistic, "source": "sample", "n": n}
            found.append({**dict.fromkeys(COLUMNS, NAN), "reliability": None, **row, **made, "df": float(df)})
    return found


def reason(n: int, df: int) -> str:
    """Return why a place has no estimate."""
    return "not estimated: no firm with a value" if not n else "not estimated: no degrees of freedom"


def _estimated(statistic: str, here: Located, inside: np.ndarray, rules: DesignRules) -> dict[str, object]:
    """Return an estimate with its precision."""
    found = ESTIMATES[statistic](here, inside)
    se = standard_error(here.design, found)
    t = t_quantile(rules.confidence, here.design.degrees_of_freedom)
    lower, upper = interval(statistic, found.estimate, se, t, here.design)
    return {
        "estimate": found.estimate,
        "se": se,
        "lower": lower,
        "upper": upper,
        "cv": PERCENT * se / found.estimate,
        "deff": NAN,
        "size": found.estimate,
        "reliability": reliability(statistic == "share", (se, lower, upper), found.estimate, rules.reliability),
        "status": "ok",
    }


def interval(statistic: str, estimate: float, se: float, t: float, design: Design) -> tuple[float, float]:
    """Return the interval of a statistic: of a share on the logit scale, of a quotient on the log scale."""
    if statistic == "share":
        lower, upper = share_interval(estimate / PERCENT, se / PERCENT, t, design)
        return PERCENT * lower, PERCENT * upper
    if statistic == "quotient":
        reach = float(np.exp(t * se / estimate))
        return estimate / reach, estimate * reach
    lower, upper = symmetric_interval(estimate, se, t)
    return max(lower, 0.0), upper


def count_of(here: Located, inside: np.ndarray) -> Linearised:
    """Return the weighted firms that are counted inside, per wave."""
    y = here.y * inside
    return with_replicates(linearise_total(y, here.design.weight), y, None, here.design).times(1 / here.periods)


def share_of(here: Located, inside: np.ndarray) -> Linearised:
    """Return what part of all firms that are counted are inside, in percent."""
    return _ratio(here.y * inside, here.y, here.design).times(PERCENT)


def quotient_of(here: Located, inside: np.ndarray) -> Linearised:
    """Return the location quotient."""
    local = _ratio(here.y * inside, here.x * inside, here.design)
    whole = _ratio(here.y, here.x, here.design)
    quotient = local.estimate / whole.estimate
    found = Linearised(
        estimate=quotient,
        influence=quotient * (local.influence / local.estimate - whole.influence / whole.estimate),
    )
    if local.deviations is None or whole.deviations is None:
        return found
    replicated = (local.estimate + local.deviations) / (whole.estimate + whole.deviations)
    return replace(found, deviations=replicated - quotient)


def _ratio(y: np.ndarray, x: np.ndarray, design: Design) -> Linearised:
    return with_replicates(linearise_ratio(y, x, design.weight), y, x, design)


ESTIMATES: Mapping[str, Callable[[Located, np.ndarray], Linearised]] = {
    "count": count_of,
    "share": share_of,
    "quotient": quotient_of,
}


def mean_of(values: np.ndarray, design: Design) -> Linearised:
    """Return a weighted mean with its replicates."""
    return with_replicates(linearise_mean(values, design.weight), values, np.ones(values.size), design)


def listed_rows(listed: pd.DataFrame | None, places: Places) -> list[dict[str, object]]:
    """Return how many firms the frame lists in each region and zone, wave by wave and as a mean over the waves; none
    without a frame that knows the regions. DataError for codes that the code list lacks.
    """
    if listed is None or not {places.variable, "wave"} <= set(listed.columns):
        return []
    region = places.regions_of(listed[places.variable])
    counts = pd.crosstab(listed["wave"].astype("str"), region)
    by_wave = {wave: counts.loc[wave] for wave in sorted(counts.index)} | {POOLED: counts.mean()}
    return [
        _listed_row(place, wave, statistic, by_region.reindex(list(regions), fill_value=0).sum(), by_region.sum())
        for wave, by_region in by_wave.items()
        for place, regions in places_in_order(places)
        for statistic in ("count", "share")
    ]


def _listed_row(place: Place, wave: str, statistic: str, count: float, total: float) -> dict[str, object]:
    return {
        **dict.fromkeys(COLUMNS, NAN),
        "measure": FRAME,
        **dict(zip(("level", "region", "zone"), place, strict=True)),
        "wave": wave,
        "statistic": statistic,
        "source": "frame",
        "n": round(count),
        "estimate": float(count if statistic == "count" else PERCENT * count / total),
        "reliability": None,
        "status": "ok",
    }


def with_tests(placed: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the p-values of its quotients, given their degrees of freedom (`df`), adjusted among those
    of a measure, level and wave; where the waves are pooled, of the places that are told of.
    """
    quotients = placed[(placed["statistic"] == "quotient") & (placed["status"] == "ok") & (placed["se"] > 0)]
    t = np.log(quotients["estimate"].astype(float)) * quotients["estimate"] / quotients["se"]
    p = pd.Series([t_test(*pair) for pair in zip(t, quotients["df"], strict=True)], index=t.index, dtype="float64")
    adjusted = pd.Series(NAN, index=placed.index)
    told = quotients[~(quotients["withheld"] & (quotients["wave"] == POOLED))]
    for _, family in told.groupby(["measure", "level", "wave"], sort=False):
        adjusted[family.index] = benjamini_hochberg(p[family.index].to_numpy())
    return placed.assign(p=p.reindex(placed.index), p_adjusted=adjusted)


def rest_of(here: Located, places: Places) -> Mapping[str, int]:
    """Return by region how many firms the measure is about without counting them: who could tell them, could tell the
    others, too.
    """
    return {name: here.firms((here.inside((name,)) * here.x * (1 - here.y)) > 0) for name in places.regions}
