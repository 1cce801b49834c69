"""The design of the pooled waves: each firm that answered in any of them, its stratum, and the firms it stands among.

Over all waves the firm is the sampling unit. Its stratum is the one of the first wave in which the frame lists it,
whether it was drawn then or not: one rule for the firms that answer and for those that don't, so that those that
answered are a part of those that are listed. Without a frame nobody knows the others: the stratum is that of the first
wave with an answer.

How much of a finite population is known depends on two waves at a time. In stratum h let f_w be the share of the firms
listed in wave w that answered in w, and f_wv the share of those listed in both waves that answered in both. Sums over
two samples of one population have the covariance (per unit of the firms' own covariance, by firm in both samples)

    c_wv = 1 - f_w f_v / f_wv,        c_ww = 1 - f_w

(Tam 1984, Am. Stat. 38; Qualité and Tillé 2008, Surv. Methodol. 34). For a panel of the same firms it is 1 - f, for
samples drawn independently of each other 0, without a frame 1: then the firm's sum over the waves is what varies.
Samples that avoid each other have a negative one. It is taken as 0, which makes variances too large rather than too
small: the few firms in both could not tell how much it is.
"""

from collections.abc import Mapping
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pandas as pd

LISTED = "listed_"


def pool_designs(designs: Mapping[str, pd.DataFrame], listed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return firm_id, pooled_stratum, pooled_stratum_n (distinct firms in it) of each firm that answered, by firm_id,
    and listed_1_1, listed_1_2 …: how many firms of the stratum the frame lists in both waves (missing without a frame).

    `designs` and `listed` hold firm_id and stratum_id of the firms that answered, and of those that the frame lists, by
    wave in the study's order. Where one wave has no frame, no wave's counts are known.
    """
    answered = _first_strata(designs)
    known = all(len(listed.get(wave, ())) for wave in designs)
    strata = _first_strata({wave: listed[wave] for wave in designs}) if known else answered
    stratum = strata.loc[answered.index].sort_index(kind="stable")
    pooled = pd.DataFrame({"firm_id": stratum.index.astype("str"), "pooled_stratum": stratum.astype("str").to_numpy()})
    sizes = pooled["pooled_stratum"].map(pooled["pooled_stratum"].value_counts()).astype("Int64")
    columns: dict[str, Any] = {"pooled_stratum_n": sizes}
    lists = [pd.Index(listed[wave]["firm_id"].astype("str")).unique() for wave in designs] if known else []
    is_listed = [firms.get_indexer(strata.index) >= 0 for firms in lists]
    for one, two in combinations_with_replacement(range(len(designs)), 2):
        name, empty = f"{LISTED}{one + 1}_{two + 1}", pd.array([pd.NA] * len(pooled), dtype="Int64")
        counts = strata[is_listed[one] & is_listed[two]].value_counts() if known else None
        columns[name] = empty if counts is None else pooled["pooled_stratum"].map(counts).fillna(0).astype("Int64")
    return pooled.assign(**columns)


def corrections_of(
    pooled: pd.DataFrame, present: np.ndarray, stratum: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return c_wv by stratum (strata × waves × waves), and by stratum the smallest f_w of the waves that list a firm.

    `present` says which firm (row of `pooled`) answered in which wave, `stratum` is its code. None without a frame.
    Negative eigenvalues are set to zero, so that no variance is negative; that, too, can only make it larger.
    """
    first = np.unique(stratum, return_index=True)[1]
    waves = present.shape[1]
    answered = np.empty((len(first), waves, waves))
    listed = np.empty((len(first), waves, waves))
    for one, two in combinations_with_replacement(range(waves), 2):
        both = np.bincount(stratum, weights=present[:, one] & present[:, two], minlength=len(first))
        count = pooled[f"{LISTED}{one + 1}_{two + 1}"].to_numpy(dtype=float, na_value=np.nan)[first]
        answered[:, one, two] = answered[:, two, one] = both
        listed[:, one, two] = listed[:, two, one] = count
    if np.isnan(listed).any():
        return None
    shares = np.divide(answered, listed, out=np.zeros_like(listed), where=listed > 0)
    single = np.diagonal(shares, axis1=1, axis2=2)
    product = single[:, :, None] * single[:, None, :]
    factors = np.clip(1 - np.divide(product, shares, out=np.ones_like(shares), where=shares > 0), 0, None)
    values, vectors = np.linalg.eigh(factors)
    smallest = np.where(np.diagonal(listed, axis1=1, axis2=2) > 0, single, 1.0).min(axis=1)
    return (vectors * np.clip(values, 0, None)[:, None, :]) @ vectors.transpose(0, 2, 1), smallest


def _first_strata(waves: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return each firm's stratum in the first wave that has it."""
    rows = pd.concat([part[["firm_id", "stratum_id"]].astype("str") for part in waves.values()])
    return rows.drop_duplicates("firm_id").set_index("firm_id")["stratum_id"]
