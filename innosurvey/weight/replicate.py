"""Replicate weights: the sample drawn again, many times, each with its own response adjustment and calibration.

* Jackknife: a replicate leaves firms out, and the others of their stratum stand for them. Where a wave drew no more
  firms than replicates are asked for, each replicate leaves out one (JKn); else the drawn firms are dealt out to that
  many groups within strata and a replicate leaves out one group, in strata with fewer firms than groups by the extended
  rule of Kott (2001), which keeps the variance of a total unbiased there.
* Bootstrap: each firm's weight is raised or lowered by chance, so that sums vary between replicates as they would
  between samples (the generalised bootstrap: Bertail and Combris 1997; Beaumont and Patak 2012). The chance is the
  firm's own: replicate r raises it in all its waves or lowers it in all, so that the replicates of several waves are
  replicates of their sum.

The finite population enters by shrinking a stratum's changes by √(1 - f_h), f_h = n_h / N_h as in the linearised
variance; strata in which all firms answered do not change at all. The variance is Σ_r scale_r (θ_r - θ)².

Draws depend on the seed and the firms' ids (of the jackknife's groups on wave and stratum, too), not on the order of
rows.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
import pandas as pd

from innosurvey.errors import StudyError
from innosurvey.weight.adjust import Plan, weigh_again
from innosurvey.weight.frame import Sample
from innosurvey.weight.spec import ReplicateSpec

FAY = 0.5
"""By which part of a resampled firm's weight the bootstrap changes weights (Judkins 1990)."""


def replicate_weights(plan: Plan, trimming: np.ndarray, wave: str) -> tuple[np.ndarray, np.ndarray, int]:
    """Return replicate weights (answering firms in the survey's order × replicates), the scale of each replicate, and
    how many replicates miss a total. No columns where the study wants none.
    """
    spec, sample = plan.spec.replicates, plan.sample
    answered = len(sample.answers)
    if spec.method == "taylor" or not answered:
        return np.zeros((answered, 0)), np.zeros(0), 0
    if spec.count > answered:
        raise StudyError(
            f"design.replicates: wave {wave} has {answered} firms, and more replicates than that say nothing new.\n"
            f"Ask for {answered} at most, or take `variance: taylor`."
        )
    weights = sample.drawn["weight"].to_numpy(dtype=float)
    changes, scales = _bootstrap(sample, spec) if spec.method == "bootstrap" else _jackknife(sample, spec, wave)
    found, missed = np.empty((answered, len(scales))), 0
    for column, change in enumerate(changes):
        found[:, column], reached = weigh_again(plan, weights * change, trimming)
        missed += not reached
    return found, scales, missed


def _shrinkage(sample: Sample) -> pd.Series:
    """Return √(1 - f) by stratum; 1 where the population is unknown, 0 where all answered or one firm was drawn."""
    strata = sample.strata
    population = strata["population"].to_numpy(dtype=float, na_value=np.inf)
    fraction = strata["responded"].to_numpy(dtype=float) / population
    shrunk = np.sqrt(np.clip(1 - fraction, 0, 1))
    return pd.Series(np.where(strata["sampled"] > 1, shrunk, 0.0), index=strata.index)


