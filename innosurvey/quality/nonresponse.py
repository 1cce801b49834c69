"""Item non-response and imputation, variable by variable (SIMS S.13.3.3.2 and S.18.5.1).

An answer is due when the questionnaire asked the firm for it: not where a question was passed over, did not apply or
was not in the wave. Non-response is read from the flags of the file as it came, before editing, since an answer that an
edit removed was given; corrections and imputations are read from the flags of the finished wave.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from innosurvey.dictionary import FLAGS

NOT_DUE = ("not_asked", "not_applicable", "not_collected")
UNANSWERED = ("missing", "refused", "dont_know")
RATES = ("item_nonresponse", "item_nonresponse_weighted", "imputation_rate", "imputation_rate_weighted")
COLUMNS = ["wave", "variable", "due", "observed", "corrected", "imputed", *UNANSWERED, *RATES]


def nonresponse_of_waves(
    raw: Sequence[pd.DataFrame], finished: Sequence[pd.DataFrame], designs: Sequence[pd.DataFrame]
) -> pd.DataFrame:
    """Return the table `nonresponse` of a study: of each wave as ingested, after imputation, and its design."""
    parts = [
        item_nonresponse(before, after, design.set_index("_source_row")["weight_final"])
        for before, after, design in zip(raw, finished, designs, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def item_nonresponse(raw: pd.DataFrame, finished: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """Return the table `nonresponse` of one wave: per variable the answers by kind, and rates in per cent of those due.

    `raw` and `finished` are the wave as ingested and after imputation; `weights` the final weights by `_source_row`,
    whose firms are counted. The variables are those of the questionnaire: what the registers add is not in `raw`. A
    variable that no firm was asked has empty rates.
    """
    rows = pd.Index(weights.index)
    before = raw.set_index("_source_row").reindex(rows)
    after = finished.set_index("_source_row").reindex(rows)
    weight = weights.to_numpy(dtype=float)
    wave = str(finished["wave"].iloc[0]) if len(finished) else ""
    counted = [
        {
            "wave": wave,
            "variable": name,
            **_counts(_codes(before[f"{name}_flag"]), _codes(after[f"{name}_flag"]), weight),
        }
        for name in (str(column).removesuffix("_flag") for column in before if str(column).endswith("_flag"))
        if f"{name}_flag" in after
    ]
    table = pd.DataFrame(counted, columns=COLUMNS)
    whole = [name for name in COLUMNS[2:] if name not in RATES]
    return table.astype(dict.fromkeys(whole, "int64") | dict.fromkeys(RATES, "float64"))


def _counts(before: np.ndarray, after: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    """Return one variable's counts and rates from its flags before editing and after imputation."""
    due = ~np.isin(after, _codes_of(NOT_DUE))
    unanswered = due & np.isin(before, _codes_of(UNANSWERED))
    imputed = due & (after == FLAGS.index("imputed"))
    return {
        "due": int(due.sum()),
        **{flag: int((due & (after == FLAGS.index(flag))).sum()) for flag in ("observed", "corrected", "imputed")},
        **{flag: int((due & (before == FLAGS.index(flag))).sum()) for flag in UNANSWERED},
        "item_nonresponse": _percent(unanswered, due, np.ones_like(weight)),
        "item_nonresponse_weighted": _percent(unanswered, due, weight),
        "imputation_rate": _percent(imputed, due, np.ones_like(weight)),
        "imputation_rate_weighted": _percent(imputed, due, weight),
    }


def _percent(part: np.ndarray, whole: np.ndarray, weight: np.ndarray) -> float:
    total = float(weight[whole].sum())
    return 100 * float(weight[part].sum()) / total if total > 0 else float("nan")


def _codes(flags: pd.Series) -> np.ndarray:
    """Return a flag column as positions in FLAGS."""
    return flags.astype(pd.CategoricalDtype(list(FLAGS))).cat.codes.to_numpy()


def _codes_of(flags: Sequence[str]) -> list[int]:
    return [FLAGS.index(flag) for flag in flags]
