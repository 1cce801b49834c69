"""Effects of support from declaration to table: who is compared, what is flagged, and what is not estimated."""

import numpy as np
import pandas as pd
import pytest

from innosurvey.errors import StudyError

EFFECT = 0.8
CONTROLS = ["rd", "C(size_class)"]
WEIGHTING = ("ipw", "aipw", "entropy_balancing")
ALL = (*WEIGHTING, "matching")


@pytest.fixture
def supported(make_firms):
    """Return one wave of firms of which those with much R&D get support; output rises by EFFECT with it."""

    def made(n=800, seed=3, **firms):
        frame = make_firms(n=n, waves=["2018"], seed=seed, **firms)
        random = np.random.default_rng(seed)
        chance = 1 / (1 + np.exp(-(0.5 * frame["rd"] - 0.8)))
        support = random.random(len(frame)) < chance
        output = frame["output"] + EFFECT * support
        return frame.assign(support=pd.array(support, dtype="boolean"), output=output)

    return made


@pytest.fixture
def effect_of(run, make_model):
    """Return the results of a model of output on support, and its coefficients by term."""

    def estimated(firms, estimator, **declared):
        defaults = {"regressors": [], "controls": CONTROLS, "treatment": "support"}
        results = run(make_model(estimator=estimator, **{**defaults, **declared}), firms)
        return results, results.coefficients.set_index("term")

    return estimated


def warnings_of(results):
    return results.fits["warnings"].item()


def status_of(results):
    return results.fits["status"].item()


def diagnostics_of(results):
    return results.diagnostics.set_index("name")


@pytest.mark.parametrize("effect", ["att", "ate"])
@pytest.mark.parametrize("estimator", ALL)
def test_a_known_effect_is_found_where_the_plain_difference_is_far_off(effect_of, supported, estimator, effect):
    firms = supported()
    results, found = effect_of(firms, estimator, effect=effect)
    support = firms["support"].to_numpy(dtype=bool)
    naive = firms["output"][support].mean() - firms["output"][~support].mean()
    assert status_of(results) == "ok"
    # Errors are 0.1 to 0.15; the plain difference is off by what R&D does for output, about 0.9.
    assert abs(found.loc[effect, "estimate"] - EFFECT) < 3 * found.loc[effect, "se"]
    assert found.loc[effect, "se"] < 0.2
    assert naive - EFFECT > 0.5


@pytest.mark.parametrize("estimator", ["ipw", "aipw"])
def test_the_propensity_stands_beside_the_effect_as_the_logit_that_it_is(
    effect_of, supported, run, make_model, estimator
):
    firms = supported()
    _, found = effect_of(firms, estimator)
    logit = run(make_model(estimator="logit", outcome="support", regressors=["rd"], controls=["C(size_class)"]), firms)
    logit = logit.coefficients.set_index("term")
    for name in ("const", "rd", "size_class[small]", "size_class[large]"):
        for column in ("estimate", "se"):
            # Two programs that stop their iterations at different points.
            assert found.loc[f"treatment/{name}", column] == pytest.approx(logit.loc[name, column], rel=1e-6)


def test_the_treatment_may_have_covariates_of_its_own(effect_of, supported):
    _, found = effect_of(supported(), "aipw", treatment={"outcome": "support", "regressors": ["rd", "cooperation"]})
    assert [term for term in found.index if "/" in term] == [
        "treatment/const",
        "treatment/rd",
        "treatment/cooperation",
    ]


@pytest.mark.parametrize("estimator", ALL)
def test_clusters_of_one_row_are_robust_errors(effect_of, supported, estimator):
    firms = supported(n=300)
    robust = effect_of(firms, estimator)[1]
    clustered = effect_of(firms, estimator, covariance={"type": "cluster", "by": ["firm_id"]})[1]
    # n / (n - 1) and G / (G - 1) are the same number; the rest is the same sum.
    np.testing.assert_allclose(clustered["se"], robust["se"], rtol=1e-9)


@pytest.mark.parametrize("estimator", ALL)
def test_a_firm_that_stands_twice_counts_once_when_clustered(effect_of, supported, estimator):
    """Each row a second time, a wave later: errors by row shrink by the root of two, those by firm stay."""
    firms = supported(n=300)
    twice = pd.concat([firms, firms.assign(wave="2020")], ignore_index=True)
    declared = {"covariance": {"type": "cluster", "by": ["firm_id"], "small_sample": "none"}}
    more = {"exact": ["wave"]} if estimator == "matching" else {}
    once = effect_of(firms, estimator, **declared, **more)[1]
    both = effect_of(twice, estimator, **declared, **more)[1]
    # Matching measures distance by the covariance of n - 1 rows, not of n: a common factor, the same neighbours.
    np.testing.assert_allclose(both["estimate"], once["estimate"], rtol=1e-6)
    np.testing.assert_allclose(both["se"], once["se"], rtol=1e-6)


