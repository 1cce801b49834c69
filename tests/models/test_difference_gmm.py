"""Difference GMM through the pipeline: lags by the calendar, what instruments what, diagnostics and flags."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.errors import StudyError
from innosurvey.lags import add_lags
from innosurvey.models.covariance import covariance_of
from innosurvey.models.engines import engine_of
from innosurvey.models.rows import select_rows
from innosurvey.models.sample import build_sample
from innosurvey.models.spec import CovarianceSpec

PERSISTENCE, EFFECT = 0.5, 0.8
WAVES = tuple(str(year) for year in range(2010, 2024, 2))
ROUNDING = {"rtol": 1e-8, "atol": 1e-10}
LAGGED = ["lag(output)", "rd"]


def make_panel(n=200, waves=WAVES, seed=5, luck=0.0):
    """Return firms whose output is half that of the wave before, plus rd, a common trend, and what is the firm's own.

    With `luck`, the firm's luck of the wave moves its rd too.
    """
    random = np.random.default_rng(seed)
    particular = random.normal(size=n)
    output, rd, rows = particular * 2, particular, []
    for period in range(-20, len(waves)):
        error = random.normal(size=n)
        rd = 0.5 * rd + random.normal(size=n) + 0.5 * particular + luck * error
        output = PERSISTENCE * output + EFFECT * rd + particular + 0.1 * period + error
        if period >= 0:
            rows.append(pd.DataFrame({"number": range(n), "wave": waves[period], "rd": rd, "output": output}))
    firms = pd.concat(rows).sort_values(["number", "wave"], kind="stable").reset_index(drop=True)
    return firms.assign(firm_id=firms["number"].map("F{:04d}".format), group="all").drop(columns="number")


@pytest.fixture
def estimate(make_model):
    """Return the sample and the estimates of a dynamic model."""

    def estimated(firms=None, **declared):
        spec = make_model(**{"estimator": "difference_gmm", "regressors": LAGGED, **declared})
        firms = make_panel() if firms is None else firms
        sample = build_sample(spec, select_rows(spec, add_lags(firms, firms, spec.slice_columns)))
        return sample, engine_of(spec.estimator)(sample)

    return estimated


def diagnostics_of(results):
    return results.diagnostics.set_index("name")


@pytest.mark.parametrize("steps", ["one", "two"])
def test_persistence_and_effect_are_recovered(estimate, steps):
    _, estimates = estimate(make_panel(n=1500), steps=steps)
    # Standard errors about 0.015 and 0.02.
    np.testing.assert_allclose(estimates.params, [PERSISTENCE, EFFECT], atol=0.08)


def test_with_three_waves_it_is_two_stage_least_squares_of_the_last_change(estimate):
    """One change per firm, of which the first level is the only instrument, beside rd's own change and a constant."""
    firms = make_panel(waves=("2014", "2016", "2018"))
    _, estimates = estimate(firms)
    output, rd = (firms[name].to_numpy().reshape(-1, 3) for name in ("output", "rd"))
    one = np.ones(len(output))
    design = np.column_stack([output[:, 1] - output[:, 0], rd[:, 2] - rd[:, 1], one])
    instruments = np.column_stack([output[:, 0], rd[:, 2] - rd[:, 1], one])
    expected = np.linalg.solve(instruments.T @ design, instruments.T @ (output[:, 2] - output[:, 1]))
    np.testing.assert_allclose(estimates.params, expected[:2], **ROUNDING)


def test_the_first_levels_are_instruments_though_their_rows_lack_a_lag(run, make_model):
    """Seven waves: six rows with a lag, five changes, instruments 1 + 2 + 3 + 4 + 5, rd and five period effects."""
    results = run(make_model(estimator="difference_gmm", regressors=LAGGED), make_panel())
    assert results.fits["n"].item() == 5 * 200
    assert diagnostics_of(results).loc["instruments", "statistic"] == 15 + 1 + 5


@pytest.mark.parametrize(
    ("declared", "count"),
    [
        ({"instrument_lags": [2, 3]}, 1 + 2 * 4),
        ({"instrument_lags": [3, None]}, 1 + 2 + 3 + 4),
        ({"collapse": True}, 5),
        ({"collapse": True, "instrument_lags": [2, 4]}, 3),
    ],
)
def test_the_window_of_lags_and_collapsing_bound_the_instruments(run, make_model, declared, count):
    results = run(make_model(estimator="difference_gmm", regressors=LAGGED, **declared), make_panel())
    assert diagnostics_of(results).loc["instruments", "statistic"] == count + 1 + 5


