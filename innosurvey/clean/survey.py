"""One wave cleaned, with a ledger of every dropped row and every changed cell.

`rounds` repeats the edits until nothing changes. Blanking only ever opens rules, so that comes to an end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from innosurvey.clean.contradictions import fail_if_edits_contradict
from innosurvey.clean.edits import Change, Levels, checked, failing
from innosurvey.clean.localise import Localisation
from innosurvey.clean.rounds import Rounds
from innosurvey.clean.spec import EditSpec, fail_if_edits_unknown, range_edits, skip_edits
from innosurvey.clean.system import order_of_doubt, read_system
from innosurvey.clean.trial import fail_if_edits_do_not_fit
from innosurvey.dictionary import Dictionary
from innosurvey.errors import StudyError, bullets

KEY_VALID = "_key_valid"
"""Column of the linked wave: can the firm's key be right."""
DETAIL = ["wave", "_source_row", "firm_id", "stage", "rule", "variable", "action"]
SUMMARY = ["wave", "stage", "rule", "variable", "action", "rows", "cells"]
STAGE = "clean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The wave in which no hard edit fails; `ledger`: one row per dropped row or changed cell; `summary`: counts by
    rule.
    """

    firms: pd.DataFrame
    ledger: pd.DataFrame
    summary: pd.DataFrame


def clean_survey(
    firms: pd.DataFrame,
    edits: Mapping[str, EditSpec],
    dictionary: Dictionary,
    asked_if: Mapping[str, str],
    localisation: Localisation | None = None,
) -> Cleaned:
    """Return the wave cleaned by the dictionary's ranges, the edits and the codebook's skips (`asked_if`: variable →
    rule); `localisation`: which fields are doubted first where an edit does not say what is blanked.

    An edit that needs a variable which the wave lacks is not checked, and counted as such. Rows in = rows kept +
    dropped. StudyError for an edit of a variable that nobody declared.
    """
    fail_if_edits_unknown(edits, dictionary, firms.columns)
    fail_if_edits_do_not_fit(edits, dictionary)
    levels = {name: variable.levels for name, variable in dictionary.items() if variable.levels}
    able = {name: spec for name, spec in edits.items() if _can_check(spec, firms)}
    kept, dropped = _drop(firms, [spec for spec in able.values() if spec.kind == "drop"], levels)
    _fail_if_nobody_is_left(firms, kept, dropped)
    declared = [spec for spec in able.values() if spec.kind != "drop"]
    decided = {spec.id: checked(kept, spec, levels) for spec in declared}
    skips = [spec for spec in skip_edits(asked_if, kept.columns) if _can_check(spec, kept)]
    skips = [*(spec for spec in declared if spec.kind == "skip"), *skips]
    repairs = [*range_edits(dictionary, kept.columns), *(spec for spec in declared if spec.kind != "skip")]
    rules = localisation or Localisation()
    rules = replace(rules, order=order_of_doubt(declared, rules.reliability))
    system = read_system([*declared, *skips], dictionary, kept.columns)
    fail_if_edits_contradict(system, edits)
    rounds = Rounds(kept, levels)
    changes = rounds.settle(repairs, skips, system, rules)
    _fail_if_an_edit_fails(kept, declared, levels)
    detail = _detail(firms, dropped, _wrong_keys(kept), changes)
    unable = [name for name in edits if name not in able]
    notes = {"checked": decided, "not_checked": dict.fromkeys(unable, 0), "not_localised": rounds.unsolved}
    summary = _summary(firms, kept, detail, notes)
    return Cleaned(firms=kept.drop(columns=KEY_VALID, errors="ignore"), ledger=detail, summary=summary)


def failures(firms: pd.DataFrame, specs: Sequence[EditSpec], levels: Levels) -> dict[str, int]:
    """Return how many firms fail each edit that the wave has the variables for."""
    return {spec.id: int(failing(firms, spec, levels).sum()) for spec in specs if _can_check(spec, firms)}


def _can_check(spec: EditSpec, firms: pd.DataFrame) -> bool:
    flags = [f"{name}_flag" for name in spec.changed()]
    return all(name in firms.columns for name in [*spec.names(), *flags])


def _drop(firms: pd.DataFrame, specs: Sequence[EditSpec], levels: Levels) -> tuple[pd.DataFrame, list[Change]]:
    """Return the rows in scope and the dropped ones by the first rule that drops them."""
    gone = pd.Series(False, index=firms.index)
    changes = []
    for spec in specs:
        # The rule of a drop holds for what goes, so those who "fail" it stay.
        rows = ~failing(firms, spec, levels) & firms[spec.names()].notna().all(axis=1) & ~gone
        gone |= rows
        changes.append(Change(rule=spec.id, variable="", action="dropped", rows=rows.index[rows]))
    kept = firms[~gone]
    if len(kept) + sum(len(change.rows) for change in changes) != len(firms):
        raise AssertionError("rows kept + rows dropped are not the rows that came in")
    return kept, changes


def _fail_if_nobody_is_left(firms: pd.DataFrame, kept: pd.DataFrame, dropped: Sequence[Change]) -> None:
    if len(kept) or not len(firms):
        return
    counts = bullets(f"{change.rule} drops {len(change.rows)}" for change in dropped if len(change.rows))
    raise StudyError(
        f"edits, wave {firms['wave'].iloc[0]}: of {len(firms)} rows none is left to analyse:\n{counts}\n"
        "The rule of a `drop` holds for rows that go: correct it."
    )


def _fail_if_an_edit_fails(firms: pd.DataFrame, specs: Sequence[EditSpec], levels: Levels) -> None:
    """Raise a StudyError for an edit that some firms fail whatever of their answers is blanked."""
    for spec in specs:
        failed = failing(firms, spec, levels)
        if failed.any():
            rows = firms.loc[failed, "_source_row"]
            shown = ", ".join(str(row) for row in rows.head(10)) + (" …" if len(rows) > 10 else "")
            raise StudyError(
                f"{spec.where}, wave {firms['wave'].iloc[0]}: {len(rows)} firms fail it whatever of their answers is "
                f"blanked (rows {shown}).\n"
                "Its rule decides on what no answer gives (a register, an answer that is missing), or another edit "
                "corrects what it corrects: let it be open there, or say `blank:` in place of `correct:`."
            )


def _wrong_keys(firms: pd.DataFrame) -> list[Change]:
    if KEY_VALID not in firms.columns:
        return []
    wrong = ~firms[KEY_VALID]
    return [Change(rule="wrong_check_digit", variable="firm_id", action="not_linked", rows=firms.index[wrong])]


def _detail(firms: pd.DataFrame, *groups: Sequence[Change]) -> pd.DataFrame:
    """Return the table `changes`, sorted by row; where cells changed twice both changes stand, in their order."""
    parts = [
        pd.DataFrame(
            {
                "wave": firms.loc[change.rows, "wave"].astype("str"),
                "_source_row": firms.loc[change.rows, "_source_row"].astype("Int64"),
                "firm_id": firms.loc[change.rows, "firm_id"].astype("str"),
                "stage": STAGE,
                "rule": change.rule,
                "variable": change.variable,
                "action": change.action,
            }
        )
        for changes in groups
        for change in changes
    ]
    detail = pd.concat(parts) if parts else pd.DataFrame(columns=DETAIL)
    texts = dict.fromkeys(("wave", "firm_id", "stage", "rule", "variable", "action"), "str")
    detail = detail.astype({**texts, "_source_row": "Int64"})
    return detail.sort_values("_source_row", kind="stable").reset_index(drop=True)[DETAIL]


def _summary(
    firms: pd.DataFrame, kept: pd.DataFrame, detail: pd.DataFrame, notes: Mapping[str, Mapping[str, int]]
) -> pd.DataFrame:
    """Return the table `ledger`: rows in, dropped and kept; `notes` on edits; per change rows and cells."""
    entries: list[dict[str, Any]] = [_entry("typed_rows", "", "read", len(firms))]
    entries += [_entry(rule, "", action, rows) for action, counts in notes.items() for rule, rows in counts.items()]
    counted = detail.groupby(["rule", "variable", "action"], sort=False)["_source_row"].agg(["nunique", "size"])
    for key, rows, cells in zip(counted.index, counted["nunique"], counted["size"], strict=True):
        rule, variable, action = key
        entries.append(_entry(rule, variable, action, rows, 0 if action in ("dropped", "not_linked") else cells))
    entries.append(_entry("clean_rows", "", "kept", len(kept)))
    wave = str(firms["wave"].iloc[0]) if len(firms) else ""
    summary = pd.DataFrame(entries).assign(wave=wave, stage=STAGE)[SUMMARY]
    return summary.astype({"rows": "int64", "cells": "int64"})


def _entry(rule: str, variable: str, action: str, rows: int, cells: int = 0) -> dict[str, Any]:
    return {"rule": rule, "variable": variable, "action": action, "rows": int(rows), "cells": int(cells)}
