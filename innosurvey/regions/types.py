"""Whether regions sort into types by their links to knowledge, and into which.

Three questions are asked in turn, and types are told of only where all three are answered with yes:

1. Do the profiles differ at all? Wald's test that all are equal, on their joint covariance, as F (`joint.py`).
2. Are there groups? Each link is divided by its mean standard error, so that a difference counts by how sure it is;
   Ward's clustering is cut into each number of groups that is declared, and the one with the largest mean silhouette
   (Rousseeuw 1987) is taken, of equal ones the smaller. It has to reach `silhouette`.
3. Are they the sample's or the regions'? Profiles are drawn around the estimates with their covariance and sorted
   again into as many groups. The adjusted Rand index (Hubert and Arabie 1985) against the groups found, 1 where they
   are the same and 0 on average by chance, has to reach `stability` in the mean. The draws put the sampling error on
   top of the one that the estimates have: the question is asked strictly.

ASSUME: estimates of profiles are near enough to normal; each has at least `least` firms.
"""

from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.cluster.hierarchy import fcluster, ward

from innosurvey.estimate import NAN
from innosurvey.joint import wald_f
from innosurvey.regions.profiles import Profiles
from innosurvey.regions.spec import TypesSpec

COLUMNS = (
    "level", "wave", "n", "regions", "groups", "value", "df1", "df2", "p", "silhouette", "stability", "verdict",
    "status",
)  # fmt: skip
SEPARABLE, ALIKE, UNCLEAR, NOT_TESTED = "separable", "alike", "not separable", "not tested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Types:
    """What the three questions gave; `group` is the number of each region's group, in the order of the profiles."""

    verdict: str
    status: str
    group: tuple[int, ...] = ()
    value: float = NAN
    df1: float = NAN
    df2: float = NAN
    p: float = NAN
    silhouette: float = NAN
    stability: float = NAN


def types_of(found: Profiles, asked: TypesSpec, seed: int) -> Types:
    """Return whether the regions sort into types."""
    counts = [count for count in asked.groups if count < len(found.regions)]
    if not counts:
        return Types(verdict=NOT_TESTED, status="not tested: too few regions with a profile")
    test = wald_f(found.estimates.ravel(), contrasts(len(found.regions), len(found.links)), found.covariance, found.df)
    if test is None:
        return Types(verdict=NOT_TESTED, status="not tested: the profiles' covariance has no inverse")
    points = found.estimates / found.errors.mean(axis=0)
    group, width = best_groups(points, counts)
    stability = stability_of(found, group, asked.draws, seed)
    clear = width >= asked.silhouette and stability >= asked.stability
    return Types(
        verdict=ALIKE if test.p >= asked.alpha else SEPARABLE if clear else UNCLEAR,
        status="ok",
        group=tuple(int(number) for number in group),
        value=test.value,
        df1=test.df1,
        df2=test.df2,
        p=test.p,
        silhouette=width,
        stability=stability,
    )


def contrasts(regions: int, links: int) -> np.ndarray:
    """Return the differences of each region's profile from the first one's."""
    return np.kron(np.column_stack([-np.ones(regions - 1), np.eye(regions - 1)]), np.eye(links))


def best_groups(points: np.ndarray, counts: list[int]) -> tuple[np.ndarray, float]:
    """Return the groups with the largest mean silhouette, and that."""
    tried = [groups_of(points, count) for count in counts]
    widths = [silhouette(points, group) for group in tried]
    best = max(range(len(counts)), key=lambda place: (widths[place], -place))
    return tried[best], widths[best]


def groups_of(points: np.ndarray, count: int) -> np.ndarray:
    """Return the number of each point's group, of so many by Ward's clustering; groups are numbered from 1 as they
    come.
    """
    found = fcluster(ward(points), count, criterion="maxclust")
    numbers = {old: new for new, old in enumerate(dict.fromkeys(found.tolist()), start=1)}
    return np.array([numbers[old] for old in found.tolist()])


def silhouette(points: np.ndarray, group: np.ndarray) -> float:
    """Return the mean silhouette; a point that is alone in its group counts as 0."""
    distance = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    widths = []
    for place, own in enumerate(group):
        means = {other: distance[place, group == other] for other in dict.fromkeys(group.tolist())}
        if means[own].size == 1 or len(means) == 1:
            widths.append(0.0)
            continue
        inside = means[own].sum() / (means[own].size - 1)
        outside = min(one.mean() for other, one in means.items() if other != own)
        widths.append((outside - inside) / max(inside, outside) if max(inside, outside) > 0 else 0.0)
    return float(np.mean(widths))


def stability_of(found: Profiles, group: np.ndarray, draws: int, seed: int) -> float:
    """Return the mean adjusted Rand index of the groups against those of profiles drawn around the estimates."""
    chance = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(found.covariance)
    spread = vectors * np.sqrt(np.clip(values, 0, None))
    noise = chance.standard_normal((draws, values.size)) @ spread.T
    scale, count = found.errors.mean(axis=0), int(group.max())
    drawn = (found.estimates.ravel() + noise).reshape(draws, *found.estimates.shape) / scale
    return float(np.mean([adjusted_rand(group, groups_of(points, count)) for points in drawn]))


def adjusted_rand(one: np.ndarray, two: np.ndarray) -> float:
    """Return how far two ways of grouping agree: 1 where they are the same, 0 on average by chance."""
    table = np.zeros((int(one.max()) + 1, int(two.max()) + 1), dtype=int)
    np.add.at(table, (one, two), 1)
    both = sum(comb(int(cell), 2) for cell in table.ravel())
    rows, columns = (sum(comb(int(cell), 2) for cell in table.sum(axis=axis)) for axis in (1, 0))
    expected = rows * columns / comb(one.size, 2)
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def leaning(found: Profiles, types: Types) -> dict[int, str]:
    """Return for each group the link by which it stands out most above the mean of all regions; none where it stands
    out by nothing.
    """
    points = found.estimates / found.errors.mean(axis=0)
    group = np.array(types.group)
    leans = {}
    for number in dict.fromkeys(types.group):
        above = points[group == number].mean(axis=0) - points.mean(axis=0)
        leans[number] = found.links[int(above.argmax())] if above.max() > 0 else ""
    return leans