@pytest.mark.parametrize("estimator", ALL)
def test_the_order_of_rows_does_not_matter(effect_of, supported, estimator):
    firms = supported(n=300)
    shuffled = firms.sample(frac=1, random_state=4)
    one, other = effect_of(firms, estimator)[1], effect_of(shuffled, estimator)[1]
    np.testing.assert_allclose(one[["estimate", "se"]], other[["estimate", "se"]], rtol=1e-8)


@pytest.mark.parametrize("estimator", ALL)
def test_survey_weights_are_used(effect_of, supported, estimator):
    firms = supported()
    plain, weighted = effect_of(firms, estimator)[1], effect_of(firms, estimator, weights="final")[1]
    assert abs(plain.loc["att", "estimate"] - weighted.loc["att", "estimate"]) > 1e-3
    assert abs(weighted.loc["att", "estimate"] - EFFECT) < 3 * weighted.loc["att", "se"]


@pytest.mark.parametrize("estimator", ALL)
def test_balance_is_shown_before_and_after(effect_of, supported, estimator):
    results, _ = effect_of(supported(), estimator)
    balance = results.balance.set_index("covariate")
    assert list(balance.index) == ["rd", "size_class[small]", "size_class[large]"]
    assert abs(balance.loc["rd", "difference"]) > 0.4
    assert abs(balance.loc["rd", "difference_weighted"]) < 0.1


def test_entropy_balancing_leaves_no_difference_at_all(effect_of, supported):
    results, _ = effect_of(supported(), "entropy_balancing")
    assert results.balance["difference_weighted"].abs().max() < 1e-8


def test_two_moments_balance_the_variance_too(effect_of, supported):
    firms = supported()
    ratio = "ratio of variances farthest from one"
    means, variances = (
        effect_of(firms, "entropy_balancing", controls=["rd"], moments=moments)[0] for moments in (1, 2)
    )
    assert diagnostics_of(variances).loc[ratio, "statistic"] == pytest.approx(1, abs=1e-8)
    assert abs(diagnostics_of(means).loc[ratio, "statistic"] - 1) > 0.01


def test_imbalance_that_is_left_is_named(effect_of, supported):
    firms = supported(n=200)
    firms["half"] = firms["support"].astype(float) + np.random.default_rng(1).normal(size=len(firms))
    results, _ = effect_of(firms, "matching", controls=["rd", "half"], neighbours=20)
    assert "standardised difference above 0.1 left in" in warnings_of(results)


def test_overlap_is_described_by_percentiles(effect_of, supported):
    found = diagnostics_of(effect_of(supported(), "ipw")[0])["statistic"]
    treated = [found[f"propensity of the treated (percentile {percent})"] for percent in (1, 50, 99)]
    untreated = [found[f"propensity of the untreated (percentile {percent})"] for percent in (1, 50, 99)]
    assert 0 < treated[0] < treated[1] < treated[2] < 1
    assert untreated[1] < treated[1]
    assert 0 <= found["share of the treated outside common support"] < 0.1


def test_weights_cost_rows(effect_of, supported):
    results, _ = effect_of(supported(), "ipw")
    effective = diagnostics_of(results).loc["effective number of untreated rows"]
    total = int(effective["note"].removeprefix("of "))
    assert total == (~supported()["support"]).sum()
    assert 50 < effective["statistic"] < total


@pytest.mark.parametrize("declared", [{"trim": 0.1}, {"crump": True}])
def test_trimming_leaves_out_the_extremes_and_says_how_many(effect_of, supported, declared):
    firms = supported()
    firms["rd"] = firms["rd"] * 2
    firms["support"] = pd.array(firms["rd"] + np.random.default_rng(8).logistic(size=len(firms)) > 1, dtype="boolean")
    results, _ = effect_of(firms, "aipw", effect="ate", **declared)
    plain, _ = effect_of(firms, "aipw", effect="ate")
    assert diagnostics_of(results).loc["untreated rows trimmed", "statistic"] > 10
    assert "untreated rows trimmed" not in diagnostics_of(plain).index
    name = "effective number of untreated rows"
    assert diagnostics_of(results).loc[name, "statistic"] > diagnostics_of(plain).loc[name, "statistic"]


