"""Response: the firms that answered stand for those in scope that did not, within groups.

In a group the factor is (weights of the firms in scope) / (weights of those of them that answered). Groups are the
strata, classes of frame columns, or classes of firms with a like propensity to answer, fitted by a logit on frame
columns; or each firm's own propensity is used.

Firms whose scope nobody knows count as in scope in the proportion of the firms of their stratum of which it is known
(the "e" of the response rates of the American Association for Public Opinion Research).

ASSUME within a group, answering does not depend on the answers.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from innosurvey.classes import Classes, classes_of, ladder_of
from innosurvey.errors import DataError, StudyError, bullets
from innosurvey.weight.frame import Sample
from innosurvey.weight.spec import ResponseSpec


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Response:
    """How response is adjusted for: the group of each firm drawn, and the inverse of its propensity (1 in groups).

    `strata`: codes of the strata, for the share in scope. `collapsed`: firms that answered and were too few in a group
    of their own.
    """

    groups: np.ndarray
    inverse: np.ndarray
    strata: np.ndarray
    names: tuple[str, ...]
    collapsed: int = 0

    def scope(self, sample: Sample, weights: np.ndarray) -> np.ndarray:
        """Return the part of each firm drawn that is in scope: 1, 0, or the share of its stratum where nobody knows."""
        inside, outside = sample.drawn["in_scope"].to_numpy(), sample.drawn["out_of_scope"].to_numpy()
        if (inside | outside).all():
            return inside.astype(float)
        known_in = np.bincount(self.strata, weights=weights * inside)
        known = known_in + np.bincount(self.strata, weights=weights * outside)
        share = np.divide(known_in, known, out=np.ones_like(known), where=known > 0)
        return np.where(inside, 1.0, np.where(outside, 0.0, share[self.strata]))

    def factors(self, sample: Sample, weights: np.ndarray, scope: np.ndarray) -> np.ndarray:
        """Return the factor of each firm that answered, in the survey's order; weights may be those of a replicate."""
        answered = sample.drawn["answered"].to_numpy()
        wanted = np.bincount(self.groups, weights=weights * scope)
        reached = np.bincount(self.groups, weights=weights * answered * self.inverse, minlength=len(wanted))
        ratio = np.divide(wanted, reached, out=np.zeros_like(wanted), where=reached > 0)
        return (self.inverse * ratio[self.groups])[sample.answers]


def response_of(sample: Sample, spec: ResponseSpec) -> Response:
    """Return the groups. DataError for a group with fewer than `minimum` answers (unless small groups collapse)."""
    stratum, strata = pd.factorize(sample.drawn["stratum_id"], sort=True)
    count = len(stratum)
    none = Response(groups=stratum, inverse=np.ones(count), strata=stratum, names=tuple(map(str, strata)))
    if spec.method in ("stratum", "none"):
        return none
    answered, wanted = sample.drawn["answered"].to_numpy(), ~sample.drawn["out_of_scope"].to_numpy()
    if spec.method == "classes":
        return _by_classes(sample, spec, none)
    propensity = _propensities(sample, spec, answered, wanted)
    if spec.direct:
        return Response(groups=np.zeros(count, dtype=int), inverse=1 / propensity, strata=stratum, names=("all",))
    groups = _quantile_groups(propensity, answered, spec)
    names = tuple(f"propensity group {group + 1}" for group in range(groups.max() + 1))
    return Response(groups=groups, inverse=np.ones(count), strata=stratum, names=names)


def _by_classes(sample: Sample, spec: ResponseSpec, by_stratum: Response) -> Response:
    for name in spec.by:
        _fail_if_column_has_gaps(sample.auxiliary[name])
    answered, wanted = sample.drawn["answered"].to_numpy(), ~sample.drawn["out_of_scope"].to_numpy()
    ladder = [classes_of(sample.auxiliary, list(by), {}, {}, {}) for by in ladder_of(spec.by)]
    finest = ladder[0]
    if spec.small == "error":
        answers = np.bincount(finest.codes[answered], minlength=len(finest.levels))
        drawn = np.bincount(finest.codes[wanted], minlength=len(finest.levels))
        few = np.flatnonzero((answers < spec.minimum) & (drawn > 0))
        _fail_if_groups_are_small([(finest.levels[group], int(answers[group])) for group in few], spec)
    groups, joined = _with_small_classes_merged(ladder, answered, wanted, spec.minimum)
    if answered.sum() < spec.minimum:
        raise DataError(f"weights.response: fewer than {spec.minimum} firms answered at all.\nLower `minimum:`.")
    names = tuple(level for classes in ladder for level in classes.levels)
    collapsed = int((joined & answered).sum())
    return Response(
        groups=groups, inverse=by_stratum.inverse, strata=by_stratum.strata, names=names, collapsed=collapsed
    )


