"""What a check found, and what stops a publication."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from innosurvey.errors import DisclosureError, bullets


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: what was looked at, how many things, and what was found wrong (nothing, in a run that passes)."""

    check: str
    looked_at: int
    found: tuple[str, ...] = ()


def fail_if_anything_was_found(checks: Sequence[Check]) -> None:
    """Raise DisclosureError that lists every finding."""
    broken = [f"{check.check}: {finding}" for check in checks for finding in check.found]
    if broken:
        raise DisclosureError(
            f"{len(broken)} findings stop the publication:\n{bullets(broken)}\n"
            "Nothing may leave results/ until these are mended."
        )


def as_json(checks: Sequence[Check]) -> str:
    """Return the checks as JSON."""
    return json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=1) + "\n"


def all_of(texts: Iterable[str]) -> list[Check]:
    """Return the checks of all texts that `as_json` wrote, in their order."""
    return [Check(**{**told, "found": tuple(told["found"])}) for text in texts for told in json.loads(text)]
