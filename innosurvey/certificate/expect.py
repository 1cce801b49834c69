"""The contract of a data set: is each column what the case takes it for?

Packages carry data sets whose columns are mislabelled; the numbers that come out then look plausible. What is known of
a column, from the paper's table of descriptive statistics or from what it measures, is declared and looked at here. A
breach names the column, what is broken, and which other columns would do.
"""

from collections.abc import Iterator

import pandas as pd

from innosurvey.certificate.columns import as_number_or_text, code_of
from innosurvey.certificate.data import DataSpec, Expected, VariableSpec
from innosurvey.errors import DataError

MOST_NAMED = 4
"""How many columns that would do are named."""


def fail_if_not_as_expected(table: pd.DataFrame, raw: pd.DataFrame, spec: DataSpec) -> None:
    """Raise a DataError with every breach: `table` has the variables, `raw` the columns as they came."""
    broken = [
        f"  - {variable.name} (column {variable.column}): {'; '.join(found)}.{_others(variable, raw, spec)}"
        for variable in spec.variables
        if (found := list(breaches(table[variable.name], variable.expect)))
    ]
    if broken:
        listed = "\n".join(broken)
        raise DataError(
            f"{spec.where}: {spec.called} is not what `expect:` says of it:\n{listed}\n"
            "Its columns may be mislabelled, or it is another edition. Correct `column:` under variables, "
            "or `expect:` if that is wrong."
        )


def breaches(column: pd.Series, expected: Expected) -> Iterator[str]:
    """Yield what a column does against its contract, as counts and bounds."""
    if expected.missing is not None and (missing := int(column.isna().sum())) != expected.missing:
        yield f"{missing} cells are missing, not {expected.missing}"
    filled = column.dropna()
    if expected.values and (strange := int((~filled.map(code_of).isin(expected.values)).sum())):
        yield f"{strange} cells are none of {', '.join(expected.values)}"
    if not _asks_for_numbers(expected):
        return
    if not pd.api.types.is_numeric_dtype(filled):
        yield "numbers are expected, but it holds text"
        return
    numbers = filled.astype("float64")
    if expected.whole and (broken := int((numbers != numbers.round()).sum())):
        yield f"whole numbers are expected, but {broken} of {len(numbers)} are not"
    if expected.least is not None and (low := int((numbers < expected.least).sum())):
        yield f"{low} cells are below {expected.least:g}"
    if expected.most is not None and (high := int((numbers > expected.most).sum())):
        yield f"{high} cells are above {expected.most:g}"
    for name, bounds, value in (("mean", expected.mean, numbers.mean()), ("sd", expected.sd, numbers.std())):
        if bounds is not None and not bounds[0] - 1e-9 <= value <= bounds[1] + 1e-9:
            yield f"its {name} is {value:.4g}, not between {bounds[0]:.4g} and {bounds[1]:.4g}"


def _asks_for_numbers(expected: Expected) -> bool:
    asked = (expected.least, expected.most, expected.mean, expected.sd)
    return expected.whole or any(part is not None for part in asked)


def _others(variable: VariableSpec, raw: pd.DataFrame, spec: DataSpec) -> str:
    """Return the hint at the columns that keep what is expected of this one."""
    if not _asks_for_numbers(variable.expect):
        return ""
    fitting = [
        str(name)
        for name in raw.columns
        if name not in (variable.column, "_row")
        and not any(breaches(as_number_or_text(raw[name], spec), variable.expect))
    ]
    if not fitting:
        return ""
    more = f" and {len(fitting) - MOST_NAMED} more" if len(fitting) > MOST_NAMED else ""
    return f" As expected: {', '.join(fitting[:MOST_NAMED])}{more}."