def test_propensities_near_a_bound_are_flagged(effect_of, supported):
    firms = supported()
    firms["support"] = pd.array(
        3 * firms["rd"] + np.random.default_rng(8).logistic(size=len(firms)) > 0, dtype="boolean"
    )
    assert "propensity within 0.01 of 0 or 1" in warnings_of(effect_of(firms, "ipw", effect="ate")[0])


@pytest.mark.parametrize("estimator", ["ipw", "aipw"])
def test_a_covariate_that_foretells_treatment_is_named(effect_of, supported, estimator):
    firms = supported()
    firms["certain"] = firms["rd"] + 100 * firms["support"].astype(float)
    results, _ = effect_of(firms, estimator, controls=["certain"])
    assert status_of(results) == "not estimated: treatment is foretold by certain"


def test_a_balance_that_no_weights_give_is_a_reason(effect_of, supported):
    firms = supported()
    firms["certain"] = firms["rd"] + 100 * firms["support"].astype(float)
    results, _ = effect_of(firms, "entropy_balancing", controls=["certain", "cooperation"])
    assert status_of(results) == "not estimated: no weights balance certain"


@pytest.mark.parametrize("estimator", WEIGHTING)
def test_untreated_firms_of_a_level_without_treated_are_left_out_and_counted(effect_of, supported, estimator):
    firms = supported()
    large = (firms["size_class"] == "large").to_numpy()
    firms["support"] = firms["support"] & ~large
    results, found = effect_of(firms, estimator)
    _, expected = effect_of(firms[~large], estimator)
    assert f"no treated firm has size_class[large]: {large.sum()}" in warnings_of(results)
    assert found.loc["att", "estimate"] == pytest.approx(expected.loc["att", "estimate"], rel=1e-8)


def test_firms_of_the_base_level_are_left_out_as_well(effect_of, supported):
    firms = supported()
    micro = (firms["size_class"] == "micro").to_numpy()
    firms["support"] = firms["support"] & ~micro
    results, found = effect_of(firms, "aipw")
    _, expected = effect_of(firms[~micro], "aipw")
    assert "C(size_class) at its base" in warnings_of(results)
    assert found.loc["att", "estimate"] == pytest.approx(expected.loc["att", "estimate"], rel=1e-8)


@pytest.mark.parametrize(("effect", "arm"), [("att", "untreated"), ("ate", "untreated"), ("ate", "treated")])
def test_a_level_without_a_counterpart_is_a_reason(effect_of, supported, effect, arm):
    firms = supported()
    large = (firms["size_class"] == "large").to_numpy()
    firms["support"] = pd.array(np.where(large, arm == "untreated", firms["support"]), dtype="boolean")
    results, _ = effect_of(firms, "ipw", effect=effect)
    assert status_of(results) == f"not estimated: no {arm} firm has size_class[large]"


@pytest.mark.parametrize(("treated", "status"), [
    (9, "not estimated: fewer than 10 treated firms"), (20, "ok"),
    (791, "not estimated: fewer than 10 untreated firms"),
])  # fmt: skip
def test_small_arms_are_flagged_or_not_estimated(effect_of, supported, treated, status):
    firms = supported()
    firms["support"] = pd.array(np.random.default_rng(3).permutation(800) < treated, dtype="boolean")
    results, _ = effect_of(firms, "ipw", controls=["rd"])
    assert status_of(results) == status
    assert ("fewer than 30 treated firms" in warnings_of(results)) == (status == "ok")


def test_an_exact_match_is_one_within_each_class(effect_of, supported):
    """On one covariate the distance has the same order in each class, so the effect is the mean of the classes'."""
    firms = supported()
    plain = {"controls": ["rd"], "bias_adjustment": False}
    classes = [rows for _, rows in firms.groupby("size_class", observed=True)]
    effects = [effect_of(rows, "matching", **plain)[1].loc["att", "estimate"] for rows in classes]
    expected = np.average(effects, weights=[rows["support"].sum() for rows in classes])
    found = effect_of(firms, "matching", exact=["size_class"], **plain)[1]
    assert found.loc["att", "estimate"] == pytest.approx(expected, rel=1e-9)


