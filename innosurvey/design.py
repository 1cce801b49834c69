"""The sample design: how much an estimate would vary if the survey were drawn again.

The frame is cut into strata h; n_h of the N_h firms of a stratum answer. An estimate is first turned into a sum over
firms (its linearised values, see `linearise.py`); the variance of that sum is

    V = Σ_h (1 - f_h) n_h / (n_h - 1) Σ_i (z_hi - z̄_h)²,      f_h = n_h / N_h

(Särndal, Swensson and Wretman 1992, ch. 3 and 5; Binder 1983). A group of firms is a *domain*: the stratum's firms
outside it belong to the sample and count with z = 0. A slice holds the domain's rows only, and so each row carries its
stratum's n_h and N_h; the zeros are put back by arithmetic, not by rows. Where weights are calibrated the firms outside
are no zeros any more: the residuals of the calibration are taken over the full sample (`sample.py`).

Over pooled waves the firm is the sampling unit: its values are summed over its waves, its stratum is the one that the
frame first listed it in, and the finite population is taken off by pairs of waves (`pooled.py`): the squares become

    Σ_w Σ_v c_wv Σ_i (z_hiw - z̄_hw) (z_hiv - z̄_hv),    z_hiw = 0 where the firm did not answer in wave w.

A stratum with a single firm has no spread of its own; what it adds is a rule that the study declares.
"""

from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import Self

import numpy as np
import pandas as pd

from innosurvey.design_rules import DEFAULT_RULES, DesignRules, Lonely, parse_design_rules
from innosurvey.errors import DataError, bullets
from innosurvey.sample import Frame

