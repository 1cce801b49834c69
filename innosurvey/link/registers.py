"""The registers joined to one wave, and how many firms they found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.dictionary import FLAGS
from innosurvey.errors import DataError, StudyError, did_you_mean
from innosurvey.keys import KeyCheck, bare, normalised, numbered, valid_keys
from innosurvey.link.rows import KEY, Period, rows_of_wave, values_per_firm, without_repeated_rows
from innosurvey.link.spec import Into, LinkSpec

FLAG_TYPE = pd.CategoricalDtype(list(FLAGS))
LEDGER = ["wave", "stage", "rule", "variable", "action", "rows", "cells"]
KEY_VALID = "_key_valid"
"""Column: can the firm's key be right. Cleaning notes the firms that could not be linked because it can't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The wave with the registers' variables, link rates by stratum (table `link`), and a ledger of the registers'
    rows.

    The ledger (table `ledger`) counts by register the rows whose key can't be right, which are linked to nobody; rows
    that repeat another, used once; and rows that hold for the wave but of firms that it does not have.
    """

    firms: pd.DataFrame
    rates: pd.DataFrame
    ledger: pd.DataFrame


def link_registers(
    firms: pd.DataFrame,
    registers: Mapping[str, pd.DataFrame],
    specs: Mapping[str, LinkSpec],
    period: tuple[str, str],
    key_check: KeyCheck = "none",
) -> Linked:
    """Return the wave, one row per firm as it came, with each variable of the registers and its flag.

    From a register that covers all firms a yes/no is false and a number of events 0 for a firm that the register does
    not hold; other values are missing. All are missing for a firm whose key can't be right. DataError for registers
    that contradict themselves or firms that become the same when their keys are brought into one form.
    """
    linked = _with_one_form_of_keys(firms, key_check)
    days = (pd.Timestamp(period[0]), pd.Timestamp(period[1]))
    columns: dict[str, Any] = {}
    found: dict[str, pd.Series] = {}
    counts: list[dict[str, Any]] = []
    for name, spec in specs.items():
        if name not in registers:
            raise StudyError(f"{spec.where}: there is no register {name}.{did_you_mean(name, registers)}")
        _fail_if_variables_are_there(spec, [*linked.columns, *columns])
        rows, places, dropped = _rows_of_wave(linked, registers[name], spec, days, key_check)
        columns |= _joined(linked, places, rows, spec)
        found[name] = linked[KEY_VALID] & np.isin(places, rows[KEY])
        dropped["not_in_survey"] = int(np.sum(~np.isin(rows[KEY], places)))
        counts += _counts(linked, name, dropped)
    linked = pd.concat([linked, pd.DataFrame(columns, index=linked.index)], axis=1)
    rates = [_rates(linked, name, firms_found) for name, firms_found in found.items()]
    return Linked(
        firms=linked,
        rates=pd.concat(rates, ignore_index=True) if rates else _rates(linked, "", linked[KEY_VALID]).iloc[:0],
        ledger=pd.DataFrame(counts, columns=LEDGER),
    )


def _rows_of_wave(
    linked: pd.DataFrame, register: pd.DataFrame, spec: LinkSpec, period: Period, key_check: KeyCheck
) -> tuple[pd.DataFrame, np.ndarray, dict[str, int]]:
    """Return the rows that hold for the wave, their keys as numbers; the number of each firm of the wave (-1 where the
    register lacks it); and how many rows were not used, by reason.
    """
    numbers, keys = numbered(register[KEY], key_check)
    valid = valid_keys(keys, key_check).to_numpy()
    _fail_if_no_key_is_right(valid, f"register {spec.register}", key_check)
    right = np.append(valid, False)[numbers]
    places = pd.Index(keys).get_indexer(pd.Index(linked["firm_id"]))
    if not np.append(valid, False)[places].any():
        _fail_if_keys_are_written_otherwise(linked, keys[valid], spec)
    once, repeated = without_repeated_rows(register.assign(firm_id=numbers)[right], spec)
    dropped = {"wrong_check_digit": int(np.sum(~right)), "repeated_row": repeated}
    return rows_of_wave(once, spec, period), places, dropped


def _with_one_form_of_keys(firms: pd.DataFrame, key_check: KeyCheck) -> pd.DataFrame:
    keys = normalised(firms["firm_id"], key_check)
    repeated = firms.loc[keys.duplicated(keep=False), "_source_row"]
    if len(repeated):
        rows = ", ".join(str(row) for row in repeated.head(10))
        raise DataError(
            f"rows {rows}: firms share a registration number once it is written in one form.\n"
            "A firm answers once a wave: keep one of the rows in the file."
        )
    valid = valid_keys(keys, key_check)
    _fail_if_no_key_is_right(valid.to_numpy(), f"wave {firms['wave'].iloc[0]}" if len(firms) else "", key_check)
    return firms.assign(firm_id=keys, **{KEY_VALID: valid})


def _fail_if_no_key_is_right(valid: np.ndarray, where: str, key_check: KeyCheck) -> None:
    """Raise a DataError where a whole table has ids of another form: no row of it could be linked."""
    if len(valid) > 1 and not valid.any():
        raise DataError(
            f"{where}: none of its {len(valid)} firm ids passes the check of the study (`key_check: {key_check}`).\n"
            "Let the codebook's `firm_id` name the column of these ids, or say `key_check: none` in the study file."
        )


def _fail_if_keys_are_written_otherwise(linked: pd.DataFrame, keys: pd.Series, spec: LinkSpec) -> None:
    """Raise a DataError when keys, none of which is in the survey, would be without zeros and hyphens.

    Unlinked, every firm of the wave would count as one that the register does not hold.
    """
    alike = int(bare(linked["firm_id"]).isin(bare(keys).array).sum())
    if alike:
        raise DataError(
            f"register {spec.register}, wave {linked['wave'].iloc[0]}: none of its firm ids is in the survey as it is "
            f"written, but {alike} would be without leading zeros, hyphens and blanks.\n"
            "Write the ids in one form in both files (a spreadsheet that opens a file drops leading zeros)."
        )


def _fail_if_variables_are_there(spec: LinkSpec, columns: Collection[str]) -> None:
    for into in spec.into:
        if into.variable in columns:
            raise StudyError(
                f"{spec.where}.into.{into.variable}: the survey or another register has this variable already.\n"
                "Give the register's another name, or leave the survey's out of its codebook."
            )


def _joined(linked: pd.DataFrame, firm_numbers: np.ndarray, rows: pd.DataFrame, spec: LinkSpec) -> dict[str, Any]:
    """Return the register's variables and their flags for the firms of the wave."""
    columns: dict[str, Any] = {}
    for into in spec.into:
        found = values_per_firm(rows, spec, into)
        values = found.reindex(firm_numbers).astype(found.dtype).set_axis(linked.index)
        if spec.covers == "all":
            values = _none_where_absent(values, spec, into)
        values = values.mask(~linked[KEY_VALID])
        columns[into.variable] = values
        flags = np.where(values.notna(), FLAGS.index("observed"), FLAGS.index("missing"))
        columns[f"{into.variable}_flag"] = pd.Categorical.from_codes(flags, dtype=FLAG_TYPE)
    return columns


