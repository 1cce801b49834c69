"""Made-up slices for the tests of comparing, and the material that they make."""

import numpy as np
import pandas as pd

from innosurvey.compare.material import Material
from innosurvey.design import DesignRules
from innosurvey.items import DescribeItem
from tests.made_slices import make_item, make_slice

RULES = DesignRules(adjust_for=("industry",))
ITEMS = (
    make_item(id="sales", variable="y"),
    make_item(id="innovates", statistic="share", variable="yes", unit="percent"),
    make_item(id="exports", statistic="share", variable="other", unit="percent"),
    make_item(id="productivity", statistic="ratio", numerator="y", denominator="x"),
    make_item(id="absent", variable="nothing"),
)


def firms(count: int = 240, seed: int = 11) -> pd.DataFrame:
    """Return firms of three groups in three industries: group a sits in industry i, which sells more."""
    rng = np.random.default_rng(seed)
    group = np.repeat(["a", "b", "c"], count // 3)
    likely = {"a": [0.6, 0.3, 0.1], "b": [0.2, 0.3, 0.5], "c": [0.2, 0.4, 0.4]}
    industry = np.array([rng.choice(["i", "j", "k"], p=likely[name]) for name in group])
    level = pd.Series(industry).map({"i": 5.0, "j": 2.0, "k": 0.0}).to_numpy()
    yes = (rng.random(count) < 0.2 + 0.08 * level).astype(float)
    return make_slice(
        group=group,
        industry=pd.Categorical(industry),
        size=rng.normal(size=count),
        y=10 + level + rng.normal(size=count),
        x=rng.uniform(1, 3, count),
        yes=yes,
        other=np.where(rng.random(count) < 0.3, 1 - yes, yes),
        stratum_id=rng.choice(["s", "t"], count),
        weight_final=rng.uniform(1, 4, count),
    )


def material(table: pd.DataFrame | None = None, items: tuple[DescribeItem, ...] = ITEMS) -> Material:
    """Return the material of a slice."""
    return Material.of(firms() if table is None else table, items, RULES)