def test_controls_that_are_not_matched_on_are_adjusted_for(effect_of, supported):
    """Without support the outcome is a line in both covariates, of which R&D alone is matched on."""
    firms = supported()
    support, gain = firms["support"].astype(float), 2 + 0.5 * firms["rd"]
    firms["output"] = 3 * firms["rd"] - firms["cooperation"].astype(float) + gain * support
    declared = {"treatment": {"outcome": "support", "regressors": ["rd"]}, "controls": ["rd", "cooperation"]}
    found = effect_of(firms, "matching", **declared)[1]
    assert found.loc["att", "estimate"] == pytest.approx(np.average(gain, weights=support), rel=1e-9)


def test_a_caliper_leaves_firms_without_a_match(effect_of, supported):
    results, _ = effect_of(supported(), "matching", caliper=0.01)
    assert diagnostics_of(results).loc["treated rows without a match", "statistic"] > 20
    assert "without a match" in warnings_of(results)


def test_a_caliper_on_the_propensity_is_in_standard_deviations_of_its_index(effect_of, supported):
    """The index is a line in R&D alone, so R&D in its own standard deviations has the same distances."""
    firms = supported()
    results, _ = effect_of(firms, "matching", controls=["rd"], metric="propensity", caliper=0.01)
    support = firms["support"].to_numpy(dtype=bool)
    rd = firms["rd"].to_numpy() / firms["rd"].std()
    nearest = np.abs(rd[support][:, None] - rd[~support][None, :]).min(axis=1)
    unmatched = diagnostics_of(results).loc["treated rows without a match", "statistic"]
    assert unmatched == (nearest > 0.01).sum() > 10


def test_a_caliper_that_nobody_passes_is_a_reason(effect_of, supported):
    firms = supported()
    firms["rd"] += 100 * firms["support"].astype(float)
    results, _ = effect_of(firms, "matching", controls=["rd"], caliper=0.001)
    assert status_of(results) == "not estimated: nobody finds a match"


def test_copies_of_a_row_are_no_neighbours(effect_of, supported):
    firms = supported().assign(copies=2)
    weights = {"column": "copies", "type": "frequency"}
    assert "matching takes no frequency weights" in status_of(effect_of(firms, "matching", weights=weights)[0])
    doubled, once = effect_of(firms, "aipw", weights=weights)[1], effect_of(firms, "aipw")[1]
    np.testing.assert_allclose(doubled["estimate"], once["estimate"], rtol=1e-7)


def test_firms_can_be_matched_on_the_propensity(effect_of, supported):
    _, found = effect_of(supported(), "matching", metric="propensity", neighbours=4)
    assert abs(found.loc["att", "estimate"] - EFFECT) < 3 * found.loc["att", "se"]
    assert "treatment/rd" in found.index


@pytest.mark.parametrize(("declared", "flagged"), [
    ({"metric": "propensity", "bias_adjustment": False}, True), ({"metric": "propensity"}, False),
    ({"bias_adjustment": False}, False),
])  # fmt: skip
def test_errors_that_miss_the_propensitys_are_flagged(effect_of, supported, declared, flagged):
    noted = warnings_of(effect_of(supported(), "matching", **declared)[0])
    assert ("errors other than classical are a little too small" in noted) == flagged