def test_without_period_effects_the_trend_goes_into_the_slopes(estimate):
    assert not np.allclose(estimate(period_effects=False)[1].params, estimate()[1].params, rtol=1e-4)


def test_wave_dummies_are_the_period_effects(estimate):
    _, own = estimate()
    _, declared = estimate(controls=["C(wave)"], steps="two")
    np.testing.assert_allclose(declared.params[:2], own.params, rtol=1e-6)


def test_robust_errors_are_those_clustered_by_firm(estimate):
    sample, estimates = estimate(covariance={"type": "cluster", "by": ["firm_id"]})
    robust = covariance_of(estimates, CovarianceSpec(type="robust", small_sample="none"), sample.grouping)
    rule = CovarianceSpec(type="cluster", by=("firm_id",), small_sample="none")
    clustered = covariance_of(estimates, rule, sample.grouping)
    np.testing.assert_allclose(robust.matrix, clustered.matrix, **ROUNDING)
    assert clustered.n_clusters == 200


def test_two_steps_without_windmeijers_correction_claim_too_much(estimate):
    _, estimates = estimate()
    corrected, uncorrected = (
        np.sqrt(np.diag(covariance_of(estimates, CovarianceSpec(type=kind, small_sample="none")).matrix))
        for kind in ("robust", "classical")
    )
    assert (corrected > uncorrected).all()


@pytest.mark.parametrize("steps", ["one", "two"])
def test_the_moments_are_zero_at_the_estimate(estimate, steps):
    # In units that do not depend on those of the columns.
    assert estimate(steps=steps)[1].gradient_norm < 1e-8


def test_a_gap_in_the_calendar_breaks_the_chain(run, make_model):
    """Without the wave of 2016 the lag is known in 2012, 2014, 2020, 2022, and the change in 2014 and 2022."""
    firms = make_panel().query("wave != '2016'").reset_index(drop=True)
    assert run(make_model(estimator="difference_gmm", regressors=LAGGED), firms).fits["n"].item() == 2 * 200


def test_unbalanced_panels_in_any_order_give_the_same(estimate):
    firms = make_panel().drop(index=[1, 5, 9, 30, 31, 70]).reset_index(drop=True)
    one, other = (estimate(part)[1] for part in (firms, firms.sample(frac=1, random_state=2).reset_index(drop=True)))
    np.testing.assert_allclose(one.params, other.params, **ROUNDING)
    np.testing.assert_allclose(one.model_based, other.model_based, **ROUNDING)


@pytest.mark.parametrize("moved_by", [{}, {"collapse": True}, {"instruments": ["lag(rd, 2)"]}])
def test_an_endogenous_regressor_is_moved_by_its_earlier_levels(estimate, moved_by):
    """rd answers to the luck of the same wave: taken as exogenous its effect is overstated."""
    firms = make_panel(n=1500, luck=0.7)
    _, naive = estimate(firms)
    _, moved = estimate(firms, regressors=["lag(output)"], endogenous=["rd"], **moved_by)
    assert moved.terms == ("lag(output)", "rd")
    # Standard error up to 0.06.
    assert abs(moved.params[1] - EFFECT) < 0.25
    assert naive.params[1] > EFFECT + 0.3


@pytest.mark.parametrize(
    ("lags", "count"), [([2, None], 1 + 2 + 3 + 4 + 5), ([1, None], 2 + 3 + 4 + 5 + 6), ([2, 2], 5)]
)
def test_the_window_of_an_endogenous_regressor_is_its_own(run, make_model, lags, count):
    """Changes in waves 3 to 7 of 7, each with the level of output two waves before and a period effect."""
    model = make_model(
        estimator="difference_gmm", regressors=["lag(output)"], endogenous=["rd"], endogenous_lags=lags,
        instrument_lags=[2, 2],
    )  # fmt: skip
    found = diagnostics_of(run(model, make_panel()))
    assert found.loc["instruments", "statistic"] == 5 + count + 5


