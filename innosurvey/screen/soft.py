"""Soft edits: a rule that nearly every right answer obeys."""

from __future__ import annotations

import numpy as np

from innosurvey.errors import StudyError
from innosurvey.screen.judged import Judged
from innosurvey.screen.spec import ScreenSpec
from innosurvey.screen.wave import Wave


def judge_soft(spec: ScreenSpec, wave: Wave) -> list[Judged]:
    """Return the finding per variable: suspicious where it is answered and the rule fails; an open rule is passed."""
    holds = wave.evaluate(spec.rule, f"{spec.where}.rule")
    if str(holds.dtype) != "boolean":
        raise StudyError(f"{spec.where}: a rule must be yes or no, and this is not.\nCompare it, as in x > 0.")
    decided = holds.notna().to_numpy()
    failed = ~holds.fillna(True).to_numpy(dtype=bool)
    none = np.zeros(len(holds), dtype=bool)
    return [
        Judged(
            variable=name,
            checked=decided,
            outside=none,
            flagged=failed & wave.firms[name].notna().to_numpy(),
            expected=np.full(len(holds), np.nan),
        )
        for name in spec.variables
    ]