def _members(sample: Sample) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each stratum with the rows of its firms in the order of their ids."""
    order = np.argsort(sample.drawn["firm_id"].to_numpy(dtype=str), kind="stable")
    stratum = sample.drawn["stratum_id"].to_numpy(dtype=str)[order]
    names, codes = np.unique(stratum, return_inverse=True)
    by_stratum = order[np.argsort(codes, kind="stable")]
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    yield from zip(map(str, names), np.split(by_stratum, ends[:-1]), strict=True)


def _bootstrap(sample: Sample, spec: ReplicateSpec) -> tuple[Iterator[np.ndarray], np.ndarray]:
    """Return the factors by which replicates change the design weights, 1 + √(1-f) √(m / (m-1)) (s - s̄) / 2 with s the
    firms' signs and s̄ their mean in the stratum, and 4 / R for each of the R replicates. The half (Fay's) keeps all
    weights above zero.
    """
    shrinkage = _shrinkage(sample)
    signs = _signs(sample.drawn["firm_id"], spec)
    changes = np.zeros(signs.shape, dtype=np.float32)
    for stratum, rows in _members(sample):
        size, shrunk = len(rows), shrinkage[stratum]
        if shrunk > 0:
            centred = signs[:, rows] - signs[:, rows].mean(axis=1, keepdims=True)
            changes[:, rows] = FAY * shrunk * np.sqrt(size / (size - 1)) * centred
    return (1.0 + change.astype(float) for change in changes), np.full(spec.count, 1 / (FAY**2 * spec.count))


def _signs(firm_ids: pd.Series, spec: ReplicateSpec) -> np.ndarray:
    """Return 1 or -1 for each replicate and firm (replicates × firms): bits of a hash of seed and firm id alone."""
    ids = firm_ids.astype("str").to_numpy(dtype=object)
    keys = [f"{spec.seed % 10**8:08d}{word:08d}" for word in range(-(-spec.count // 64))]
    words = np.column_stack([pd.util.hash_array(ids, hash_key=key).astype("<u8") for key in keys])
    bits = np.unpackbits(np.ascontiguousarray(words).view(np.uint8), axis=1)[:, : spec.count]
    return 2 * bits.T.astype(np.int8) - 1


def _jackknife(sample: Sample, spec: ReplicateSpec, wave: str) -> tuple[Iterator[np.ndarray], np.ndarray]:
    shrinkage = _shrinkage(sample)
    free = shrinkage.index[shrinkage > 0]
    members = [(shrinkage[stratum], rows) for stratum, rows in _members(sample) if stratum in free]
    if sum(len(rows) for _, rows in members) <= min(spec.count, len(sample.answers)):
        scales = [shrunk**2 * (len(rows) - 1) / len(rows) for shrunk, rows in members for _ in rows]
        return _without_one(len(sample.drawn), [rows for _, rows in members]), np.array(scales)
    groups = spec.count
    dealt = [(shrunk, rows, _dealt(sample, rows, spec, wave)) for shrunk, rows in members]
    return _without_group(len(sample.drawn), dealt, groups), np.full(groups, (groups - 1) / groups)


def _without_one(size: int, members: list[np.ndarray]) -> Iterator[np.ndarray]:
    for rows in members:
        for row in rows:
            change = np.ones(size)
            change[rows] = len(rows) / (len(rows) - 1)
            change[row] = 0.0
            yield change


def _dealt(sample: Sample, rows: np.ndarray, spec: ReplicateSpec, wave: str) -> np.ndarray:
    """Return the group of each firm of a stratum: dealt out in random order from a random group on."""
    stratum = str(sample.drawn["stratum_id"].iloc[rows[0]])
    rng = np.random.default_rng([spec.seed, zlib.crc32(wave.encode()), zlib.crc32(stratum.encode())])
    groups = (np.arange(len(rows)) + rng.integers(spec.count)) % spec.count
    return rng.permutation(groups)


def _without_group(size: int, dealt: list[tuple[float, np.ndarray, np.ndarray]], groups: int) -> Iterator[np.ndarray]:
    """Yield the factors of each replicate; a stratum without a firm in the group stays as it is."""
    for group in range(groups):
        change = np.ones(size)
        for shrunk, rows, own in dealt:
            out, count = own == group, len(rows)
            if not out.any():
                continue
            if count >= groups:
                plain = np.where(out, 0.0, count / (count - out.sum()))
            else:  # one firm of the stratum is in the group: Kott's extended rule
                lift = np.sqrt(groups / ((groups - 1) * count * (count - 1)))
                plain = np.where(out, 1 - (count - 1) * lift, 1 + lift)
            change[rows] = 1 + shrunk * (plain - 1)
        yield change
