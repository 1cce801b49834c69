"""The bridge between the waves: harmonised codes and price levels by firm and wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.harmonise.carry import carry_over
from innosurvey.harmonise.comparability import breaks_alone, counted
from innosurvey.harmonise.crosswalk import clean_codes
from innosurvey.harmonise.prices import price_levels, prices_of
from innosurvey.harmonise.spec import HOW, PRICES, ClassificationSpec, HarmoniseSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmonised:
    """`bridge`: firm_id, wave, and what was added, in the order of waves and rows. `counts`: the table `harmonise`."""

    bridge: pd.DataFrame
    counts: pd.DataFrame


def harmonise_waves(
    waves: Mapping[str, pd.DataFrame],
    spec: HarmoniseSpec,
    files: Mapping[str, pd.DataFrame],
    years: Mapping[str, int],
) -> Harmonised:
    """Return the bridge of all waves; `waves` in the study's order, with firm_id and the classifications' columns.

    `files`: the reference files by name, as text. `years`: wave → the last year of its reference period. Columns of a
    classification that a wave does not have are missing there, and `how` is `unknown`.
    """
    keys = pd.concat([firms[["firm_id"]].assign(wave=wave) for wave, firms in waves.items()], ignore_index=True)
    keys = keys.astype("str")
    added: dict[str, pd.Series] = {}
    tables = [breaks_alone(_other_breaks(spec))]
    for classification in spec.classifications:
        carried = carry_over(_codes_of(keys, waves, classification), classification, files, spec.seed)
        added[classification.into] = carried.codes["harmonised"]
        added[classification.into + HOW] = carried.codes["how"]
        tables.insert(-1, counted(carried, classification, spec.breaks.get(classification.variable, {})))
    if spec.prices:
        levels = price_levels(files[spec.prices.file], spec.prices, years)
        priced = prices_of(keys["wave"], added.get(spec.prices.industry or ""), levels)
        added |= {name: priced[name] for name in PRICES}
    bridge = pd.concat([keys, pd.DataFrame(added, index=keys.index)], axis=1)
    filled = [table for table in tables if len(table)] or tables[-1:]
    return Harmonised(bridge=bridge, counts=pd.concat(filled, ignore_index=True))


def _codes_of(keys: pd.DataFrame, waves: Mapping[str, pd.DataFrame], spec: ClassificationSpec) -> pd.DataFrame:
    """Return firm_id, wave, place, code and revision of all waves, what a wave's file means by its codes replaced."""
    _fail_if_nobody_has(waves, spec)
    parts = []
    for place, (wave, firms) in enumerate(waves.items()):
        has = spec.variable in firms.columns and spec.revision in firms.columns
        blank = pd.Series(pd.NA, index=firms.index, dtype="str")
        code = clean_codes(firms[spec.variable].astype("str")) if has else blank
        code = code.replace(dict(spec.recode.get(wave, {})))
        revision = firms[spec.revision].astype("str") if has else blank
        parts.append(pd.DataFrame({"place": place, "code": code, "revision": revision}))
    return pd.concat([keys, pd.concat(parts, ignore_index=True)], axis=1)


def _other_breaks(spec: HarmoniseSpec) -> dict[str, Mapping[str, Mapping[str, str]]]:
    classified = {one.variable for one in spec.classifications}
    return {variable: waves for variable, waves in spec.breaks.items() if variable not in classified}


def _fail_if_nobody_has(waves: Mapping[str, pd.DataFrame], spec: ClassificationSpec) -> None:
    known = dict.fromkeys(str(column) for firms in waves.values() for column in firms.columns)
    for name in (spec.variable, spec.revision):
        if name not in known:
            raise StudyError(
                f"{spec.where}: no wave has the variable {name}.{did_you_mean(name, known)}\n"
                "Correct the name, or read the variable in the codebooks."
            )