def _with_small_classes_merged(
    ladder: Sequence[Classes], answered: np.ndarray, wanted: np.ndarray, minimum: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the group of each firm, and whether it is a coarser one than its finest class.

    A class with too few answers becomes one group with all others of its coarser class: alone in that group, its firms
    would have nobody to stand for them.
    """
    groups, joined = ladder[0].codes.copy(), np.zeros(len(answered), dtype=bool)
    for coarser in ladder[1:]:
        answers, in_scope = (np.bincount(groups[those], minlength=groups.max() + 1) for those in (answered, wanted))
        small = (answers[groups] < minimum) & (in_scope[groups] > 0)
        merged = np.isin(coarser.codes, coarser.codes[small])
        groups, joined = np.where(merged, groups.max() + 1 + coarser.codes, groups), joined | merged
    return np.unique(groups, return_inverse=True)[1], joined


def _fail_if_groups_are_small(few: list[tuple[str, int]], spec: ResponseSpec) -> None:
    if few:
        lines = (f"{name}: {answers} firms answered" for name, answers in few)
        raise DataError(
            f"weights.response: groups with fewer than {spec.minimum} answers:\n{bullets(lines)}\n"
            "Take coarser columns in `by:`, lower `minimum:`, or say `small: collapse` (the last column goes first)."
        )


def _propensities(sample: Sample, spec: ResponseSpec, answered: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return each firm's fitted chance to answer, from a logit among the firms in scope or of unknown scope.

    Columns of text are dummies; numbers enter as log(1 + x), since sizes of firms are skewed.
    """
    from statsmodels.api import Logit
    from statsmodels.tools.sm_exceptions import PerfectSeparationError, PerfectSeparationWarning

    matrix = np.column_stack(
        [np.ones(len(answered)), *(_terms(sample.auxiliary[name], answered, wanted) for name in spec.by)]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", PerfectSeparationWarning)
        try:
            fit = Logit(answered[wanted].astype(float), matrix[wanted]).fit(disp=0, method="newton", maxiter=100)
        except (PerfectSeparationError, PerfectSeparationWarning, np.linalg.LinAlgError):
            raise DataError(
                f"weights.response: who answers follows from {', '.join(spec.by)} without doubt, or the columns say "
                "the same twice, so no propensity can be fitted.\n"
                "Take fewer or coarser columns, or say `method: classes`."
            ) from None
    return np.clip(fit.predict(matrix), 1e-6, 1.0)


def _terms(column: pd.Series, answered: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the columns of the logit that one column of the frame becomes."""
    _fail_if_column_has_gaps(column)
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        if (column < 0).any():
            raise StudyError(f"weights.response: {column.name} is negative for some firms.\nLeave it out of `by:`.")
        return np.log1p(column.to_numpy(dtype=float))[:, None]
    codes, levels = pd.factorize(column.astype("str"), sort=True)
    drawn, answers = (
        np.bincount(codes[wanted], minlength=len(levels)),
        np.bincount(codes[answered], minlength=len(levels)),
    )
    if (silent := np.flatnonzero((drawn > 0) & (answers == 0))).size:
        named = ", ".join(str(level) for level in levels.take(silent))
        raise DataError(
            f"weights.response: no firm with {column.name} {named} answered.\n"
            "Nobody can stand for them: take a coarser column in `by:`."
        )
    known = np.flatnonzero(drawn > 0)
    return (codes[:, None] == known[None, 1:]).astype(float)


def _fail_if_column_has_gaps(column: pd.Series) -> None:
    if column.isna().any():
        raise DataError(
            f"weights.response: {int(column.isna().sum())} firms drawn have no {column.name} in the frame.\n"
            "Complete the frame, or leave the column out of `by:`."
        )


def _quantile_groups(propensity: np.ndarray, answered: np.ndarray, spec: ResponseSpec) -> np.ndarray:
    """Return the group of each firm by quantiles of the propensity; neighbours with few answers are joined."""
    cuts = np.unique(np.quantile(propensity, np.arange(1, spec.groups) / spec.groups))
    groups = np.searchsorted(cuts, propensity, side="right")
    answers = np.bincount(groups[answered], minlength=len(cuts) + 1)
    few = [(f"propensity group {group + 1}", int(answers[group])) for group in np.flatnonzero(answers < spec.minimum)]
    if spec.small == "error":
        _fail_if_groups_are_small(few, spec)
        return groups
    place, held, new = 0, 0, np.zeros(len(answers), dtype=int)
    for group, count in enumerate(answers):
        new[group], held = place, held + count
        if held >= spec.minimum and answers[group + 1 :].sum() >= spec.minimum:
            place, held = place + 1, 0
    return new[groups]
