import pytest


def test_the_largest_size_class_is_enumerated(world):
    assert world.frame.query("size_class == 'large'")["sampled"].all()


def test_about_the_wanted_number_of_firms_answers(world):
    answers = world.frame[world.frame["response_status"].isin(["complete", "partial"])]
    # small strata have at least twenty firms in the gross sample, so a small survey draws more
    assert (answers["window"].value_counts().between(650, 850)).all()


def test_only_sampled_firms_have_a_response_status(world):
    assert ((world.frame["response_status"] != "") == world.frame["sampled"]).all()


@pytest.mark.parametrize("wave", [2, 3])
def test_about_half_of_a_sample_was_drawn_the_wave_before(world, wave):
    drawn = world.frame[world.frame["sampled"]].groupby("window")["firm"].agg(set)
    # large firms are always drawn, closed firms never again
    assert len(drawn[wave] & drawn[wave - 1]) / len(drawn[wave]) == pytest.approx(0.5, abs=0.08)


def test_who_answered_once_mostly_answers_again(world):
    sampled = world.frame[world.frame["sampled"]]
    answered = sampled.assign(yes=sampled["response_status"].isin(["complete", "partial"])).pivot_table(
        index="firm", columns="window", values="yes", aggfunc="first"
    )
    twice = answered.dropna(subset=[1, 2])
    assert twice.loc[twice[1].astype(bool), 2].mean() > 0.85


def test_every_stratum_of_the_frame_is_sampled(world):
    assert world.frame.groupby(["window", "stratum_id"])["sampled"].any().all()