__all__ = ["DEFAULT_RULES", "Design", "DesignRules", "design_effect", "kish_effect", "parse_design_rules"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """Rows of a slice as a sample: one weight, firm and stratum per row; one size and fraction per stratum.

    `firm_stratum` and `known_firms` describe the slice that the design was made from (or the full sample, `frame`);
    `take` shares them, since a firm outside the rows taken is a zero. `frame_row` is each row's place in the frame.
    """

    weight: np.ndarray
    firm: np.ndarray
    stratum: np.ndarray
    firm_stratum: np.ndarray
    known_firms: np.ndarray
    sizes: np.ndarray
    fractions: np.ndarray
    lonely: Lonely
    frame: Frame | None = None
    frame_row: np.ndarray | None = None

    @classmethod
    def from_frame(cls, firms: pd.DataFrame, frame: Frame, lonely: Lonely = "centre") -> Self:
        """Return the design of a slice's rows within the full sample.

        Raises DataError when weights are missing, or the sample lacks a firm of the slice.
        """
        fail_if_weights_are_missing(firms)
        rows = frame.rows_of(firms)
        firm = frame.firm[rows]
        return cls(
            weight=firms["weight_final"].to_numpy(dtype=float),
            firm=firm,
            stratum=frame.firm_stratum[firm],
            firm_stratum=frame.firm_stratum,
            known_firms=np.bincount(frame.firm_stratum, minlength=frame.sizes.size).astype(float),
            sizes=frame.sizes,
            fractions=frame.fractions,
            lonely=lonely,
            frame=frame,
            frame_row=rows,
        )

    @classmethod
    def from_slice(cls, firms: pd.DataFrame, pooled: bool, lonely: Lonely = "centre") -> Self:
        """Return the design of a slice's rows: of one wave, or (`pooled`) of all its waves with the firm as the
        sampling unit. Over waves a slice knows no finite population: the full sample does.

        Raises DataError when weights are missing, a firm stands in two strata, or a stratum's counts contradict its
        rows.
        """
        stratum_column, size_column = (
            ("pooled_stratum", "pooled_stratum_n") if pooled else ("stratum_id", "sample_n_stratum")
        )
        fail_if_weights_are_missing(firms)
        fail_if_stratum_is_missing(firms, stratum_column)
        stratum, names = pd.factorize(firms[stratum_column].astype("str"), sort=True)
        strata = [str(name) for name in names]
        firm, firm_ids = pd.factorize(firms["firm_id"].astype("str"))
        firm_stratum = np.zeros(len(firm_ids), dtype=np.int64)
        firm_stratum[firm] = stratum
        known_firms = np.bincount(firm_stratum, minlength=len(strata)).astype(float)
        fail_if_firms_change_stratum(firm_stratum[firm] != stratum, stratum_column)
        sizes = _per_stratum(firms[size_column], stratum, strata, size_column)
        fail_if_firms_outnumber_the_sample(known_firms, sizes, strata, size_column)
        return cls(
            weight=firms["weight_final"].to_numpy(dtype=float),
            firm=firm,
            stratum=stratum,
            firm_stratum=firm_stratum,
            known_firms=known_firms,
            sizes=sizes,
            fractions=np.zeros(len(strata)) if pooled else _sampling_fractions(firms, sizes, stratum, strata),
            lonely=lonely,
        )

    def take(self, rows: np.ndarray) -> "Design":
        """Return the design of some of the rows (positions or a mask): a domain, whose strata keep their sizes."""
        return replace(
            self,
            weight=self.weight[rows],
            firm=self.firm[rows],
            stratum=self.stratum[rows],
            frame_row=None if self.frame_row is None else self.frame_row[rows],
        )

    @property
    def firms(self) -> int:
        """Return the number of distinct firms among the rows."""
        return int(np.count_nonzero(np.bincount(self.firm, minlength=self.firm_stratum.size)))

    @property
    def finite(self) -> bool:
        """Return whether a finite population correction applies to any stratum."""
        return bool(np.any(self.fractions > 0))

    @property
    def occupied(self) -> np.ndarray:
        """Return a mask of the strata that have a row."""
        return np.bincount(self.stratum, minlength=self.sizes.size) > 0

    @property
    def degrees_of_freedom(self) -> int:
        """Return sampled firms minus strata, over the strata that have a row."""
        occupied = self.occupied
        return int(self.sizes[occupied].sum() - np.count_nonzero(occupied))

    @property
    def calibrated(self) -> bool:
        """Return whether the weights meet known totals, so that only what these do not explain is uncertain."""
        return self.frame is not None and self.frame.calibration is not None

    def variance(self, influence: np.ndarray) -> float:
        """Return the variance of the weighted sum of the rows' linearised values, in their unit squared (formula
        above).
        """
        per_firm = self.sums_of_firms(self.weight * influence)
        totals = self._by_stratum(per_firm.sum(axis=1))
        means = np.column_stack([self._by_stratum(column) for column in per_firm.T]) / self.sizes[:, None]
        deviations = per_firm - means[self.firm_stratum]
        squares = np.zeros(self.sizes.size)
        for one, two in combinations_with_replacement(range(per_firm.shape[1]), 2):
            products = self._by_stratum(deviations[:, one] * deviations[:, two])
            # the sampled firms that the slice does not hold
            products = products + (self.sizes - self.known_firms) * means[:, one] * means[:, two]
            squares += (1 if one == two else 2) * self.correction(one, two) * products
        involved = np.ones(self.sizes.size, dtype=bool) if self.calibrated else self.occupied
        alone = self.sizes == 1
        parts = np.where(alone, 0.0, self.sizes / np.where(alone, 1.0, self.sizes - 1)) * squares
        return float(parts[involved].sum() + self._lonely_variance(totals, parts, involved))

    def _by_stratum(self, of_firms: np.ndarray) -> np.ndarray:
        return np.bincount(self.firm_stratum, weights=of_firms, minlength=self.sizes.size)

    def correction(self, one: int, two: int) -> np.ndarray:
        """Return what is left of the products of two waves when the finite population is taken off, by stratum."""
        if self.frame is None or self.frame.corrections is None:
            return 1 - self.fractions
        return self.frame.corrections[:, one, two]

    def replicate_sums(self, columns: np.ndarray) -> np.ndarray | None:
        """Return the weighted sums of the rows' columns in each replicate (replicates × columns), None without any."""
        if self.frame is None or self.frame.replicates is None or self.frame_row is None:
            return None
        return self.frame.replicates.sums(self.frame_row, columns)

    def replicate_variance(self, deviations: np.ndarray) -> float:
        """Return the variance from an estimate's deviations in the replicates."""
        return self.frame.replicates.variance(deviations)  # type: ignore[union-attr]  # who has deviations has these

    def sums_of_firms(self, weighted: np.ndarray) -> np.ndarray:
        """Return the sums of w u by firm, or of w e over the full sample where the weights are calibrated: one column,
        or one for each wave where pairs of waves are corrected.
        """
        count, frame = self.firm_stratum.size, self.frame
        if frame is None or self.frame_row is None or (frame.calibration is None and frame.corrections is None):
            return np.bincount(self.firm, weights=weighted, minlength=count)[:, None]
        values = np.bincount(self.frame_row, weights=weighted, minlength=frame.firm.size)
        if frame.calibration is not None:
            values = frame.calibration.residuals(values)
        if frame.corrections is None or frame.wave is None:
            return np.bincount(frame.firm, weights=values, minlength=count)[:, None]
        waves = frame.corrections.shape[1]
        return np.bincount(frame.firm * waves + frame.wave, weights=values, minlength=count * waves).reshape(-1, waves)

    def _lonely_variance(self, totals: np.ndarray, parts: np.ndarray, involved: np.ndarray) -> float:
        """Return what the strata with a single sampled firm add. A stratum taken whole (f = 1) adds nothing under any
        rule.
        """
        alone = involved & (self.sizes == 1) & (self.fractions < 1)
        if self.lonely == "certainty" or not alone.any():
            return 0.0
        if self.lonely == "average":
            others = parts[involved & ~alone]
            return float(others.mean() * np.count_nonzero(alone)) if others.size else 0.0
        grand_mean = totals[involved].sum() / self.sizes[involved].sum()
        return float(((1 - self.fractions[alone]) * (totals[alone] - grand_mean) ** 2).sum())


def design_effect(design: Design, influence: np.ndarray, variance: float | None = None) -> float:
    """Return the variance (default: by linearisation) over that of a simple random sample of as many rows; NaN where
    the latter is zero.

    The comparison sample is drawn without replacement where the design has a finite population, with replacement where
    it has none (Kish 1965, ch. 8).
    """
    rows, population = design.weight.size, design.weight.sum()
    centred = influence - (design.weight * influence).sum() / population
    spread = (design.weight * centred**2).sum() / population * rows / (rows - 1)
    left_over = 1 - rows / population if design.finite else 1.0
    simple = population**2 * left_over * spread / rows
    known = design.variance(influence) if variance is None else variance
    return float(known / simple) if simple > 0 else float("nan")


def kish_effect(weights: np.ndarray) -> float:
    """Return n Σw² / (Σw)²: the loss of precision from unequal weights alone (Kish 1992)."""
    return float(weights.size * (weights**2).sum() / weights.sum() ** 2)


def fail_if_weights_are_missing(firms: pd.DataFrame) -> None:
    """Raise DataError when a row has no weight or a negative one."""
    wrong = int((firms["weight_final"].isna() | (firms["weight_final"] < 0)).sum())
    if wrong:
        raise DataError(
            f"The slice has {wrong} of {len(firms)} rows whose weight_final is missing or negative.\n"
            "Give every responding firm a weight in the weight stage, or drop the rows there with a reason."
        )


def fail_if_stratum_is_missing(firms: pd.DataFrame, column: str) -> None:
    """Raise DataError when a row belongs to no stratum."""
    wrong = int(firms[column].isna().sum())
    if wrong:
        raise DataError(
            f"The slice has {wrong} of {len(firms)} rows without {column}.\n"
            "Every responding firm needs a stratum: check the frame, or collapse strata in the weight stage."
        )


def fail_if_firms_change_stratum(moved: np.ndarray, column: str) -> None:
    """Raise DataError when a sampling unit stands in two strata."""
    if moved.any():
        raise DataError(
            f"{int(moved.sum())} rows belong to a firm that has another {column} elsewhere in the same sample.\n"
            "A sampling unit has one stratum: look for firm ids that stand twice in a wave."
        )


def fail_if_firms_outnumber_the_sample(known: np.ndarray, sizes: np.ndarray, strata: list[str], column: str) -> None:
    """Raise DataError when a stratum holds more firms than its declared sample size."""
    wrong = np.flatnonzero(known > sizes)
    if wrong.size:
        lines = (f"stratum {strata[h]}: {known[h]:.0f} firms, {column} {sizes[h]:.0f}" for h in wrong)
        raise DataError(
            f"Strata hold more firms than {column} says:\n{bullets(lines)}\n"
            "Count respondents per stratum again in the weight stage."
        )


def fail_if_sample_exceeds_population(sizes: np.ndarray, population: np.ndarray, strata: list[str]) -> None:
    """Raise DataError when a stratum has more respondents than firms in the frame."""
    wrong = np.flatnonzero(sizes > population)  # NaN, no population known, compares false
    if wrong.size:
        lines = (f"stratum {strata[h]}: {sizes[h]:.0f} respondents, {population[h]:.0f} in the frame" for h in wrong)
        raise DataError(
            f"Strata have more respondents than firms in the frame:\n{bullets(lines)}\n"
            "Check that frame and survey use the same strata and the same date, or collapse the strata."
        )


def _sampling_fractions(firms: pd.DataFrame, sizes: np.ndarray, stratum: np.ndarray, strata: list[str]) -> np.ndarray:
    """Return f_h per stratum; 0 (no correction) where the population is not known."""
    population = _per_stratum(firms["pop_n_stratum"], stratum, strata, "pop_n_stratum", may_be_missing=True)
    fail_if_sample_exceeds_population(sizes, population, strata)
    return np.where(np.isnan(population), 0.0, sizes / population)


def _per_stratum(
    values: pd.Series, stratum: np.ndarray, strata: list[str], column: str, may_be_missing: bool = False
) -> np.ndarray:
    """Return the one value that a column has in each stratum. Raises DataError on two values, or on none (unless
    allowed).
    """
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    result = np.full(len(strata), np.nan)
    result[stratum] = numbers
    unequal = result[stratum] != numbers
    unequal &= ~(np.isnan(numbers) & np.isnan(result[stratum]))
    missing = np.isnan(result) & (not may_be_missing)
    if unequal.any() or missing.any():
        wrong = sorted(set(stratum[unequal]) | set(np.flatnonzero(missing)))
        raise DataError(
            f"{column} must be one number per stratum; it is missing or has several values in:\n"
            f"{bullets(f'stratum {strata[h]}' for h in wrong)}\nCorrect the weight stage's stratum counts."
        )
    return result
