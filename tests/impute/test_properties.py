"""What holds of every imputation, whatever the answers."""

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innosurvey.clean.conditions import conditions_of
from innosurvey.clean.spec import parse_edits
from tests.impute.make import flagged, impute, make_wave

SHARES = ["acq_own_pct", "acq_joint_pct", "acq_outsourced_pct"]
EDITS = {
    "exports": {"kind": "logical", "rule": "exports_t <= sales_t", "blank": ["exports_t"]},
    "money": {"kind": "logical", "rule": "not (rnd_inhouse == 'none' and exp_rnd_in > 0)", "blank": ["exp_rnd_in"]},
    "adds_up": {"kind": "balance", "variables": SHARES, "total": 100, "exact": 0.5, "prorate": 5},
}
ASKED_IF = dict.fromkeys(SHARES, "rnd_inhouse != 'none'")
STEPS = {
    "sales_t": {"methods": [{"method": "ratio", "to": "sales_t1"}, "donor"]},
    "exports_t": {"at_most": "sales_t", "methods": ["donor"]},
    "rnd_inhouse": {"methods": ["donor"]},
    "exp_rnd_in": {"methods": [{"method": "rule", "value": 0, "when": "rnd_inhouse == 'none'"}, "donor"]},
    "acquisition": {"variables": SHARES, "total": 100, "methods": ["donor", "prorate"]},
}
NAMES = ["sales_t", "sales_t1", "exports_t", "rnd_inhouse", "exp_rnd_in", *SHARES]
AMOUNT = st.one_of(st.none(), st.integers(1, 1000).map(float))


@st.composite
def firm(draw):
    """One firm with answers that break no edit, some of them missing."""
    rnd = draw(st.sampled_from(["none", "occasional", "continuous"]))
    sales = draw(st.integers(1, 1000).map(float))
    cuts = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    parts = [float(cuts[0]), float(cuts[1] - cuts[0]), float(100 - cuts[1])]
    answers = {
        "employees_t": draw(st.integers(1, 300)),
        "sales_t": sales,
        "sales_t1": draw(AMOUNT),
        "exports_t": float(draw(st.integers(0, int(sales)))),
        "rnd_inhouse": rnd,
        "exp_rnd_in": 0.0 if rnd == "none" else draw(st.integers(1, 100).map(float)),
        **{name: None if rnd == "none" else part for name, part in zip(SHARES, parts, strict=True)},
    }
    gone = draw(st.sets(st.sampled_from(["sales_t", "exports_t", "rnd_inhouse", "exp_rnd_in", *SHARES]), max_size=3))
    return {**answers, **dict.fromkeys(gone)} | {"_led": rnd != "none"}


@st.composite
def waves(draw):
    """A clean wave of such firms, with the flags that the questionnaire's skips give."""
    firms = draw(st.lists(firm(), min_size=6, max_size=25))
    return {name: [one[name] for one in firms] for name in [*firms[0]]}


def clean_wave(answers, dictionary):
    led = np.array(answers.pop("_led"))
    firms = make_wave(dictionary, **answers)
    known_none = (firms["rnd_inhouse"] == "none").to_numpy(dtype=bool)
    for name in SHARES:
        firms[f"{name}_flag"] = firms[f"{name}_flag"].mask(known_none & ~led, "not_asked")
    return firms


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(answers=waves())
def test_an_imputation_keeps_answers_edits_skips_and_sums_and_knows_no_order_of_rows(answers, dictionary):
    firms = clean_wave(dict(answers), dictionary)
    steps = {name: {**step, "without_donors": "leave"} for name, step in STEPS.items()}
    options = {"edits": EDITS, "asked_if": ASKED_IF, "classes": [[]], "distance": {"employees_t": "log"}}
    done = impute(firms, dictionary, steps, **options).firms
    for name in NAMES:
        given_before = firms[f"{name}_flag"] == "observed"
        pd.testing.assert_series_equal(done.loc[given_before, name], firms.loc[given_before, name])
        imputed = done[f"{name}_flag"] == "imputed"
        assert firms.loc[imputed, f"{name}_flag"].isin(["missing", "not_asked"]).all()
        assert done.loc[imputed, name].notna().all()
    for condition in conditions_of(parse_edits(EDITS), dictionary):
        if condition.applies(done.columns):
            assert not condition.fails(done).any()
    assert done.loc[(done["rnd_inhouse"] == "none").to_numpy(dtype=bool), SHARES].isna().all().all()
    complete = done[SHARES].notna().all(axis=1)
    assert np.allclose(done.loc[complete, SHARES].sum(axis=1), 100, atol=0.5)  # the edit's own tolerance
    shuffled = firms.sample(frac=1, random_state=3)
    again = impute(shuffled, dictionary, steps, **options).firms.loc[firms.index]
    pd.testing.assert_frame_equal(again, done)


def test_the_same_seed_gives_the_same_bytes_and_another_one_another_donor(dictionary):
    firms = make_wave(dictionary, sales_t=[None] * 20 + [float(amount) for amount in range(80)])
    steps = {"sales_t": {"methods": [{"method": "donor", "distance": {}}]}}
    one, same, other = (impute(firms, dictionary, steps, seed=seed).firms["sales_t"] for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


def test_a_flag_that_says_refused_is_imputed_like_any_other(dictionary):
    firms = flagged(make_wave(dictionary, sales_t=[None, 5.0]), "sales_t", "refused")
    done = impute(firms, dictionary, {"sales_t": {"methods": [{"method": "donor", "distance": {}}]}})
    assert list(done.firms["sales_t"]) == [5.0, 5.0]
