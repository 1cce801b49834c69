"""A made-up robustness question: two inputs, each asked in four ways."""

import pandas as pd

QUESTION = {
    "title": {"en": "Output on R&D"},
    "question": {"en": "Does the link of R&D and output hang on how it is asked?"},
    "labels": {"firm": {"en": "Size and age"}, "none": {"en": "Nothing"}},
    "leave_out": "industry",
}
OUTCOME, INPUTS = "log_sales_per_employee", ("rd_per_employee", "cooperation")
ESTIMATES = {"rd_per_employee": (0.30, 0.10, 0.25, 0.20), "cooperation": (0.02, -0.04, 0.05, -0.01)}
KEY = {"curve": "rd", "cohort": "all", "group": "all", "outcome": OUTCOME}
SE = 0.04


def _numbers(estimate: float, n: int = 300) -> dict:
    p = 0.001 if abs(estimate) > 2 * SE else 0.4
    half = 1.96 * SE
    return {
        "estimate": estimate, "se": SE, "df": 100.0, "statistic": estimate / SE, "p": p, "lower": estimate - half,
        "upper": estimate + half, "n": n, "n_firms": n,
    }  # fmt: skip


CONTEXT = {"robustness": {"rd": QUESTION}}


def robustness_tables(direction: int = 1) -> dict[str, pd.DataFrame]:
    """Return the tables of the question; with -1 every link is turned round."""
    ways = [(controls, weights) for controls in ("firm", "none") for weights in ("none", "weight_final")]
    points, tests, answers, left_out, influence, bounds = [], [], [], [], [], []
    for place, asked in enumerate(INPUTS):
        key = {**KEY, "input": asked}
        found = [direction * estimate for estimate in ESTIMATES[asked]]
        for number, ((controls, weights), estimate) in enumerate(zip(ways, found, strict=True), start=1):
            chosen = {"controls": controls, "sample": "all", "estimator": "ols", "covariance": "robust"}
            counts = {"n_clusters": None, "status": "ok", "warnings": ""}
            points.append(
                {**key, "number": 4 * place + number, **chosen, "weights": weights, **_numbers(estimate), **counts}
            )
        spread = {"lowest": min(found), "median": sorted(found)[1], "highest": max(found)}
        shares = {"share_positive": sum(e > 0 for e in found) / 4, "share_significant": 0.0 if place else 1.0}
        p = dict.fromkeys(("p_median", "p_share", "p_mean"), 0.6 if place else 0.001)
        tests.append({**key, "specifications": 4, "estimated": 4, "n": 300, **spread, **shares, **p, "draws": 999})
        answers.append({**key, **_numbers(found[0]), "p_adjusted": 0.5 if place else 0.002, "status": "ok"})
        for level, move, out in (("none", 0.0, 300), ("mining", 0.05, 40), ("trade", -0.02, 60), ("few", 0.0, 4)):
            numbers = _numbers(found[0] + direction * move, 300 - (out if level != "none" else 0))
            left_out.append(
                {**key, "column": "industry", "left_out": level, **numbers, "n_left_out": out, "status": "ok"}
            )
        moved = {"slope": found[0], "smallest": found[0] - 0.01, "largest": found[0] + 0.01, "largest_change": 0.25}
        influence.append({**key, "estimator": "ols", **moved, "notable": 3, "n": 300, "status": "ok"})
        slopes = {"uncontrolled": 1.2 * found[0], "controlled": found[0], "adjusted": 0.8 * found[0]}
        r2 = {"r2_uncontrolled": 0.1, "r2_controlled": 0.2, "r2_max": 0.26}
        bounds.append({**key, "estimator": "ols", **slopes, **r2, "selection_needed": 2.5, "n": 300, "status": "ok"})
    return {
        "specifications": pd.DataFrame(points),
        "specification_tests": pd.DataFrame(tests),
        "main_answers": pd.DataFrame(answers),
        "leave_out": pd.DataFrame(left_out),
        "influence": pd.DataFrame(influence),
        "selection_bounds": pd.DataFrame(bounds),
    }
