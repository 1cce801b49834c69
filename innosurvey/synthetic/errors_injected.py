"""Errors of known kinds in known cells: what editing has to find.

Each kind says which rows could hold it and how it falsifies them. A row holds one error at most, and only complete
responses hold any, so that counts can be compared one by one. The list of what was done goes into truth.yaml.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from innosurvey.synthetic.nonresponse import ANSWERED, NOT_ASKED, Answers

BLOCKS = (
    ("fin_own", "fin_gov_grant", "fin_gov_loan", "fin_bank", "fin_equity", "fin_other"),
    ("turn_unchanged_pct", "turn_new_mkt_pct", "turn_new_ent_pct"),
    ("acq_own_pct", "acq_joint_pct", "acq_outsourced_pct", "acq_imported_pct"),
)
SKIPPED: dict[str, str | int] = {
    "goal_attainment": "partial",
    "info_industry_clients": 2,
    "mot_planning": 2,
    "n_projects_tried": 3,
}
"""Answers that inactive firms give although they are not asked."""
ABSURD = 12
"""R&D expenditure of so many times the sales can only be in the wrong unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """One error: its kind, the row (0, 1, … of the wave) and the variables that are wrong."""

    kind: str
    row: int
    variables: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Sheet:
    """The cells that errors are written into. `covered` marks rows whose sales a register knows."""

    values: pd.DataFrame
    kinds: pd.DataFrame
    covered: np.ndarray
    last_year: int

    def answered(self, *names: str) -> np.ndarray:
        """Return the rows in which all of the variables are answered."""
        return (self.kinds[list(names)] == ANSWERED).all(axis=1).to_numpy()

    def numbers(self, name: str) -> np.ndarray:
        """Return a column's answers as numbers, NaN where there is none."""
        return pd.to_numeric(self.values[name]).to_numpy(dtype=float)

    def number(self, row: int, name: str) -> float:
        """Return one answer as a number."""
        return float(self.numbers(name)[row])

    def put(self, row: int, name: str, value: str | float) -> tuple[str, ...]:
        """Write one false answer and return the variable's name."""
        self.values[name] = _with(self.values[name], row, value)
        self.kinds[name] = _with(self.kinds[name], row, ANSWERED)
        return (name,)


def _with(cells: pd.Series, row: int, value: str | float) -> pd.Series:
    """Return the cells with one of them replaced."""
    changed = cells.tolist()
    changed[row] = value
    return pd.Series(changed, index=cells.index, dtype=object)


Eligible = Callable[[Sheet], np.ndarray]
Falsify = Callable[[Sheet, int, np.random.Generator], tuple[str, ...]]


def inject(
    answers: Answers, shares: dict[str, float], covered: np.ndarray, last_year: int, rng: np.random.Generator
) -> tuple[Answers, list[Injected]]:
    """Return the answers with errors and the list of errors, by kind and row."""
    sheet = Sheet(values=answers.values.copy(), kinds=answers.kinds.copy(), covered=covered, last_year=last_year)
    free = (answers.values["response_status"] == "complete").to_numpy(copy=True)
    done: list[Injected] = []
    for kind, (eligible, falsify) in KINDS.items():
        rows = np.flatnonzero(free & eligible(sheet))
        count = min(round(shares[kind] * len(free)), len(rows))
        for row in np.sort(rng.choice(rows, size=count, replace=False), kind="stable"):
            done.append(Injected(kind=kind, row=int(row), variables=falsify(sheet, int(row), rng)))
            free[row] = False
    return replace(answers, values=sheet.values, kinds=sheet.kinds), done


def wrong_check_digits(numbers: pd.Series, share: float, rng: np.random.Generator) -> tuple[pd.Series, list[int]]:
    """Return registration numbers of which a share ends on a wrong check digit, and those rows (0, 1, …)."""
    rows = np.sort(rng.choice(len(numbers), size=round(share * len(numbers)), replace=False), kind="stable")
    falsified = numbers.copy()
    shift = rng.integers(1, 10, len(rows))
    falsified.iloc[rows] = [
        number[:9] + str((int(number[9]) + int(by)) % 10) for number, by in zip(numbers.iloc[rows], shift, strict=True)
    ]
    return falsified, [int(row) for row in rows]


def _sales_in_small_unit(sheet: Sheet, row: int, rng: np.random.Generator) -> tuple[str, ...]:
    return sheet.put(row, "sales_t", round(sheet.number(row, "sales_t") * 1000, 3))


