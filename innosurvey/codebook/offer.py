"""What a codebook lets its questions be answered with, read from its YAML alone. Light: the Snakefile asks at every
start.
"""

from collections.abc import Mapping
from typing import Any

from innosurvey.dictionary import MISSING_KINDS, MULTI_NONE
from innosurvey.expressions.offers import Offers
from innosurvey.yamlfile import YamlFile

# Ways to combine columns that give one of their columns' answers.
_CHOOSING = (None, "max", "first")
# Keys of an entry whose answers are not the meanings of its codes: one value for all, or numbers that are scaled.
_OPEN = {"constant", "unit", "multiply"}


def offers_of(file: YamlFile) -> Offers:
    """Return the answers that the variables of a codebook can have, sorted: those with a complete list of codes, and
    those made of one column per level. Others, constants and scaled numbers are not in it.

    What could not work is left out: reading the codebook (`from_yaml`) refuses it.
    """
    found = {}
    for name, entry in (file.data.get("variables") or {}).items():
        if isinstance(entry, dict) and not _OPEN.intersection(entry):
            answers = _answers(entry, file.data.get("value_maps"))
            if answers:
                found[str(name)] = answers
    return found


def _answers(entry: Mapping[str, Any], maps: Any) -> tuple[str | float, ...]:
    """Return the different answers of one variable; none where they are not listed, or are yes and no."""
    columns, values, combine = entry.get("columns"), entry.get("values"), entry.get("combine")
    if combine == "multi":
        return tuple(sorted({*map(str, columns), MULTI_NONE})) if isinstance(columns, dict) else ()
    if isinstance(values, str):
        values = maps.get(values) if isinstance(maps, dict) else None
    if combine not in _CHOOSING or not isinstance(values, dict):
        return ()
    meanings = [*values.values(), *([entry["blank"]] if "blank" in entry else [])]
    given = [meaning for meaning in meanings if meaning is not None and meaning not in MISSING_KINDS]
    if any(isinstance(meaning, bool) for meaning in given):
        return ()
    if all(isinstance(meaning, int | float) for meaning in given):
        return tuple(sorted({float(meaning) for meaning in given}))
    return tuple(sorted({str(meaning) for meaning in given}))
