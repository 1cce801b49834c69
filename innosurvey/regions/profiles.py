"""How the firms of each region link to knowledge: a profile of shares, with the covariance that sampling gives it.

A link is the mean share, in percent, of the region's firms that say yes to each of its variables. All links of all
regions are estimated together, so that a test of all and the distances between regions know how sure each number is.
Regions with fewer than `least` firms that answered a link have no profile. With multiple imputation the profiles of the
draws are combined (Rubin): the mean of the covariances, and (1 + 1/M) times that of the estimates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.design import DesignRules
from innosurvey.distributions import t_quantile
from innosurvey.estimate import Setting
from innosurvey.joint import joint_covariance
from innosurvey.linearise import Linearised, symmetric_interval
from innosurvey.regions.counts import NAN, PERCENT, mean_of
from innosurvey.regions.places import Places
from innosurvey.regions.spec import Link, TypesSpec

COLUMNS = ("level", "region", "wave", "link", "n", "estimate", "se", "lower", "upper", "type", "leans_to", "status")
FEW = "not estimated: too few firms for a profile"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profiles:
    """The profiles of one setting: `n` firms behind each link of each region (fewest of its variables), and for the
    regions that have a profile the estimates (regions × links) with their covariance, in the same order, row by row.
    """

    wave: str
    regions: tuple[str, ...]
    links: tuple[str, ...]
    n: Mapping[tuple[str, str], int]
    estimates: np.ndarray
    covariance: np.ndarray
    df: int

    @property
    def errors(self) -> np.ndarray:
        """Return the standard errors (regions × links)."""
        return np.sqrt(np.diag(self.covariance)).reshape(self.estimates.shape)


def profiles_of(types: TypesSpec, firms: pd.DataFrame, members: Mapping[str, np.ndarray], setting: Setting) -> Profiles:
    """Return the profiles of a setting; `members` says by region which rows of the slice are its firms."""
    answers = {name: _answers(firms, name)[setting.rows] for link in types.links for name in link.variables}
    inside = {region: rows[setting.rows] for region, rows in members.items()}
    n = {
        (region, link.id): min(_firms(setting, rows & ~np.isnan(answers[name])) for name in link.variables)
        for region, rows in inside.items()
        for link in types.links
    }
    links = tuple(link.id for link in types.links)
    kept = tuple(region for region in inside if all(n[region, link] >= types.least for link in links))
    found = [_link(link, answers, inside[region], setting) for region in kept for link in types.links]
    return Profiles(
        wave=setting.wave,
        regions=kept,
        links=links,
        n=n,
        estimates=np.array([one.estimate for one in found]).reshape(len(kept), len(links)),
        covariance=joint_covariance(setting.design, found) if found else np.zeros((0, 0)),
        df=setting.design.degrees_of_freedom,
    )


def members_of(types: TypesSpec, places: Places, groups: np.ndarray) -> dict[str, np.ndarray]:
    """Return which rows of the slice lie in each region, or zone, that types are made of."""
    if types.by == "regions":
        return {region: groups == region for region in places.regions}
    zones = pd.Series(groups).map(places.zone_of).to_numpy()
    return {zone: zones == zone for zone in places.zones}


def _answers(firms: pd.DataFrame, name: str) -> np.ndarray:
    if name not in firms:
        return np.full(len(firms), np.nan)
    return firms[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def _firms(setting: Setting, chosen: np.ndarray) -> int:
    return setting.design.take(np.flatnonzero(chosen)).firms


def _link(link: Link, answers: Mapping[str, np.ndarray], inside: np.ndarray, setting: Setting) -> Linearised:
    """Return a link of a region on all rows of the setting: the mean of the shares of its variables."""
    shares = []
    for name in link.variables:
        rows = np.flatnonzero(inside & ~np.isnan(answers[name]))
        mean = mean_of(answers[name][rows], setting.design.take(rows))
        influence = np.zeros(inside.size)
        influence[rows] = mean.influence
        shares.append(Linearised(estimate=mean.estimate, influence=influence, deviations=mean.deviations))
    deviations = [one.deviations for one in shares if one.deviations is not None]
    return Linearised(
        estimate=float(np.mean([one.estimate for one in shares])),
        influence=np.mean([one.influence for one in shares], axis=0),
        deviations=np.mean(deviations, axis=0) if len(deviations) == len(shares) else None,
    ).times(PERCENT)


def combined(parts: Sequence[Profiles]) -> Profiles:
    """Return one setting's profiles from those of the draws: of the regions that have one in each draw."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    regions = tuple(region for region in first.regions if all(region in part.regions for part in parts))
    size = len(first.links)
    estimates, within = [], []
    for part in parts:
        rows = [part.regions.index(region) for region in regions]
        cells = np.array([row * size + link for row in rows for link in range(size)], dtype=int)
        estimates.append(part.estimates[rows].ravel())
        within.append(part.covariance[np.ix_(cells, cells)])
    stacked = np.array(estimates)
    between = np.atleast_2d(np.cov(stacked, rowvar=False)) if stacked.size else np.zeros((0, 0))
    return Profiles(
        wave=first.wave,
        regions=regions,
        links=first.links,
        n={key: min(part.n[key] for part in parts) for key in first.n},
        estimates=stacked.mean(axis=0).reshape(len(regions), size),
        covariance=np.mean(within, axis=0) + (1 + 1 / len(parts)) * between,
        df=min(part.df for part in parts),
    )


def profile_rows(found: Profiles, level: str, rules: DesignRules) -> list[dict[str, object]]:
    """Return a row per region and link; those without a profile say so."""
    rows = []
    t = t_quantile(rules.confidence, found.df) if found.regions else NAN
    for (region, link), n in found.n.items():
        row: dict[str, object] = {**dict.fromkeys(COLUMNS, NAN), "level": level, "region": region, "wave": found.wave}
        row |= {"link": link, "n": n, "type": "", "leans_to": "", "status": FEW}
        if region in found.regions:
            place = found.regions.index(region), found.links.index(link)
            estimate, se = float(found.estimates[place]), float(found.errors[place])
            lower, upper = symmetric_interval(estimate, se, t)
            numbers = {"lower": max(lower, 0.0), "upper": min(upper, PERCENT), "estimate": estimate, "se": se}
            row |= {**numbers, "status": "ok"}
        rows.append(row)
    return rows
