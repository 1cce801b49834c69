"""YAML as the codebooks are written: short flow maps, quotes only where a text would be read as something else."""

import json
import re
from collections.abc import Mapping, Sequence

_PLAIN = re.compile(r"[A-Za-z가-힣_][\w가-힣.()·/ -]*(?<! )")
_NUMBER = re.compile(r"0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9]")
_RESERVED = ("true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "~")


class Name(str):
    """A text that stays one even where it is written like a number: a column `1.50`, a sheet `2020`."""

    __slots__ = ()


def scalar(value: object) -> str:
    """Return a key or value as YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, int | float) or (_NUMBER.fullmatch(text) and not isinstance(value, Name)):
        return text
    if _PLAIN.fullmatch(text) and text.casefold() not in _RESERVED and " #" not in text:
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(value: object) -> str:
    """Return a value as YAML in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(entry) for entry in value) + "]"
    return scalar(value)
