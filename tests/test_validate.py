import json

import pandas as pd
import pytest

from innosurvey import validate
from innosurvey.errors import DisclosureError


@pytest.fixture
def inspect():
    def look(published, firm_ids=("1248100998",), estimates=None):
        content = {name: text.encode() for name, text in published.items()}
        return validate.inspect(content, estimates or {}, firm_ids, minimum_n=10)

    return look


def test_clean_pages_and_tables_pass(inspect):
    checks = inspect({"report.en.html": "<p>12 firms</p>", "tables/a.csv": "group,n\nx,12\n"})
    assert all(not check.found for check in checks)


@pytest.mark.parametrize("written", ["1248100998", "124-81-00998"])
def test_a_firm_id_in_any_text_stops_the_publication_without_repeating_it(inspect, written):
    with pytest.raises(DisclosureError, match=r"report.en.html holds 1 firm ids") as error:
        inspect({"report.en.html": f"<p>firm {written} said</p>"})
    assert written not in str(error.value)


def test_running_numbers_are_too_short_to_be_searched_for(inspect):
    assert inspect({"a.csv": "n\n12\n"}, firm_ids=("12",))


def test_a_count_below_the_threshold_stops_the_publication(inspect):
    with pytest.raises(DisclosureError, match=r"tables/a\.csv: 1 rows with n below 10"):
        inspect({"tables/a.csv": "group,n\nx,12\ny,9\nz,0\n"})


def test_a_number_that_is_none_stops_the_publication(inspect):
    with pytest.raises(DisclosureError, match=r"report\.en\.html: 1 times nan"):
        inspect({"report.en.html": "<p>rose by <b>nan</b> %</p>"})


def test_words_that_hold_nan_do_not(inspect):
    assert inspect({"report.en.html": "<p>finance, nanotechnology, None-the-less?</p>".replace("None-", "none-")})


def test_an_estimate_that_is_missing_without_a_reason_is_found(inspect):
    describe = pd.DataFrame({"estimate": [None], "status": ["ok"]})
    with pytest.raises(DisclosureError, match="1 rows without estimate and without reason"):
        inspect({"a.csv": "n\n12\n"}, estimates={"describe": describe})


def test_the_manifest_lists_files_in_order_with_checksums():
    listed = json.loads(validate.manifest({"b": b"2", "a": b"1"}, {"raw": "x"}, {"study": "s"}))
    assert [file["file"] for file in listed["files"]] == ["a", "b"]
    assert listed["files"][0]["sha256"].startswith("6b86b273ff34fce1")


def test_nothing_to_look_at_clears_nothing(inspect):
    with pytest.raises(DisclosureError, match="0 published files and 1 firms"):
        inspect({})
