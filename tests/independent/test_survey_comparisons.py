"""Comparisons against R: svyttest, svychisq, svyglm, svycontrast, to six digits.

`comparisons.R` is run once on a made-up sample in which all firms have answered. Skipped where R or its package survey
is absent.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey.compare import compare_all, parse_plan
from innosurvey.design import DesignRules
from innosurvey.odds import firth_log_odds
from tests.independent import samples
from tests.independent.r import has_packages, run
from tests.independent.test_survey_package import SIX_DIGITS, as_slice
from tests.made_slices import make_item

SCRIPT = Path(__file__).with_name("comparisons.R")
FIVE_DIGITS = 1e-5
"""R's optimisers stop there; the closed form does not."""
ITEMS = [
    make_item(id="mean"),
    make_item(id="ratio", statistic="ratio", numerator="y", denominator="x"),
    make_item(id="share", statistic="share", variable="yes", unit="percent"),
    make_item(id="other", statistic="share", variable="other", unit="percent"),
]
DECOMPOSITIONS = {
    name: {
        "cohort": "made", "group": "a", "reference": "b", "outcomes": ["mean"], "terms": ["known"],
        "coefficients": name,
    }
    for name in ("group", "reference", "pooled", "weighted")
}  # fmt: skip
ASKED = {
    "compare": {"c": {"cohort": "made", "reference": "b", "items": ["mean", "ratio", "share"], "family": "f"}},
    "rank": {"r": {"cohort": "made", "groups": ["a"], "items": ["share", "other"], "family": "f"}},
    "decompose": DECOMPOSITIONS,
}
pytestmark = pytest.mark.independent


def sample() -> pd.DataFrame:
    firms = samples.stratified(7, {"s1": 80, "s2": 60, "s3": 50, "s4": 12, "s5": 120})
    rng = np.random.default_rng(8)
    return firms.assign(other=np.where(rng.random(len(firms)) < 0.3, 1 - firms["yes"], firms["yes"]))


@pytest.fixture(scope="module")
def of_r(tmp_path_factory: pytest.TempPathFactory) -> pd.Series:
    """What R found, by case and name."""
    if not has_packages("survey", "MASS"):
        pytest.skip("R with the packages survey and MASS is not installed")
    folder = tmp_path_factory.mktemp("comparisons")
    sample().to_csv(folder / "compared.csv", index=False)
    run(SCRIPT, folder)
    return pd.read_csv(folder / "comparisons.csv").set_index(["case", "name"])["value"]


@pytest.fixture(scope="module")
def ours() -> dict[str, pd.DataFrame]:
    """The package's tables of the same sample."""
    plan = parse_plan(ASKED, ITEMS, "made", ("a", "b", "c"))
    found = compare_all(plan, as_slice(sample()), DesignRules(adjust_for=("size", "branch")))
    return {name: table[table["wave"] == "2020"] for name, table in found.items()}


def row(table: pd.DataFrame, **key: str) -> pd.Series:
    kept = table
    for name, value in key.items():
        kept = kept[kept[name] == value]
    assert len(kept) == 1
    return kept.iloc[0]


@pytest.mark.parametrize(("case", "table"), [("pair", "compare"), ("unweighted", "unweighted")])
def test_a_pair_of_groups_is_tested_as_by_svyttest(of_r, ours, case, table):
    found = row(ours[table], group="a", item="mean")
    assert found[["difference", "t"]].to_dict() == pytest.approx(of_r[case].to_dict(), rel=SIX_DIGITS)


def test_all_groups_shares_are_tested_as_by_svychisq(of_r, ours):
    found = row(ours["omnibus"], item="share")
    assert found[of_r["share"].index].to_dict() == pytest.approx(of_r["share"].to_dict(), rel=SIX_DIGITS)


@pytest.mark.parametrize("item", ["mean", "ratio"])
def test_all_groups_means_are_tested_on_the_covariance_of_svyby(of_r, ours, item):
    found = row(ours["omnibus"], item=item)
    assert found[of_r[item].index].to_dict() == pytest.approx(of_r[item].to_dict(), rel=SIX_DIGITS)


def test_items_of_the_same_firms_differ_as_the_mean_of_their_difference(of_r, ours):
    found = row(ours["ranks"], item="share")
    assert found[["difference", "se"]].to_dict() == pytest.approx(of_r["rank"].to_dict(), rel=SIX_DIGITS)


@pytest.mark.parametrize(("item", "case", "scale"), [("mean", "adjusted_y", 1), ("share", "adjusted_yes", 100)])
def test_a_difference_at_an_equal_composition_is_that_of_svyglm(of_r, ours, item, case, scale):
    found, wanted = row(ours["adjusted"], group="a", item=item), of_r[case]
    assert found["difference"] == pytest.approx(scale * wanted["difference"], rel=SIX_DIGITS)
    assert found["se"] == pytest.approx(scale * wanted["se"], rel=SIX_DIGITS)
    assert found["t"] == pytest.approx(wanted["t"], rel=SIX_DIGITS)


@pytest.mark.parametrize("coefficients", list(DECOMPOSITIONS))
def test_a_gap_is_taken_apart_as_by_the_contrasts_of_totals(of_r, ours, coefficients):
    found = ours["decompositions"].query("decomposition == @coefficients").set_index(["part", "term"])
    wanted = of_r[f"decomposed_{coefficients}"]
    for part, term in (("gap", ""), ("explained", ""), ("unexplained", ""), ("unexplained", "known")):
        name = f"{part}_{term}" if term else part
        line = found.loc[(part, term)]
        assert line["estimate"] == pytest.approx(wanted[name], rel=SIX_DIGITS, abs=1e-9)
        assert line["se"] == pytest.approx(wanted[f"{name}_se"], rel=SIX_DIGITS, abs=1e-9)


@pytest.mark.parametrize(("case", "table"), [("firth", ((2, 70), (280, 1551))), ("firth_empty", ((0, 12), (9, 30)))])
def test_the_odds_of_few_firms_are_those_of_the_penalised_likelihood(of_r, case, table):
    found = firth_log_odds(table, 0.95)
    values = {"estimate": found.estimate, "lower": found.lower, "upper": found.upper}
    assert values == pytest.approx(of_r[case].to_dict(), rel=FIVE_DIGITS)
