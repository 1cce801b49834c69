"""Price levels: what a year's money was worth, relative to a base year.

The series is the study's own reference file: year, index (of any base), source, status, and `industry` where prices
differ by industry (a code that the firm's begins with; blank for all others). It is never extended: a year that it
lacks is an error, since a guessed price level would be a guessed growth.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from innosurvey.errors import DataError, StudyError, bullets, did_you_mean
from innosurvey.harmonise.crosswalk import longest_entry
from innosurvey.harmonise.spec import PRICES, PricesSpec

COLUMNS = ("year", "index", "source", "status")
ELSE = ""
"""The industry of the series that holds for firms without one of their own."""


def price_levels(series: pd.DataFrame, spec: PricesSpec, years: Mapping[str, int]) -> pd.DataFrame:
    """Return the columns wave, industry and `PRICES`: the levels of a wave's last year and of the two before, base 1.

    `years`: wave → its last year. DataError, with the years and the file, for what the series lacks or repeats.
    """
    levels = _checked(series, spec)
    wanted = {wave: [last - lag for lag in range(len(PRICES))] for wave, last in years.items()}
    needed = sorted({spec.base, *(year for asked in wanted.values() for year in asked)})
    by_year = levels.pivot_table(index="industry", columns="year", values="index")
    missing = [
        f"{year}{f' (industry {industry})' if industry else ''}"
        for industry in by_year.index
        for year in needed
        if year not in by_year.columns or pd.isna(by_year.loc[industry, year])
    ]
    if missing:
        raise DataError(
            f"{spec.file}: the price series lacks years that the waves ask about:\n{bullets(missing)}\n"
            f"It has {levels['year'].min()} to {levels['year'].max()}. Add the years from {spec.source}, "
            "or leave out `harmonise.prices` (amounts then stay nominal)."
        )
    relative = by_year.div(by_year[spec.base], axis=0)
    rows = [
        {"wave": wave, "industry": industry, **dict(zip(PRICES, relative.loc[industry, asked], strict=True))}
        for wave, asked in wanted.items()
        for industry in relative.index
    ]
    return pd.DataFrame(rows).astype({"industry": "str"})


def prices_of(waves: pd.Series, codes: pd.Series | None, levels: pd.DataFrame) -> pd.DataFrame:
    """Return `PRICES` per firm and wave, by the longest industry of the series that its code begins with."""
    industries = [name for name in levels["industry"].unique() if name != ELSE]
    own = pd.Series(ELSE, index=waves.index, dtype="str")
    if codes is not None and industries:
        own = longest_entry(codes, industries).fillna(ELSE)
    keys = pd.MultiIndex.from_arrays([waves, own])
    found = levels.set_index(["wave", "industry"])[list(PRICES)].reindex(keys)
    return found.set_axis(waves.index)


def _checked(series: pd.DataFrame, spec: PricesSpec) -> pd.DataFrame:
    """Return year, index and industry with their types; a DataError for what is no number or stands twice."""
    absent = [column for column in COLUMNS if column not in series.columns]
    if absent:
        has = ", ".join(map(str, series.columns))
        near = did_you_mean(absent[0], series.columns)
        raise DataError(
            f"{spec.file}: the price series has no column {', '.join(absent)}.{near}\n"
            f"It needs {_needs()}; it has {has}."
        )
    if "industry" in series.columns and (series["industry"] != ELSE).any() and spec.industry is None:
        raise StudyError(
            f"{spec.file}: the price series differs by industry.\n"
            "Say in `harmonise.prices.industry` which harmonised code it goes by."
        )
    if series.empty:
        raise DataError(f"{spec.file}: the price series has no year.\nAdd the years that the waves ask about.")
    levels = pd.DataFrame(
        {
            "year": pd.to_numeric(series["year"], errors="coerce"),
            "index": pd.to_numeric(series["index"], errors="coerce"),
            "industry": series["industry"] if "industry" in series.columns else ELSE,
        }
    )
    wrong = levels[["year", "index"]].isna().any(axis=1) | ~(levels["index"] > 0) | (levels["year"] % 1 != 0)
    twice = levels.duplicated(["year", "industry"])
    lines = [f"row {row + 2}: no year, or no index above 0" for row in levels.index[wrong]]
    lines += [f"row {row + 2}: the year stands twice" for row in levels.index[twice & ~wrong]]
    if lines:
        raise DataError(f"{spec.file}: rows of the price series that cannot be used:\n{bullets(lines)}\nCorrect them.")
    return levels.astype({"year": "int64"})


def _needs() -> str:
    return f"{', '.join(COLUMNS)}, and `industry` where prices differ by it"
