"""Which of the declared texts the report prints: those whose claim has one of their verdicts and, where they ask for
cells of the frame, that find enough of them.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from innosurvey.policy.spec import PolicySpec, RecommendationSpec

COLUMNS = (
    "recommendation", "field", "stages", "governments", "actions", "least", "claim", "verdicts", "verdict", "cells",
    "groups", "chosen", "rule", "reason",
)  # fmt: skip
JOINED = "|"


def choose_recommendations(spec: PolicySpec | None, frame: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Return the table `recommendations`: a row per declared text, whether it is chosen, by which rule, and the cells
    behind it. `frame` is the table `policy`, `claims` the table of verdicts.
    """
    verdicts = dict(zip(claims["claim"], claims["verdict"], strict=True))
    rows = [_row(one, frame, verdicts) for one in (spec.recommendations if spec else ())]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"least": "Int64", "cells": "Int64", "chosen": "boolean"})


def _row(one: RecommendationSpec, frame: pd.DataFrame, verdicts: Mapping[str, str]) -> dict[str, object]:
    cells = cells_of(one, frame)
    verdict = verdicts.get(one.claim, "")
    reason = _against(one, verdict, len(cells))
    return {
        "recommendation": one.id,
        "field": one.field,
        **{name: JOINED.join(getattr(one, name)) for name in ("stages", "governments", "actions", "verdicts")},
        "least": one.least if one.by_cells else None,
        "claim": one.claim,
        "verdict": verdict,
        "cells": len(cells) if one.by_cells else None,
        "groups": JOINED.join(dict.fromkeys(cells["group"])),
        "chosen": not reason,
        "rule": rule_of(one),
        "reason": reason,
    }


def cells_of(one: RecommendationSpec, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of the frame that a text looks for; none where it looks for none."""
    chosen = pd.Series(one.by_cells, index=frame.index)
    fields = (one.field,) if one.field else ()
    for column, wanted in (
        ("field", fields),
        ("group", one.stages),
        ("government", one.governments),
        ("action", one.actions),
    ):
        if wanted:
            chosen &= frame[column].isin(wanted)
    return frame[chosen]


def _against(one: RecommendationSpec, verdict: str, cells: int) -> str:
    """Return why a text is not chosen, or an empty text."""
    if not verdict:
        return f"the study has no claim {one.claim}"
    if verdict not in one.verdicts:
        return f"{one.claim} is {verdict}"
    return f"{cells} such cells" if one.by_cells and cells < one.least else ""


def rule_of(one: RecommendationSpec) -> str:
    """Return what a text is chosen by, as the report prints it."""
    verdict = f"{one.claim} is {_or(one.verdicts)}"
    if not one.by_cells:
        return verdict
    least = f"{one.least} or more cells" if one.least else "any cells"
    parts = [f" of {name}" for name in (one.field, _or(one.stages), _or(one.governments)) if name]
    action = f" that call for {_or(one.actions)}" if one.actions else ""
    return f"{verdict}; {least}{''.join(parts)}{action}"


def _or(names: Sequence[str]) -> str:
    return " or ".join(names)
