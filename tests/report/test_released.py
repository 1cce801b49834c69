from datetime import UTC, datetime

import pytest

from innosurvey.errors import StudyError
from innosurvey.report.released import release_time


def test_a_release_date_is_midnight_of_its_day():
    assert release_time("2024-06-30") == datetime(2024, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("date", ["June 2024", "2024-6-30", "2024-06-30T00:00"])
def test_a_release_date_that_is_none_is_refused(date):
    with pytest.raises(StudyError, match="release_date"):
        release_time(date)


def test_a_day_that_no_month_has_is_refused():
    with pytest.raises(StudyError, match="2023-02-30"):
        release_time("2023-02-30")
