"""The full sample behind the slices: every firm that answered, with what its weights were calibrated on.

A slice holds the firms of one cohort, but two things need the firms outside it, too. Calibrated weights make the totals
of the calibration variables x the same in every sample, so that only what x does not explain is uncertain: Taylor's
variance takes the residuals

    e_i = u_i - x_i'B,    B = (Σ d x x')⁻¹ Σ d x u,    z_i = w_i e_i,    d: the weights before calibration, w = g d

over all firms of the wave, with u = 0 outside the domain: there, z = -w x'B (Deville and Särndal 1992, sec. 3; Särndal,
Swensson and Wretman 1992, ch. 6). And replicate weights are kept by firm of the wave.

`full_sample` puts the waves' tables together; `Frame` is one wave of it, or all waves with the firm as sampling unit,
in the strata and of the population that `pooled.py` gives it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from innosurvey.errors import DataError
from innosurvey.pooled import corrections_of, pool_designs

# Below this part of the largest eigenvalue (columns scaled to length one) a direction is what other margins already
# say: margins that add up to the same number of firms are redundant by construction.
REDUNDANT = 1e-11
G_WEIGHT, PREFIX = "g_weight", "x_"
REPLICATE, SCALE = "r_", "scale"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """The regression on the calibration variables: `x` by row of the sample, `before` and `after` calibrating weights,
    and a generalised inverse of Σ d x x'.
    """

    x: sparse.csr_array
    x_by_column: sparse.csr_array
    before: np.ndarray
    after: np.ndarray
    inverse: np.ndarray

    def residuals(self, weighted: np.ndarray) -> np.ndarray:
        """Return w e for values w u, row by row of the sample."""
        values = np.divide(weighted, self.after, out=np.zeros_like(weighted), where=self.after > 0)
        for _ in range(2):  # the second pass takes out the rounding of the first: the normal equations square it
            values = values - self.x @ (self.inverse @ (self.x_by_column @ (self.before * values)))
        return self.after * values


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replicates:
    """Replicate weights (rows of the sample × replicates) and the factor of each in V = Σ_r scale_r (θ_r - θ)²."""

    weights: np.ndarray
    scales: np.ndarray

    def sums(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the weighted sums of columns (rows × columns) in each replicate: replicates × columns."""
        length = len(self.weights)
        spread = [np.bincount(rows, weights=column, minlength=length) for column in columns.T]
        return self.weights.T @ np.column_stack(spread)

    def variance(self, deviations: np.ndarray) -> float:
        """Return the variance from the replicates' deviations; those without a value (no firm of the domain is left in
        the replicate) are stood for by the others.
        """
        known = np.isfinite(deviations)
        if not known.any():
            return float("nan")
        kept = self.scales[known]
        return float((kept * deviations[known] ** 2).sum() * self.scales.sum() / kept.sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One wave of the sample, or all: a row per firm and wave, the firm and the stratum of each, sizes per stratum.

    Over pooled waves `wave` is each row's wave and `corrections` (strata × waves × waves) takes off the finite
    population, None without a frame; `fractions` is then the smallest of any wave.
    """

    keys: Mapping[str, pd.Index]
    starts: Mapping[str, int]
    firm: np.ndarray
    firm_stratum: np.ndarray
    sizes: np.ndarray
    fractions: np.ndarray
    calibration: Calibration | None
    replicates: Replicates | None
    wave: np.ndarray | None = None
    corrections: np.ndarray | None = None

    def rows_of(self, firms: pd.DataFrame) -> np.ndarray:
        """Return the sample's row of each row of a slice. Raises DataError where the sample lacks one."""
        rows = np.full(len(firms), -1)
        waves, ids = firms["wave"].astype("str").to_numpy(), pd.Index(firms["firm_id"].astype("str"))
        for wave, keys in self.keys.items():
            here = np.flatnonzero(waves == wave)
            found = keys.get_indexer(ids[here])
            rows[here] = np.where(found < 0, -1, found + self.starts[wave])
        if lost := int((rows < 0).sum()):
            raise DataError(
                f"The slice has {lost} of {len(firms)} rows that the sample of its wave lacks.\n"
                "Slices and weights come from different runs: build the data again."
            )
        return rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FullSample:
    """The waves' samples in the study's order: `firms` has a row per firm and wave, `x` its calibration variables;
    `units` a row per firm with its pooled stratum.
    """

    firms: Mapping[str, pd.DataFrame]
    units: pd.DataFrame
    x: Mapping[str, np.ndarray]
    replicates: Mapping[str, Replicates]

    def of_wave(self, wave: str) -> Frame:
        """Return one wave: strata, sizes and fractions of that wave's design."""
        firms = self.firms[wave]
        stratum, _ = pd.factorize(firms["stratum_id"].astype("str"), sort=True)
        first = np.unique(stratum, return_index=True)[1]
        sizes = firms["sample_n_stratum"].to_numpy(dtype=float)[first]
        population = firms["pop_n_stratum"].to_numpy(dtype=float, na_value=np.nan)[first]
        return Frame(
            keys={wave: pd.Index(firms["firm_id"].astype("str"))},
            starts={wave: 0},
            firm=np.arange(len(firms)),
            firm_stratum=stratum,
            sizes=sizes,
            fractions=np.where(np.isnan(population), 0.0, sizes / population),
            calibration=self._calibration([wave]),
            replicates=self.replicates.get(wave),
        )

    def pooled(self, by_firm: bool = False) -> Frame:
        """Return all waves with the firm as sampling unit, in its pooled stratum. Replicates are those of all waves
        together where they are drawn `by_firm`, else there are none: those of one wave know nothing of the next.
        """
        firm_stratum, strata = pd.factorize(self.units["pooled_stratum"].astype("str"), sort=True)
        lengths = [len(part) for part in self.firms.values()]
        wave = np.repeat(np.arange(len(lengths)), lengths)
        keys = {name: pd.Index(part["firm_id"].astype("str")) for name, part in self.firms.items()}
        units = pd.Index(self.units["firm_id"].astype("str"))
        firm = np.concatenate([units.get_indexer(ids) for ids in keys.values()])
        present = np.zeros((len(units), len(lengths)), dtype=bool)
        present[firm, wave] = True
        found = corrections_of(self.units, present, firm_stratum)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        return Frame(
            keys=keys,
            starts=dict(zip(self.firms, starts.tolist(), strict=True)),
            firm=firm,
            firm_stratum=firm_stratum,
            sizes=np.bincount(firm_stratum, minlength=len(strata)).astype(float),
            fractions=np.zeros(len(strata)) if found is None else found[1],
            calibration=self._calibration(list(self.firms)),
            replicates=self._replicates_of_waves() if by_firm else None,
            wave=wave,
            corrections=None if found is None else found[0],
        )

    def _replicates_of_waves(self) -> Replicates | None:
        """Return the replicates of the waves one below the other; None where a wave has none."""
        if self.replicates.keys() != self.firms.keys():
            return None
        of_waves = [self.replicates[wave] for wave in self.firms]
        return Replicates(weights=np.concatenate([one.weights for one in of_waves]), scales=of_waves[0].scales)

    def _calibration(self, waves: list[str]) -> Calibration | None:
        """Return the regression on the variables of these waves, each wave on its own; None where none is."""
        if not any(self.x[wave].shape[1] for wave in waves):
            return None
        after = np.concatenate([self.firms[wave]["weight_final"].to_numpy(dtype=float) for wave in waves])
        factors = np.concatenate([self.firms[wave][G_WEIGHT].to_numpy(dtype=float) for wave in waves])
        before = np.divide(after, factors, out=np.zeros_like(after), where=factors > 0)
        x = sparse.csr_array(sparse.block_diag([sparse.csr_array(self.x[wave]) for wave in waves], format="csr"))
        by_column = sparse.csr_array(x.T)
        crossed = (by_column @ (x * before[:, None])).toarray()
        return Calibration(x=x, x_by_column=by_column, before=before, after=after, inverse=inverse_of(crossed))


def full_sample(
    design: Mapping[str, pd.DataFrame],
    calibration: Mapping[str, pd.DataFrame],
    replicates: Mapping[str, pd.DataFrame] | None = None,
    pooled: pd.DataFrame | None = None,
) -> FullSample:
    """Return the sample from the weight stage's tables by wave, in the study's order; without the table `pooled` no
    finite population is taken off over the waves.

    Raises DataError when a wave's tables, or the pooled one, hold different firms.
    """
    firms: dict[str, pd.DataFrame] = {}
    x: dict[str, np.ndarray] = {}
    repeated: dict[str, Replicates] = {}
    for wave, table in design.items():
        margins = _aligned(calibration[wave], table, f"calibration of wave {wave}")
        factors = margins[G_WEIGHT].to_numpy(dtype=float) if G_WEIGHT in margins else 1.0
        firms[wave] = table.assign(**{G_WEIGHT: factors}).reset_index(drop=True)
        x[wave] = margins[columns_called(margins, PREFIX)].to_numpy(dtype=float)
        drawn_again = None if replicates is None else replicates.get(wave)
        # Nothing was drawn again where all strata answered whole: such a wave does not vary.
        if drawn_again is not None and columns_called(drawn_again, REPLICATE):
            repeated[wave] = _replicates(drawn_again, table, wave)
    units = pool_designs(design, {}) if pooled is None else pooled
    _fail_if_pooled_are_others(units, firms)
    return FullSample(firms=firms, units=units, x=x, replicates=repeated)


def _fail_if_pooled_are_others(units: pd.DataFrame, firms: Mapping[str, pd.DataFrame]) -> None:
    """Raise DataError unless the firms of the pooled design are those that answered in any wave."""
    pooled = set(units["firm_id"].astype("str"))
    waves = {firm for part in firms.values() for firm in part["firm_id"].astype("str")}
    if pooled != waves:
        raise DataError(
            f"The pooled design holds {len(pooled)} firms, the waves' designs {len(waves)}, or others.\n"
            "They come from different runs: build the data again."
        )


def inverse_of(crossed: np.ndarray) -> np.ndarray:
    """Return a generalised inverse of Σ d x x', in which redundant margins take no part."""
    length = np.sqrt(np.diag(crossed))
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    values, vectors = np.linalg.eigh(crossed * np.outer(scale, scale))
    kept = values > REDUNDANT * values.max()
    return scale[:, None] * ((vectors[:, kept] / values[kept]) @ vectors[:, kept].T) * scale


def _replicates(table: pd.DataFrame, design: pd.DataFrame, wave: str) -> Replicates:
    """Return the replicate weights of a wave; column `scale` holds the factor of replicate r in row r."""
    names = columns_called(table, REPLICATE)
    weights = _aligned(table, design, f"replicates of wave {wave}")[names]
    return Replicates(
        weights=np.ascontiguousarray(weights.to_numpy(dtype=float)),
        scales=table[SCALE].to_numpy(dtype=float)[: len(names)],
    )


def columns_called(table: pd.DataFrame, prefix: str) -> list[str]:
    """Return the columns whose name starts so, in their order."""
    return [str(name) for name in table.columns if str(name).startswith(prefix)]


def _aligned(table: pd.DataFrame, design: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return the rows of a table in the design's order of firms."""
    if len(table) == len(design) and (table["firm_id"].to_numpy() == design["firm_id"].to_numpy()).all():
        return table
    rows = pd.Index(table["firm_id"].astype("str")).get_indexer(pd.Index(design["firm_id"].astype("str")))
    if len(table) != len(design) or (rows < 0).any():
        raise DataError(
            f"The {what} holds {len(table)} firms, the design table {len(design)}, or others.\n"
            "They come from different runs: build the data again."
        )
    return table.iloc[rows]
