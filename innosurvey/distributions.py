"""Tails and quantiles of the distributions that tests need.

They are those of `scipy.stats`, to the same digits, without its import: that takes longer than most jobs take to fit
their models. Degrees of freedom of Student's t may be infinite: it is then the normal distribution.
"""

from scipy.special import chdtrc, chdtri, fdtrc, fdtri, ndtr, stdtr, stdtrit


def t_quantile(confidence: float, df: float) -> float:
    """Return the two-sided quantile of Student's t."""
    return float(stdtrit(df, (1 + confidence) / 2))


def t_test(statistic: float, df: float) -> float:
    """Return the two-sided p-value of Student's t."""
    return float(2 * stdtr(df, -abs(statistic)))


def f_test(statistic: float, df1: float, df2: float) -> float:
    """Return the p-value of an F statistic."""
    return float(fdtrc(df1, df2, statistic))


def f_quantile(level: float, df1: float, df2: float) -> float:
    """Return the value below which an F statistic stays with this probability."""
    return float(fdtri(df1, df2, level))


def chi_squared_test(statistic: float, df: float) -> float:
    """Return the p-value of a chi-squared statistic; one that rounding has made negative is zero."""
    return float(chdtrc(df, max(statistic, 0.0)) if statistic == statistic else statistic)


def chi_squared_quantile(level: float, df: float) -> float:
    """Return the value below which a chi-squared statistic stays with this probability."""
    return float(chdtri(df, 1 - level))


def normal_test(statistic: float) -> float:
    """Return the two-sided p-value of a standard normal statistic."""
    return float(2 * ndtr(-abs(statistic)))