def _rnd_in_small_unit(sheet: Sheet, row: int, rng: np.random.Generator) -> tuple[str, ...]:
    return sheet.put(row, "exp_rnd_in", round(sheet.number(row, "exp_rnd_in") * 1000, 3))


def _shares_off(sheet: Sheet, row: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Move the first share of one answered block: by 2-5 points (could be prorated) or by 10-25 (could not)."""
    answered = [names for names in BLOCKS if sheet.answered(*names)[row]]
    block = answered[int(rng.integers(len(answered)))]
    by = int(rng.integers(2, 6) if rng.random() < 0.5 else rng.integers(10, 26))
    share = int(sheet.number(row, block[0]))
    sheet.put(row, block[0], share - by if share >= by else share + by)
    return block


def _more_succeeded(sheet: Sheet, row: int, rng: np.random.Generator) -> tuple[str, ...]:
    sheet.put(row, "n_projects_tech_success", int(sheet.number(row, "n_projects_tried")) + int(rng.integers(1, 6)))
    return ("n_projects_tried", "n_projects_tech_success")


def _more_exported(sheet: Sheet, row: int, rng: np.random.Generator) -> tuple[str, ...]:
    sheet.put(row, "exports_t", float(round(sheet.number(row, "sales_t") * rng.uniform(1.2, 3.0)) + 1))
    return ("sales_t", "exports_t")


def _more_researchers(sheet: Sheet, row: int, rng: np.random.Generator) -> tuple[str, ...]:
    sheet.put(row, "emp_rnd", int(sheet.number(row, "employees_t")) + int(rng.integers(1, 11)))
    return ("employees_t", "emp_rnd")


def _money_without_rnd(sheet: Sheet, row: int, rng: np.random.Generator) -> tuple[str, ...]:
    sheet.put(row, "exp_rnd_in", float(rng.integers(10, 201)))
    return ("rnd_inhouse", "exp_rnd_in")


def _founded_later(sheet: Sheet, row: int, rng: np.random.Generator) -> tuple[str, ...]:
    return sheet.put(row, "founding_year", sheet.last_year + int(rng.integers(1, 4)))


def _answered_though_skipped(sheet: Sheet, row: int, rng: np.random.Generator) -> tuple[str, ...]:
    name = list(SKIPPED)[int(rng.integers(len(SKIPPED)))]
    return sheet.put(row, name, SKIPPED[name])


def _any_block(sheet: Sheet) -> np.ndarray:
    return np.any([sheet.answered(*names) for names in BLOCKS], axis=0)


def _rnd_would_exceed_sales(sheet: Sheet) -> np.ndarray:
    """Rows in which R&D spending a thousand times too large is plainly absurd beside the sales."""
    return sheet.answered("exp_rnd_in", "sales_t") & (
        sheet.numbers("exp_rnd_in") * 1000 > ABSURD * sheet.numbers("sales_t")
    )


def _spent_but_no_rnd(sheet: Sheet) -> np.ndarray:
    answered = sheet.answered("rnd_inhouse", "rnd_contracted", "exp_rnd_in", "exp_other")
    return answered & (sheet.values["rnd_inhouse"] == "none").to_numpy() & (sheet.numbers("exp_other") > 0)


def _inactive(sheet: Sheet) -> np.ndarray:
    return (sheet.kinds[list(SKIPPED)] == NOT_ASKED).all(axis=1).to_numpy()


KINDS: dict[str, tuple[Eligible, Falsify]] = {
    "unit_error_sales": (lambda sheet: sheet.answered("sales_t") & sheet.covered, _sales_in_small_unit),
    "unit_error_rnd": (_rnd_would_exceed_sales, _rnd_in_small_unit),
    "shares_not_100": (_any_block, _shares_off),
    "succeeded_above_tried": (
        lambda sheet: sheet.answered("n_projects_tried", "n_projects_tech_success"),
        _more_succeeded,
    ),
    "exports_above_sales": (lambda sheet: sheet.answered("sales_t", "exports_t"), _more_exported),
    "rnd_staff_above_staff": (lambda sheet: sheet.answered("employees_t", "emp_rnd"), _more_researchers),
    "rnd_money_without_rnd": (_spent_but_no_rnd, _money_without_rnd),
    "founded_after_period": (lambda sheet: sheet.answered("founding_year"), _founded_later),
    "answer_in_skipped": (_inactive, _answered_though_skipped),
}