def test_classical_errors_of_matching_are_flagged_where_firms_are_seen_several_times(effect_of, supported):
    once = supported()
    twice = once.assign(firm_id=[f"f{row // 2}" for row in range(len(once))], wave=["2018", "2020"] * (len(once) // 2))
    flagged = [
        "take rows for independent" in warnings_of(effect_of(firms, "matching", covariance=kind)[0])
        for firms, kind in ((once, "classical"), (twice, "classical"), (twice, "robust"))
    ]
    assert flagged == [False, True, False]


@pytest.mark.parametrize("effect", ["att", "ate"])
def test_classical_errors_of_matching_are_close_to_robust_ones(effect_of, supported, effect):
    """Two estimates of one variance, the one from neighbours, the other from regressions."""
    firms, more = supported(), {"effect": effect, "neighbours": 2}
    robust, classical = (effect_of(firms, "matching", covariance=kind, **more)[1] for kind in ("robust", "classical"))
    assert classical.loc[effect, "se"] == pytest.approx(robust.loc[effect, "se"], rel=0.1)


@pytest.mark.parametrize("estimator", [*WEIGHTING, "did"])
def test_weighting_and_changes_have_no_classical_errors(effect_of, supported, estimator):
    with pytest.raises(StudyError, match="classical standard errors are wrong"):
        effect_of(supported(), estimator, covariance="classical")


@pytest.fixture
def adopting(make_firms):
    """Return a panel of three waves: a third of the firms get support from the second wave on, a third from the last.

    Output rises by EFFECT in the wave support begins, and by twice that in the next.
    """

    def made(n=300):
        firms = make_firms(n=n)
        start = np.repeat(np.arange(n) % 3, 3) + 1  # 1, 2, or 3: never
        period = np.tile(np.arange(3), n)
        since = period - start
        output = firms["output"] + EFFECT * np.where(since >= 0, 1 + since, 0)
        return firms.assign(support=pd.array(since >= 0, dtype="boolean"), output=output)

    return made


@pytest.mark.parametrize("compare_with", ["never", "not_yet"])
def test_effects_are_found_by_waves_since_support_began(effect_of, adopting, compare_with):
    results, found = effect_of(adopting(), "did", controls=[], compare_with=compare_with)
    assert status_of(results) == "ok"
    truth = {"att": EFFECT * (1.5 + 1) / 2, "att[t-1]": 0, "att[t+0]": EFFECT, "att[t+1]": 2 * EFFECT}
    assert list(found.index) == list(truth)
    for term, value in truth.items():
        assert abs(found.loc[term, "estimate"] - value) < 3 * found.loc[term, "se"], term
    assert diagnostics_of(results).loc["no effect before treatment", "p"] > 0.01


def test_larger_firms_by_weight_count_more_in_changes(effect_of, adopting):
    """Firms of the later group weigh 3: the average over firms is (1.5 + 3 × 1) / 4 of the effect."""
    firms = adopting()
    firms["weight_final"] = np.where(np.repeat(np.arange(300) % 3 == 1, 3), 3.0, 1.0)
    found = effect_of(firms, "did", controls=[], weights="final")[1]
    assert abs(found.loc["att", "estimate"] - EFFECT * (1.5 + 3) / 4) < 3 * found.loc["att", "se"]
    copies = {"column": "weight_final", "type": "frequency"}
    firms["weight_final"] = firms["weight_final"].astype(int)
    repeated = effect_of(firms, "did", controls=[], weights=copies)[1]
    np.testing.assert_allclose(repeated["estimate"], found["estimate"], rtol=1e-9)


def test_errors_are_by_firm_whether_clustered_or_not(effect_of, adopting):
    robust = effect_of(adopting(), "did", controls=[], covariance={"type": "robust", "small_sample": "none"})[1]
    rule = {"type": "cluster", "by": ["firm_id"], "small_sample": "none"}
    np.testing.assert_allclose(effect_of(adopting(), "did", controls=[], covariance=rule)[1]["se"], robust["se"])


def test_the_order_of_rows_does_not_matter_to_changes(effect_of, adopting):
    firms = adopting()
    declared = {"controls": ["rd"], "covariance": {"type": "cluster", "by": ["size_class"]}}
    firms["size_class"] = firms.groupby("firm_id")["size_class"].transform("first")
    one = effect_of(firms, "did", **declared)[1]
    other = effect_of(firms.sample(frac=1, random_state=2), "did", **declared)[1]
    np.testing.assert_allclose(one[["estimate", "se"]], other[["estimate", "se"]], rtol=1e-8)


def test_firms_that_the_method_can_not_use_are_counted(effect_of, adopting):
    firms = adopting()
    of = firms["firm_id"].to_numpy()
    at = {name: (of == f"F{number:04d}") for number, name in ((0, "leaves"), (3, "early"), (4, "unseen"), (6, "late"))}
    last, middle = firms["wave"] == "2018", firms["wave"] == "2016"
    firms.loc[at["leaves"] & last, "support"] = False
    firms.loc[at["early"], "support"] = True
    firms = firms[~(at["unseen"] & middle) & ~(at["late"] & (firms["wave"] == "2014"))]
    results, _ = effect_of(firms, "did", controls=[])
    noted = warnings_of(results)
    assert "1 firms leave treatment and count as treated from their first wave of it" in noted
    assert "2 firms are treated when first seen and take no part" in noted
    assert diagnostics_of(results).loc["firms first treated in 2016", "statistic"] == 98
    assert "1 treated firms were not seen in the wave before and take no part" in noted


def test_one_wave_has_no_change(effect_of, supported):
    results, _ = effect_of(supported(), "did", controls=[])
    assert status_of(results) == "not estimated: no firm is seen before and after its first treatment"


def test_firms_by_their_first_wave_of_support_are_counted(effect_of, adopting):
    counts = diagnostics_of(effect_of(adopting(), "did", controls=[])[0])["statistic"]
    names = ("firms first treated in 2016", "firms first treated in 2018", "firms never treated")
    assert [counts[name] for name in names] == [100, 100, 100]
