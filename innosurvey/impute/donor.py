"""Nearest-neighbour hot deck: a firm's own answers stand in for those of a firm like it.

Donors are firms with answers, observed or corrected, to the whole block; they are sought in the finest class that has
enough of them, and in the coarser ones for who finds none there. Each recipient goes through its nearest donors until
one has served less than `max_uses` recipients and gives values that break no condition.

In a multiple imputation each class's donors are first drawn anew from themselves, with replacement, as many as there
are (approximate Bayesian bootstrap, Rubin and Schenker 1986): draws then differ by what is not known of the donors,
too.

Sources: Andridge and Little (2010), Int. Stat. Rev. 78; Rubin and Schenker (1986), JASA 81; Chen and Shao (2000), J.
Off. Stat. 16.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.errors import DataError, bullets
from innosurvey.impute.candidates import Candidates
from innosurvey.impute.neighbours import coordinates, nearest
from innosurvey.impute.setting import Setting
from innosurvey.impute.spec import MethodSpec

Values = Callable[[np.ndarray, np.ndarray], dict[str, pd.Series]]
"""From recipients and their donors (positions) to values."""
CHUNK = 20_000
"""Recipients that are matched at one go: it bounds the memory that neighbours take."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asking:
    """Recipients at one level: their rows, the wanted cells, how a donor's answers become theirs, how often each firm
    of the wave was used, the most it may be, who comes first at a donor (the least), and the method's name.
    """

    rows: np.ndarray
    wanted: Mapping[str, np.ndarray]
    values_of: Values
    used: np.ndarray
    most: int
    turn: np.ndarray
    label: str


def impute_by_donor(setting: Setting, method: MethodSpec) -> None:
    """Give the waiting cells of the step the answers of donors, a row's cells from one donor."""
    work = setting.work
    pool = np.ones(len(work), dtype=bool)
    for name in setting.variables:
        pool &= work.answered(name)
    rules = [(setting.derivation.numbers(rule, work, method.where), scale) for rule, scale in method.distance.items()]
    had = [(values, scale) for values, scale in rules if values is not None]
    points = coordinates([values for values, _ in had], [scale for _, scale in had], len(work))

    def values_of(rows: np.ndarray, donors: np.ndarray) -> dict[str, pd.Series]:
        return {name: work.series(name, donors) for name in setting.variables}

    rows, _ = setting.waiting()
    unserved = borrow(setting, method, pool, points, values_of)
    if not setting.step.leave:
        fail_if_classes_have_no_donors(setting, method, pool, rows[unserved])


def borrow(setting: Setting, method: MethodSpec, pool: np.ndarray, points: np.ndarray, values_of: Values) -> np.ndarray:
    """Give waiting rows what `values_of` makes of a donor of the pool, and return for which of them no class has donors
    enough (bool).
    """
    rows, wanted = setting.waiting()
    served = np.zeros(rows.size, dtype=bool)
    possible = np.zeros(rows.size, dtype=bool)
    used = np.zeros(len(setting.work), dtype="int64")
    turn = setting.chance.uniform(setting.step.id, "turn")
    for level, (codes, enough) in enumerate(setting.ladder(method, pool)):
        possible |= enough[rows]
        waiting = np.flatnonzero(enough[rows] & ~served)
        if not waiting.size:
            continue
        donors, luck = _donors(setting, codes, pool)
        for start in range(0, waiting.size, CHUNK):
            part = waiting[start : start + CHUNK]
            neighbours = nearest(
                points,
                codes,
                setting.chance.uniform(setting.step.id, "place"),
                recipients=rows[part],
                donors=donors,
                donor_chance=luck,
                count=method.neighbours,
            )
            asking = Asking(
                rows=rows[part],
                wanted={name: cells[part] for name, cells in wanted.items()},
                values_of=values_of,
                used=used,
                most=method.max_uses,
                turn=turn[rows[part]],
                label=method.kind,
            )
            served[part] = _serve(setting, neighbours, asking, level)
    return ~possible


