import numpy as np
import pytest

from innosurvey.synthetic.nonresponse import ANSWERED, LATER_SECTIONS, NOT_ASKED, class_of


@pytest.mark.parametrize(
    ("variable", "kind"),
    [("sales_t", "money"), ("fin_own", "shares"), ("barrier_staff", "scores"), ("inno_prd_goods", "facts")],
)
def test_items_have_a_class_of_nonresponse(variable, kind):
    assert class_of(variable) == kind


def test_what_was_not_asked_is_never_missing(world):
    for wave in world.waves.values():
        ineligible = (wave.true["response_status"] == "ineligible").to_numpy()
        kinds = wave.given.kinds.where(wave.true.isna(), NOT_ASKED)[~ineligible]
        injected = {error.row for error in wave.injected if error.kind == "answer_in_skipped"}
        strange = kinds[(kinds != NOT_ASKED).any(axis=1)]
        assert set(strange.index) == injected


def test_shares_that_add_up_go_missing_together(world):
    for wave in world.waves.values():
        finance = wave.given.kinds.filter(like="fin_")
        assert finance.nunique(axis=1).eq(1).all()


def test_a_value_stands_where_and_only_where_there_is_an_answer(world):
    given = world.waves["2020"].given
    assert ((given.kinds == ANSWERED) == given.values.notna()).all(axis=None)


def test_partial_respondents_stop_before_the_later_sections(world):
    given = world.waves["2022"].given
    partial = (given.values["response_status"] == "partial").to_numpy()
    later = [name for name in given.kinds.columns if name.startswith(LATER_SECTIONS)]
    assert partial.any()
    assert not (given.kinds.loc[partial, later] == ANSWERED).any(axis=None)


def test_items_go_missing_about_as_often_as_declared(world):
    given = [wave.given for wave in world.waves.values()]
    complete = [np.asarray(answers.values["response_status"] == "complete") for answers in given]
    missing = [
        (answers.kinds["sales_t"] != ANSWERED)[rows].mean() for answers, rows in zip(given, complete, strict=True)
    ]
    # 2.5 % of 700 firms in three waves: a standard error of 0.3 points
    assert np.mean(missing) == pytest.approx(world.truth["nonresponse"]["money"], abs=0.012)
