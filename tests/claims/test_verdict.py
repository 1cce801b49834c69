from math import inf, isnan

import pytest
from scipy.stats import norm, t

from innosurvey.claims.verdict import Effect, judge, p_of

CLEAR = Effect(value=2.0, se=0.5, df=100.0, p=0.0001)


@pytest.mark.parametrize(
    ("sign", "verdict"), [("positive", "supported"), ("negative", "reversed"), ("differ", "supported")]
)
def test_a_clear_effect_supports_its_own_sign_and_reverses_the_other(sign, verdict):
    assert judge(CLEAR, sign, 0.0, CLEAR.p, 0.05) == verdict


def test_an_effect_that_is_not_clear_supports_nothing():
    assert judge(Effect(value=2.0, se=1.5, df=100.0, p=0.18), "positive", 0.0, 0.18, 0.05) == "not supported"


def test_a_clear_effect_smaller_than_what_matters_does_not_support():
    assert judge(CLEAR, "positive", 2.5, CLEAR.p, 0.05) == "not supported"


def test_a_clear_effect_of_the_other_sign_smaller_than_what_matters_does_not_reverse():
    assert judge(CLEAR, "negative", 2.5, CLEAR.p, 0.05) == "not supported"


def test_an_estimate_that_is_not_there_is_not_estimable():
    assert judge(Effect(reason="fewer than two firms"), "positive", 0.0, 0.01, 0.05) == "not estimable"


def test_the_adjusted_p_value_decides():
    assert judge(CLEAR, "positive", 0.0, 0.2, 0.05) == "not supported"


def test_equivalence_is_judged_by_the_larger_of_two_one_sided_tests():
    effect = Effect(value=0.01, se=0.02, df=50.0, p=0.62)
    larger = max(t.sf((0.01 + 0.06) / 0.02, 50), t.cdf((0.01 - 0.06) / 0.02, 50))
    assert p_of(effect, "none", 0.06) == pytest.approx(larger, rel=1e-12)


def test_a_small_and_certain_effect_supports_that_there_is_no_relation():
    effect = Effect(value=0.01, se=0.01, df=inf, p=0.3)
    p = p_of(effect, "none", 0.05)
    assert p == pytest.approx(norm.cdf(-4.0), rel=1e-12)
    assert judge(effect, "none", 0.05, p, 0.05) == "supported"


def test_a_small_but_uncertain_effect_does_not_show_that_there_is_no_relation():
    effect = Effect(value=0.01, se=0.1, df=inf, p=0.9)
    assert judge(effect, "none", 0.05, p_of(effect, "none", 0.05), 0.05) == "not supported"


def test_an_effect_that_lies_outside_the_margin_reverses_that_there_is_no_relation():
    effect = Effect(value=-0.3, se=0.05, df=inf, p=1e-9)
    assert judge(effect, "none", 0.05, p_of(effect, "none", 0.05), 0.05) == "reversed"


def test_an_exact_effect_without_error_has_no_equivalence_test():
    effect = Effect(value=0.0, se=0.0, df=inf, p=1.0)
    assert isnan(p_of(effect, "none", 0.05))
    assert judge(effect, "none", 0.05, p_of(effect, "none", 0.05), 0.05) == "not estimable"