def _donors(setting: Setting, codes: np.ndarray, pool: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the donors' positions and each one's chance; in a draw they are drawn anew within their classes, so that a
    donor may stand there twice, or not at all.
    """
    donors = np.flatnonzero(pool & (codes >= 0))
    luck = setting.chance.uniform(setting.step.id, "donor")[donors]
    if not setting.chance.draw:
        return donors, luck
    keys = setting.chance.uniform(setting.step.id, "order")[donors]
    order = np.lexsort((keys, codes[donors]))
    ranked = donors[order]
    sizes = np.bincount(codes[ranked])
    first = np.cumsum(sizes) - sizes
    chosen = setting.chance.uniform(setting.step.id, "bootstrap")[ranked]
    own = codes[ranked]
    return ranked[first[own] + np.floor(chosen * sizes[own]).astype("int64")], luck[order]


def _serve(setting: Setting, neighbours: np.ndarray, asking: Asking, level: int) -> np.ndarray:
    """Give the askers the answers of the first of their neighbours that can serve, and return who was served (bool).

    The nearest neighbours are looked at first, the others only for those whom these could not serve.
    """
    served = np.zeros(asking.rows.size, dtype=bool)
    for places in (slice(0, 1), slice(1, None)):
        waiting = np.flatnonzero(~served)
        who, place = np.nonzero(neighbours[waiting, places] >= 0)
        if not who.size:
            continue
        asker = waiting[who]
        donors = neighbours[asker, place + (places.start or 0)]
        checked = setting.gate.check(
            Candidates(
                rows=asking.rows[asker],
                values=asking.values_of(asking.rows[asker], donors),
                wanted={name: cells[asker] for name, cells in asking.wanted.items()},
            )
        )
        pairs = np.flatnonzero(checked.passes)
        chosen = pairs[_first_with_room(asker[pairs], donors[pairs], place[pairs], asking)]
        setting.gate.write(checked, chosen, asking.label, np.full(chosen.size, level))
        served[asker[chosen]] = True
    return served


def _first_with_room(askers: np.ndarray, donors: np.ndarray, place: np.ndarray, asking: Asking) -> np.ndarray:
    """Return which pairs (positions) of asker and donor come about: place by place, each asker with one donor."""
    taken: list[np.ndarray] = []
    served = np.zeros(asking.rows.size, dtype=bool)
    for nearest_first in range(int(place.max(initial=-1)) + 1):
        pairs = np.flatnonzero((place == nearest_first) & ~served[askers])
        pairs = pairs[_with_room(donors[pairs], asking.used, asking.most, asking.turn[askers[pairs]])]
        served[askers[pairs]] = True
        np.add.at(asking.used, donors[pairs], 1)
        taken.append(pairs)
    return np.concatenate(taken) if taken else np.empty(0, dtype="int64")


def _with_room(donors: np.ndarray, used: np.ndarray, most: int, turn: np.ndarray) -> np.ndarray:
    """Return which of the askers (bool) their donor can still serve; a donor asked too often serves by `turn`."""
    order = np.lexsort((turn, donors))
    ranked = donors[order]
    first = np.searchsorted(ranked, ranked, side="left")
    place = np.arange(ranked.size) - first
    free = np.empty(donors.size, dtype=bool)
    free[order] = place + used[ranked] < most
    return free


def fail_if_classes_have_no_donors(
    setting: Setting, method: MethodSpec, pool: np.ndarray, unserved: np.ndarray
) -> None:
    """Raise a DataError that names the classes (with cells to impute) that have too few donors at every level."""
    if not unserved.size:
        return
    finest = setting.derivation.rungs(method.ladder, setting.work)[0]
    lines = []
    for code, cells in zip(*np.unique(finest.codes[unserved], return_counts=True), strict=True):
        name = finest.levels[code] if code >= 0 else "firms without a class"
        donors = int((pool & (finest.codes == code)).sum())
        lines.append(f"{name}: {cells} firms to impute, {donors} donors")
    by = " × ".join(method.ladder[0]) or "all firms"
    wave = str(setting.work.firms["wave"].iloc[0])
    raise DataError(
        f"{method.where}, wave {wave}: classes of {by} without the {method.minimum_donors} donors that "
        f"{', '.join(setting.variables)} needs, also at the coarser levels:\n{bullets(lines)}\n"
        "Add a coarser level to `classes` ([] is all firms), lower `minimum_donors`, "
        "or say `without_donors: leave` in the step: the cells then stay missing and are counted."
    )
