"""The package against svy (Samplics): a second engine for means, totals, shares and ratios by domain.

Quantiles are left out (svy interpolates), and so is the rule `average`: svy scales every domain by the single-firm
strata of the whole sample, R and this package by those that the domain has a row in. Skipped where svy is absent
(`uv pip install svy`).
"""

import pandas as pd
import pytest

from innosurvey.design import DesignRules
from tests.independent import samples
from tests.independent.test_survey_package import SIX_DIGITS, as_slice, estimated

svy = pytest.importorskip("svy", reason="svy is not installed")
pl = pytest.importorskip("polars")
pytestmark = pytest.mark.independent


def from_svy(firms: pd.DataFrame, **design: str) -> pd.DataFrame:
    """Return estimate and se of means, totals, shares and ratios in each group."""
    columns = ["firm_id", "stratum", "N", "w", "group", "x", "y", "yes"]
    data = pl.DataFrame({name: firms[name].tolist() for name in columns}).with_columns(pl.col("y").fill_nan(None))
    answered = pl.col("y").is_not_null()
    data = data.with_columns(pl.when(answered).then(pl.col(name)).alias(name) for name in ("x", "yes"))
    estimation = svy.Sample(data, svy.Design(stratum="stratum", wgt="w", **design)).estimation
    asked = {
        "mean": (estimation.mean("y", by="group", drop_nulls=True), 1),
        "total": (estimation.total("y", by="group", drop_nulls=True), 1),
        "share": (estimation.mean("yes", by="group", drop_nulls=True), 100),
        "ratio": (estimation.ratio("y", "x", by="group", drop_nulls=True), 1),
    }
    rows = [
        (cell.by_level[0], item, factor * cell.est, factor * cell.se)
        for item, (result, factor) in asked.items()
        for cell in result.estimates
    ]
    return pd.DataFrame(rows, columns=["group", "item", "estimate", "se"]).set_index(["group", "item"])


def agree(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    assert len(theirs) >= 12
    pd.testing.assert_frame_equal(ours.loc[theirs.index], theirs, rtol=SIX_DIGITS)


def test_strata_domains_and_item_nonresponse():
    agree(estimated(as_slice(samples.sample())), from_svy(samples.sample(), pop_size="N"))


@pytest.mark.parametrize(("rule", "in_svy"), [("certainty", "skip"), ("centre", "center")])
def test_strata_with_a_single_firm(rule, in_svy):
    theirs = from_svy(samples.lonely(), pop_size="N", singleton=in_svy)
    ours = estimated(as_slice(samples.lonely()), rules=DesignRules(lonely=rule))
    agree(ours, theirs)


def test_pooled_waves_with_the_firm_as_the_unit():
    theirs = from_svy(samples.panel(), psu="firm_id")
    theirs.loc[theirs.index.get_level_values("item") == "total"] /= 2  # ours is the average of the waves
    agree(estimated(as_slice(samples.panel()), wave="all"), theirs)
