"""Identifiers of firms: one form, and whether they can be right.

A Korean business registration number has ten digits, written 3-2-5; the tenth checks the other nine. Files write it
with and without hyphens, with full-width digits, or as a number that lost its leading zeros.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd

KeyCheck = Literal["krw_brn", "none"]
LENGTH = 10
WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def normalise(key: str) -> str:
    """Return a registration number as ten digits where it can be read as one; else its text without blanks at the ends.

    >>> normalise("１２３-45-67891")
    '1234567891'
    """
    text = unicodedata.normalize("NFKC", key).strip()
    digits = text.removesuffix(".0")  # a number that passed through a float
    for character in "-‐‑–—−. ":
        digits = digits.replace(character, "")
    if digits.isascii() and digits.isdigit() and len(digits) <= LENGTH:
        return digits.zfill(LENGTH)
    return text


def check_digit(nine: str) -> int:
    """Return the tenth digit that belongs to the first nine (weights 1 3 7 1 3 7 1 3 5, and the tens of the last
    product).
    """
    digits = [int(character) for character in nine]
    total = sum(digit * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) + digits[8] * 5 // 10
    return (10 - total % 10) % 10


def is_valid(key: str) -> bool:
    """Return whether ten digits are a registration number: the check digit fits, and they are not all zero."""
    if not (len(key) == LENGTH and key.isascii() and key.isdigit()) or key == "0" * LENGTH:
        return False
    return check_digit(key[:9]) == int(key[9])


def normalised(keys: pd.Series, check: KeyCheck) -> pd.Series:
    """Return the keys in one form (`str`); as they are, without blanks at the ends, when nothing is known of their
    form.

    Where every key ends in `.0` they are numbers that passed through a float, and lose that ending.
    """
    if check == "krw_brn":
        return _for_each_key(_normalised_at_once, keys.astype("str"), "str")
    return _stripped(keys)


def _stripped(keys: pd.Series) -> pd.Series:
    texts = keys.astype("str").str.strip()
    known = texts.dropna()
    return texts.str.removesuffix(".0") if len(known) and known.str.fullmatch(r"\d+\.0").all() else texts


def numbered(keys: pd.Series, check: KeyCheck) -> tuple[np.ndarray, pd.Series]:
    """Return each key's number, -1 for a missing one, and the different keys in one form by their numbers.

    A register of events names a firm in many rows; its keys are brought into one form once and compared as numbers.
    """
    numbers, written = pd.factorize(keys.astype("str"))
    once = pd.Series(written, dtype="str")
    again, different = pd.factorize(_normalised_at_once(once) if check == "krw_brn" else _stripped(once))
    return np.append(again, -1)[numbers], pd.Series(different, dtype="str")


def bare(keys: pd.Series) -> pd.Series:
    """Return the keys without leading zeros, hyphens, points and blanks: equal ones may be one firm, not surely."""
    return keys.dropna().str.replace(r"[-.\s]", "", regex=True).str.lstrip("0")


def valid_keys(keys: pd.Series, check: KeyCheck) -> pd.Series:
    """Return whether each normalised key can be right (numpy bool); a missing key can't."""
    if check == "none":
        return keys.notna()
    return _for_each_key(_valid_at_once, keys.astype("str"), "boolean").fillna(False).astype(bool)


def _normalised_at_once(keys: pd.Series) -> pd.Series:
    """Return what `normalise` gives for each key; only keys with other than ASCII letters are looked at one by one."""
    plain = keys.str.fullmatch(r"[\x20-\x7e]*")
    texts = keys.where(plain, "").str.strip()
    digits = texts.str.removesuffix(".0").str.replace(r"[-. ]", "", regex=True)
    found = texts.where(~digits.str.fullmatch(r"[0-9]{1,10}"), digits.str.zfill(LENGTH))
    others = keys[~plain]
    if len(others):
        found[others.index] = others.map(normalise)
    return found


def _valid_at_once(keys: pd.Series) -> pd.Series:
    """Return what `is_valid` gives for each key."""
    formed = keys.str.fullmatch(r"[0-9]{10}").to_numpy(dtype=bool)
    numbers = keys.where(formed, "0").astype("int64").to_numpy()
    nine, last = np.divmod(numbers, 10)
    digits = nine[:, None] // 10 ** np.arange(LENGTH - 2, -1, -1) % 10
    right = (10 - (digits @ np.array(WEIGHTS) + digits[:, -1] * WEIGHTS[-1] // 10) % 10) % 10
    return pd.Series(formed & (numbers > 0) & (last == right), index=keys.index)


def _for_each_key(function: Callable[[pd.Series], pd.Series], keys: pd.Series, dtype: Any) -> pd.Series:
    """Return the function's value for each key, missing where the key is: a firm stands in many rows of a register."""
    places, different = pd.factorize(keys)
    values = function(pd.Series(different, dtype="str")).astype(dtype).array
    return pd.Series(values.take(places, allow_fill=True), index=keys.index)
