"""How well codebooks fit a file, and which is the nearest."""

import pytest

from innosurvey import codebook, yamlfile
from innosurvey.codebook import FileSpec
from innosurvey.draft import read_source
from innosurvey.errors import DataError
from innosurvey.new_wave.fit import Known, fit, nearest
from innosurvey.new_wave.years import Years

BOOK = "variables: {{firm_id: {{column: id}}, employees_t: {{column: {}}}, sales_t: {{column: {}}}}}\n"


def known(wave, dictionary, *columns):
    book = codebook.from_yaml(yamlfile.parse(BOOK.format(*columns), wave), dictionary)
    return Known(wave=wave, book=book, years=Years(first=int(wave) - 2, last=int(wave), new=2022))


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text("id,staff,sales_2022\n1,2,3\n2,3,4\n", encoding="utf-8")
    return read_source(path, FileSpec())


def test_the_wave_with_the_greatest_share_of_columns_is_the_nearest(source, dictionary):
    fits = [
        fit(known("2018", dictionary, "staff", "turnover"), source),
        fit(known("2020", dictionary, "x", "y"), source),
    ]
    assert nearest(fits, "new.csv").known.wave == "2018"


def test_of_equal_ones_the_latest_is_the_nearest(source, dictionary):
    fits = [fit(known(wave, dictionary, "staff", f"sales_{wave}"), source) for wave in ("2018", "2020")]
    assert [one.share for one in fits] == [1.0, 1.0]
    assert nearest(fits, "new.csv").known.wave == "2020"


def test_a_file_that_fits_none_is_refused_with_the_best_and_its_share(source, dictionary):
    fits = [fit(known("2018", dictionary, "a", "b"), source)]
    with pytest.raises(DataError, match=r"The best is 2018: 1 of its 3 columns \(33 %\)"):
        nearest(fits, "new.csv")


def test_the_wave_that_is_asked_for_is_taken_with_less(source, dictionary):
    fits = [fit(known("2018", dictionary, "a", "b"), source)]
    assert nearest(fits, "new.csv", like="2018").gone == ("a", "b")
