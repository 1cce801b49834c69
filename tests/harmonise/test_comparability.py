from innosurvey.harmonise.bridge import harmonise_waves
from tests.harmonise.make import WALK, crosswalk, spec, wave


def test_it_is_counted_how_firms_came_by_their_codes():
    waves = {"2018": wave("9", a="69", b="95", c="95"), "2020": wave("10", b="34", d="26", e=None)}
    counts = harmonise_waves(waves, spec(), {WALK: crosswalk()}, {}).counts
    by_wave = counts.groupby("wave")[["same", "own", "unique", "split"]].sum()
    assert by_wave.loc["2018"].tolist() == [0, 1, 1, 1]
    assert by_wave.loc["2020"].tolist() == [2, 0, 0, 0]


def test_codes_stand_in_the_order_of_waves_and_codes():
    waves = {"2022": wave("10", a="76", b="26"), "2020": wave("10", a="34")}
    counts = harmonise_waves(waves, spec(list(waves)), {WALK: crosswalk()}, {}).counts
    assert counts[["wave", "code"]].to_numpy().tolist() == [["2022", "26"], ["2022", "76"], ["2020", "34"]]
