"""Made-up rankings, decompositions, curves, differences at an equal composition and tests of all groups."""

import pandas as pd

CONTEXT = {
    "rankings": {"barriers": {"title": {"en": "Barriers among all firms"}}},
    "decompositions": {"certified_gap": {"title": {"en": "Certified and other firms"}}},
    "curves": {"by_size": {"title": {"en": "Certified and others"}}},
}
PARTS = (("gap", "", 20.0), ("explained", "", 5.0), ("explained", "log_employees", 5.0), ("unexplained", "", 15.0),
         ("unexplained", "log_employees", 9.0), ("unexplained", "constant", 6.0))  # fmt: skip


def adjusted_of(compare: pd.DataFrame) -> pd.DataFrame:
    """Return adjusted.csv: the differences a little smaller; a ratio has none."""
    ratio = compare["statistic"].isin(["ratio", "median"])
    numbers = {name: compare[name].mask(ratio) for name in ("difference", "se", "df", "t", "p", "p_adjusted")}
    return pd.DataFrame(
        {
            **{name: compare[name] for name in ("cohort", "group", "reference", "wave", "item", "statistic")},
            "adjust_for": "industry_group|size_class",
            "n_group": compare["n_group"],
            "n_reference": compare["n_reference"],
            "difference_raw": numbers["difference"],
            **numbers,
            "difference": 0.9 * numbers["difference"],
            "lower": 0.9 * numbers["difference"] - 1,
            "upper": 0.9 * numbers["difference"] + 1,
            "overlap": numbers["difference"] * 0 + 99.0,
            "family": compare["family"],
            "status": ratio.map({True: "not adjusted: a ratio is of no firm alone", False: "ok"}),
        }
    )


def omnibus_of(compare: pd.DataFrame) -> pd.DataFrame:
    """Return omnibus.csv: a row per cohort, wave and item."""
    first = compare.drop_duplicates(["cohort", "wave", "item"])
    kept = first[["cohort", "wave", "item", "statistic"]].assign(
        n=first["n_group"] + first["n_reference"], groups=3, test="rao_scott", value=2.5, df1=2.0, df2=900.0, p=0.08,
        p_adjusted=0.16, effect_size=0.05, effect_kind="cramers_v", family=first["family"], status="ok",
    )  # fmt: skip
    return kept.reset_index(drop=True)


def made_up_ranks() -> pd.DataFrame:
    """Return ranks.csv: three barriers of all firms, of which the first two are as high."""
    levels = {"high_own_funds": 30.0, "high_staff": 29.5, "high_partners": 10.0}
    rows = []
    for item, one in levels.items():
        for other, two in levels.items():
            if item != other:
                p = 0.6 if abs(one - two) < 1 else 0.0001
                test = (one - two, 0.8, 900.0, (one - two) / 0.8, p, p, one - two - 1.6, one - two + 1.6)
                rows.append(
                    ("barriers", "all", "all", "all", item, other, "share", 4000, one, two, *test, "barriers", "ok")
                )
    names = ["ranking", "cohort", "group", "wave", "item", "other", "statistic", "n", "estimate", "estimate_other"]
    test = ["difference", "se", "df", "t", "p", "p_adjusted", "lower", "upper"]
    return pd.DataFrame(rows, columns=[*names, *test, "family", "status"])


def made_up_decompositions(direction: int) -> pd.DataFrame:
    """Return decompositions.csv: one gap, a quarter of which is explained."""
    rows = [
        ("certified_gap", "certified", "certified", "not_certified", "all", "innovator", part, term, direction * value,
         1.0, 900.0, direction * value, 0.0001, direction * value - 2, direction * value + 2, 5 * value, 4000, 1000,
         "ok")
        for part, term, value in PARTS
    ]  # fmt: skip
    names = ["decomposition", "cohort", "group", "reference", "wave", "outcome", "part", "term", "estimate"]
    test = ["se", "df", "t", "p", "lower", "upper", "share_of_gap", "n_group", "n_reference", "status"]
    return pd.DataFrame(rows, columns=[*names, *test])


def made_up_curves() -> pd.DataFrame:
    """Return curves.csv: two lines over three values, the last of which has too few firms to be shown."""
    rows = [
        ("by_size", "certified", group, "innovator", "employees_t", at, 0.3, n, level + at / 10, 2.0,
         level + at / 10 - 4, level + at / 10 + 4, "percent", "ok")
        for group, level in (("certified", 40.0), ("not_certified", 20.0))
        for at, n in ((5, 200), (50, 80), (300, 3))
    ]  # fmt: skip
    columns = ["curve", "cohort", "group", "item", "by", "at", "bandwidth", "n", "estimate", "se", "lower", "upper",
               "unit", "status"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
