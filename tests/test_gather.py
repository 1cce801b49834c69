import pytest

from innosurvey import tables
from innosurvey.gather import gather


@pytest.mark.parametrize("name", ["describe", "compare", "fits", "coefficients", "waterfall", "link"])
def test_a_study_that_can_feed_none_of_a_kind_gets_an_empty_table(name, tmp_path):
    gathered = gather(name, [])
    tables.write(name, gathered, tmp_path / "t.csv")
    assert len(tables.read(name, tmp_path / "t.csv")) == 0
