"""One wave screened: every suspicious answer, by the check that points at it, and the counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from innosurvey.errors import StudyError, did_you_mean
from innosurvey.screen.judged import Judged, NotChecked
from innosurvey.screen.outlier import judge_outlier
from innosurvey.screen.previous_ratio import judge_previous_ratio
from innosurvey.screen.soft import judge_soft
from innosurvey.screen.spec import BEFORE, ScreenSpec
from innosurvey.screen.wave import Wave

SUSPECTS = ["wave", "_source_row", "firm_id", "rule", "kind", "variable", "value_expected", "treatment"]
SUMMARY = ["wave", "rule", "kind", "variable", "checked", "outside", "flagged", "treated", "reason"]
NO_WAVE_BEFORE = "no wave before"
Findings = Sequence[Judged | NotChecked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """`suspects`: one row per answer and check that points at it; `summary`: counts by check and variable."""

    suspects: pd.DataFrame
    summary: pd.DataFrame


def screen_answers(wave: Wave, specs: Mapping[str, ScreenSpec]) -> Screened:
    """Return the wave's suspects and the table `screen`; the answers stay as they are.

    A check whose variables the wave (or the wave before) lacks is not carried out, and counted as such with the reason.
    StudyError, with the near name, for a check on a variable that nothing declares.
    """
    fail_if_not_answers(specs, wave)
    suspects: list[pd.DataFrame] = []
    counts: list[dict[str, Any]] = []
    for spec in specs.values():
        for finding in _findings(spec, wave):
            counts.append(_counted(spec, wave, finding))
            if isinstance(finding, Judged):
                suspects.append(_suspects(spec, wave, finding))
    summary = pd.DataFrame(counts, columns=SUMMARY)
    texts = dict.fromkeys(("wave", "rule", "kind", "variable", "reason"), "str")
    numbers = dict.fromkeys(("checked", "outside", "flagged", "treated"), "int64")
    return Screened(suspects=_in_order(suspects), summary=summary.astype({**texts, **numbers}))


def fail_if_not_answers(specs: Mapping[str, ScreenSpec], wave: Wave) -> None:
    """Raise a StudyError for a check that names an undeclared variable, or casts doubt on one that is derived."""
    known = wave.known if wave.previous is None else wave.known | set(map(str, wave.previous.columns))
    for spec in specs.values():
        for name in spec.names():
            if name not in known:
                raise StudyError(f"{spec.where}: there is no variable {name}.{did_you_mean(name, known)}\nCorrect it.")
        for name in spec.variables:
            if name in wave.derived:
                parts = ", ".join(wave.derived[name].names())
                raise StudyError(
                    f"{spec.where}: {name} is derived, so no answer to it can be suspicious.\n"
                    f"Name the answers that it is built from ({parts}); derived variables may stand in "
                    "`rule:`, `measure:`, `expected:` and `by:`."
                )
            if name in wave.firms.columns and f"{name}_flag" not in wave.firms.columns:
                raise StudyError(f"{spec.where}: {name} is no answer to the survey.\nName a question of the survey.")


def _findings(spec: ScreenSpec, wave: Wave) -> Findings:
    """Return what the check found on each of its variables, or why it was not carried out."""
    if spec.kind == "soft":
        return _soft(spec, wave)
    if spec.kind == "outlier":
        needs = {name: [name, *([spec.measure] if spec.measure else [])] for name in spec.variables}
        judges: dict[str, Callable[[], Judged]] = {
            name: partial(judge_outlier, spec, wave, name) for name in spec.variables
        }
    else:
        needs = {now: [now, f"{BEFORE}{before}"] for now, before in spec.pairs}
        judges = {now: partial(judge_previous_ratio, spec, wave, now, before) for now, before in spec.pairs}
    findings: list[Judged | NotChecked] = []
    for name in spec.variables:
        reason = _lacks(spec, wave, needs[name])
        findings.append(NotChecked(variable=name, reason=reason) if reason else judges[name]())
    return findings


def _soft(spec: ScreenSpec, wave: Wave) -> Findings:
    reason = _lacks(spec, wave, [spec.rule, *spec.variables])
    if reason:
        return [NotChecked(variable=name, reason=reason) for name in spec.variables]
    return judge_soft(spec, wave)


def _lacks(spec: ScreenSpec, wave: Wave, needs: Sequence[str]) -> str:
    """Return why the wave cannot feed these expressions; an empty text when it can."""
    lacking = list(dict.fromkeys(name for text in needs for name in wave.missing(text, spec.where)))
    if wave.previous is None and any(name.startswith(BEFORE) for name in lacking):
        return NO_WAVE_BEFORE
    return f"needs {', '.join(lacking)}" if lacking else ""


def _expected(spec: ScreenSpec, wave: Wave, finding: Judged) -> np.ndarray:
    """Return what was expected: the spec's own expression where it gives something, else what the check says."""
    if not spec.expected or wave.missing(spec.expected, spec.where):
        return finding.expected
    declared = wave.amounts(spec.expected, f"{spec.where}.expected")
    return np.where(np.isnan(declared), finding.expected, declared)


def _suspects(spec: ScreenSpec, wave: Wave, finding: Judged) -> pd.DataFrame:
    rows = np.flatnonzero(finding.flagged)
    firms = wave.firms[["wave", "_source_row", "firm_id"]].iloc[rows].reset_index(drop=True)
    expected = _expected(spec, wave, finding)[rows] if len(rows) else np.empty(0)
    return firms.assign(
        rule=spec.id, kind=spec.kind, variable=finding.variable, value_expected=expected, treatment=spec.treatment
    )


def _in_order(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the suspects by row of the raw file, checks in their declared order."""
    filled = [part for part in parts if len(part)]
    suspects = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=SUSPECTS)
    texts = dict.fromkeys(("wave", "firm_id", "rule", "kind", "variable", "treatment"), "str")
    suspects = suspects.astype({**texts, "_source_row": "Int64", "value_expected": "float64"})
    return suspects.sort_values("_source_row", kind="stable").reset_index(drop=True)[SUSPECTS]


def _counted(spec: ScreenSpec, wave: Wave, finding: Judged | NotChecked) -> dict[str, Any]:
    """Return a row of the table `screen`."""
    row = {"wave": wave.name, "rule": spec.id, "kind": spec.kind, "variable": finding.variable}
    if isinstance(finding, NotChecked):
        return {**row, "checked": 0, "outside": 0, "flagged": 0, "treated": 0, "reason": finding.reason}
    flagged = int(finding.flagged.sum())
    return {
        **row,
        "checked": int(finding.checked.sum()),
        "outside": int(finding.outside.sum()),
        "flagged": flagged,
        "treated": flagged if spec.treatment == "impute" else 0,
        "reason": "",
    }
