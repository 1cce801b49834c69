"""The `localisation` section: which answers are doubted first, and how many of a firm may be wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from innosurvey.clean.localise import Localisation
from innosurvey.errors import StudyError, did_you_mean
from innosurvey.specs import fail_if_unknown_keys, mapping_at

WHERE = "localisation"


def parse_localisation(section: Mapping[str, Any] | None, known: Collection[str]) -> Localisation:
    """Return the rules by which wrong fields are found.

    StudyError for a field that is not `known` (with the near name), a weight not above 0, a number of fields below 1.
    """
    entry = mapping_at(section, WHERE)
    fail_if_unknown_keys(entry, ("most_fields", "reliability"), WHERE)
    most = entry.get("most_fields", Localisation().most_fields)
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise StudyError(f"{WHERE}.most_fields: expected a whole number from 1, not `{most}`.")
    weights = mapping_at(entry.get("reliability"), f"{WHERE}.reliability")
    for name, weight in weights.items():
        if name not in known:
            raise StudyError(
                f"{WHERE}.reliability: there is no variable {name}.{did_you_mean(str(name), known)}\n"
                "Correct the name, or remove the line with `null`."
            )
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < float("inf"):
            raise StudyError(
                f"{WHERE}.reliability.{name}: expected a number above 0, not `{weight}`.\n"
                "1 is the weight of a field that is not named; the more an answer is trusted, the heavier."
            )
    reliability = {str(name): float(weight) for name, weight in weights.items()}
    return Localisation(reliability=reliability, most_fields=most)
