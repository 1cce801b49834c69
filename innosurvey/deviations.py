"""Verdicts on published numbers, and what of a certificate does not come out, in lines that a message lists."""

from typing import Any

import pandas as pd

AGREES, DEVIATES, NOT_JUDGED, NOT_ESTIMATED, NOT_RUN = "agrees", "deviates", "not judged", "not estimated", "not run"
VERDICTS = (AGREES, DEVIATES, NOT_JUDGED, NOT_ESTIMATED, NOT_RUN)


def deviations(numbers: pd.DataFrame, cases: pd.DataFrame) -> list[str]:
    """Return a line per number that is off, and per model that was to be estimated and could not be."""
    off = [
        f"{row['case']}{_dot(row['column'])}, {_of(row['term'], row['quantity'])}: published {row['published']:.10g}, "
        f"computed {row['computed']:.10g}, tolerance {row['tolerance']:.10g}"
        for row in numbers[numbers["verdict"] == DEVIATES].to_dict("records")
    ]
    failed = [
        f"{row['case']}{_dot(row['column'])}: {row['reason']}"
        for row in cases[cases["verdict"] == NOT_ESTIMATED].to_dict("records")
    ]
    return off + failed


def _dot(column: Any) -> str:
    return "" if pd.isna(column) or not column else f".{column}"


def _of(term: Any, quantity: str) -> str:
    return quantity if pd.isna(term) or not term else f"{quantity} of {term}"