def _none_where_absent(values: pd.Series, spec: LinkSpec, into: Into) -> pd.Series:
    """Return no for a yes/no and 0 for a number of events, where the register does not hold the firm."""
    if str(values.dtype) == "boolean":
        return values.fillna(False)
    return values.fillna(0) if spec.how == "events" and into.aggregate in ("count", "sum") else values


def _rates(linked: pd.DataFrame, register: str, found: pd.Series) -> pd.DataFrame:
    """Return firms and linked firms by stratum, and over `all` strata; without strata that row stands alone."""
    strata = linked["stratum_id"].astype("str") if "stratum_id" in linked else pd.Series("all", index=linked.index)
    counts = found.groupby(strata, sort=True).agg(["size", "sum"])
    if len(counts) and "all" not in counts.index:
        counts.loc["all"] = counts.sum()
    return pd.DataFrame(
        {
            "wave": linked["wave"].iloc[0] if len(linked) else "",
            "register": register,
            "stratum_id": counts.index.astype("str"),
            "n": counts["size"].to_numpy(dtype="int64"),
            "linked": counts["sum"].to_numpy(dtype="int64"),
            "rate": (counts["sum"] / counts["size"]).to_numpy(dtype="float64"),
        }
    )


ACTIONS = {"wrong_check_digit": "not_linked", "repeated_row": "dropped", "not_in_survey": "counted"}


def _counts(linked: pd.DataFrame, register: str, dropped: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return rows of the table `ledger`; what no file should hold is left out where it holds none."""
    wave = linked["wave"].iloc[0] if len(linked) else ""
    entry = {"wave": wave, "stage": "link", "variable": register, "cells": 0}
    return [
        {**entry, "rule": rule, "action": ACTIONS[rule], "rows": rows}
        for rule, rows in dropped.items()
        if rows or rule != "repeated_row"
    ]