def test_levels_from_outside_the_sample_are_instruments_and_later_waves_are_none(run, make_model):
    """A sample of the waves 2014 to 2020 of 2010 to 2022: lags and instruments reach back to 2010."""
    firms = make_panel().assign(year=lambda rows: rows["wave"].astype(int))
    model = make_model(estimator="difference_gmm", regressors=LAGGED, sample="year >= 2014 and year <= 2020")
    results = run(model, firms)
    assert results.fits["n"].item() == 3 * 200
    assert diagnostics_of(results).loc["instruments", "statistic"] == (2 + 3 + 4) + 1 + 3


def test_more_instruments_than_firms_are_said(run, make_model):
    waves = tuple(str(year) for year in range(2000, 2012))
    fit = run(make_model(estimator="difference_gmm", regressors=LAGGED), make_panel(n=40, waves=waves)).fits.iloc[0]
    assert "than firms (40)" in fit["warnings"]
    assert fit["warnings"].startswith("more instruments (")


def test_a_lag_beyond_the_panel_is_reported(run, make_model):
    model = make_model(estimator="difference_gmm", regressors=["lag(output, 9)", "rd"])
    assert run(model, make_panel()).fits["status"].item() == "not estimated: no firm has a value of output.lag9"


def test_a_lag_that_leaves_no_change_is_reported(run, make_model):
    model = make_model(estimator="difference_gmm", regressors=["lag(output, 6)", "rd"])
    status = run(model, make_panel()).fits["status"].item()
    assert status == "not estimated: no firm has its regressors in two periods in a row"


def test_instruments_beyond_the_panel_are_reported(run, make_model):
    model = make_model(estimator="difference_gmm", regressors=LAGGED, instrument_lags=[9, None])
    assert "the instruments' lags reach beyond the panel" in run(model, make_panel()).fits["status"].item()


def test_fewer_instruments_than_slopes_are_reported(run, make_model):
    model = make_model(
        estimator="difference_gmm",
        regressors=["lag(output)", "lag(output, 2)", "rd"],
        collapse=True,
        instrument_lags=[2, 2],
    )
    assert "underidentified: " in run(model, make_panel()).fits["status"].item()


def test_one_wave_per_firm_is_reported(run, make_model):
    model = make_model(estimator="difference_gmm", regressors=["rd"])
    assert "two periods in a row" in run(model, make_panel(waves=("2014",))).fits["status"].item()


def test_duplicated_firm_years_are_reported(run, make_model):
    firms = pd.concat([make_panel(), make_panel().tail(1)], ignore_index=True)
    status = run(make_model(estimator="difference_gmm", regressors=["rd"]), firms).fits["status"].item()
    assert status == "not estimated: a firm stands more than once in a wave"


def test_a_regressor_that_does_not_change_is_named(run, make_model):
    firms = make_panel().assign(foreign=lambda rows: rows["firm_id"] < "F0100")
    status = run(make_model(estimator="difference_gmm", regressors=[*LAGGED, "foreign"]), firms).fits["status"].item()
    assert status == "not estimated: collinear: foreign (no variation from one period to the next)"


def test_weights_are_refused_where_they_are_declared(make_model):
    with pytest.raises(StudyError, match=r"difference GMM takes no weights\.\nSet `weights: none`"):
        make_model(estimator="difference_gmm", regressors=LAGGED, weights="final")


def test_serial_correlation_of_the_errors_is_found(run, make_model):
    """Errors that last a wave make lag 2 an invalid instrument; AR(2) and Hansen's test say so."""
    firms = make_panel(n=800)
    random = np.random.default_rng(6)
    errors = random.normal(size=(800, 8))
    output = firms["output"].to_numpy().reshape(800, 7) + 3 * (errors[:, 1:] + errors[:, :-1])
    lasting = diagnostics_of(
        run(make_model(estimator="difference_gmm", regressors=LAGGED), firms.assign(output=output.ravel()))
    )
    sound = diagnostics_of(run(make_model(estimator="difference_gmm", regressors=LAGGED), firms))
    assert lasting.loc["serial correlation: AR(2)", "p"] < 0.001
    assert sound.loc["serial correlation: AR(2)", "p"] > 0.001
    assert sound.loc["overidentification: Hansen", "p"] > 0.001
