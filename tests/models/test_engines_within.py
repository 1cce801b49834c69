"""The within estimator against linearmodels' PanelOLS, which it stands in for, on panels of every shape."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from linearmodels.panel import PanelOLS

from innosurvey.models.absorb import absorb
from innosurvey.models.engines.linear import solve_normal_equations

# Exact algorithms on some hundred rows, of which one squares the condition number (here below 1e3) and mends it.
EXACT = {"rtol": 1e-9, "atol": 1e-10}
SEEDS = range(12)


def random_panel(seed):
    """Return a panel with gaps: firms of one to six waves (some alone), industries that hold firms, columns of very
    different size of which one is next to collinear with another.
    """
    random = np.random.default_rng(seed)
    firms = int(random.integers(20, 60))
    firm = np.repeat(np.arange(firms), random.integers(1, 7, firms))
    wave = np.concatenate([random.permutation(6)[:count] for count in np.bincount(firm)])
    order = random.permutation(len(firm))
    firm, wave = firm[order], wave[order]
    particular = random.normal(size=firms)[firm]
    design = random.normal(size=(len(firm), 3)) + particular[:, None] + 0.3 * wave[:, None]
    design[:, 2] = design[:, 1] + 0.01 * design[:, 2]
    design *= [1e-3, 1.0, 1e3]
    outcome = design @ [500.0, -0.5, 0.0005] + particular + random.normal(size=len(firm))
    weights = random.uniform(0.2, 5, len(firm))
    industry = random.integers(0, 4, firms)[firm]
    return SimpleNamespace(
        firm=firm, wave=wave, industry=industry, design=design, outcome=outcome, weights=weights / weights.mean()
    )


def panel_ols(panel, effects, weights):
    """Return linearmodels' slopes; the effects are named."""
    index = pd.MultiIndex.from_arrays([panel.firm, panel.wave])
    others = {name: pd.Categorical(getattr(panel, name)) for name in effects if name == "industry"}
    lengths = np.linalg.norm(panel.design, axis=0)  # its own algebra minds units
    model = PanelOLS(
        pd.Series(panel.outcome, index=index),
        pd.DataFrame(panel.design / lengths, index=index),
        weights=None if weights is None else pd.Series(weights, index=index),
        entity_effects="firm" in effects,
        time_effects="wave" in effects,
        other_effects=pd.DataFrame(others, index=index) if others else None,
        singletons=True,
        check_rank=False,
        drop_absorbed=False,
    )
    return model.fit().params.to_numpy() / lengths


def within_slopes(panel, effects, weights):
    codes = [pd.factorize(getattr(panel, name))[0] for name in effects]
    within = absorb(np.column_stack([panel.outcome, panel.design]), codes, weights)
    return solve_normal_equations(within[:, 1:], within[:, 0], weights)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("effects", [("firm",), ("wave",), ("firm", "wave"), ("industry", "wave")])
def test_slopes_are_those_of_panel_ols(seed, weighted, effects):
    panel = random_panel(seed)
    weights = panel.weights if weighted else None
    found = within_slopes(panel, effects, weights)
    np.testing.assert_allclose(found, panel_ols(panel, effects, weights), **EXACT)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_effect_in_which_firms_are_nested_adds_nothing_to_theirs(seed):
    panel = random_panel(seed)
    found = within_slopes(panel, ("firm", "industry"), panel.weights)
    np.testing.assert_allclose(found, panel_ols(panel, ("firm",), panel.weights), **EXACT)


def test_rows_that_are_alone_in_their_firm_change_no_slope():
    panel = random_panel(1)
    alone = np.bincount(panel.firm)[panel.firm] == 1
    kept = SimpleNamespace(**{name: values[~alone] for name, values in vars(panel).items()})
    assert alone.any()
    np.testing.assert_allclose(
        within_slopes(panel, ("firm", "wave"), None), within_slopes(kept, ("firm", "wave"), None), **EXACT
    )


def test_the_order_of_the_effects_does_not_matter():
    panel = random_panel(2)
    np.testing.assert_allclose(
        within_slopes(panel, ("firm", "wave"), None), within_slopes(panel, ("wave", "firm"), None), **EXACT
    )


def test_slopes_of_nearly_collinear_columns_keep_their_digits():
    random = np.random.default_rng(4)
    design = random.normal(size=(500, 2))
    design[:, 1] = design[:, 0] + 1e-4 * design[:, 1]
    outcome = design @ [1.0, 2.0] + random.normal(size=500)
    # A condition number of 2e4: its square leaves seven digits, the second pass brings back those that lstsq has.
    expected = np.linalg.lstsq(design, outcome, rcond=None)[0]
    np.testing.assert_allclose(solve_normal_equations(design, outcome, None), expected, rtol=1e-10)
