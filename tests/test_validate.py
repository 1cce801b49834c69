import hashlib
import html
import io
import json
import zipfile

import pandas as pd
import pytest

from innosurvey import validate
from innosurvey.errors import BaselineError, DisclosureError


def with_list(content):
    """Return files with the page that lists them, as list_outputs would write it."""
    rows = "".join(
        f'<tr data-file="{html.escape(name)}" data-sha256="{hashlib.sha256(each).hexdigest()}">'
        for name, each in content.items()
    )
    last = '<tr data-file="index.html" data-sha256=""><tr data-file="checks.json" data-sha256="">'
    return content | {"index.html": (rows + last).encode()} if content else {}


@pytest.fixture
def inspect():
    def look(published, firm_ids=("1248100998",), estimates=None):
        content = {name: text if isinstance(text, bytes) else text.encode() for name, text in published.items()}
        content = with_list(content)
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


@pytest.mark.parametrize(
    "text",
    [
        "100-299 employees",
        "total\n100299.25\n",
        "0.100299",
        "1.100299,5",
        "src: url(data:font/woff;base64,AB/100299/+d09)",
    ],
)
def test_a_number_that_only_looks_like_an_id_is_none(inspect, text):
    assert inspect({"page.html": text}, firm_ids=("100299",))


@pytest.mark.parametrize("text", ['"bytes": 100299,', '"contentSize": "100299"'])
def test_the_size_of_a_file_is_no_firm_id(inspect, text):
    assert inspect({"datapackage.json": f"{{{text}}}"}, firm_ids=("100299",))
    with pytest.raises(DisclosureError, match="holds 1 firm ids"):
        inspect({"datapackage.json": f"{{{text} 100299}}"}, firm_ids=("100299",))


@pytest.mark.parametrize("text", ["n,id,x\n12,1248100998,5\n", "[1,1248100998,7]"])
def test_an_id_among_the_numbers_of_a_row_or_a_list_is_found(inspect, text):
    with pytest.raises(DisclosureError, match="holds 1 firm ids"):
        inspect({"tables/a.csv": text})


def test_running_numbers_are_too_short_to_be_searched_for(inspect):
    assert inspect({"a.csv": "n\n12\n"}, firm_ids=("12",))


def document(*traced):
    """A document whose trace holds (table, column, key, value)."""
    trace = [dict(zip(("table", "column", "key", "value"), row, strict=True)) for row in traced]
    return json.dumps({"trace": trace})


@pytest.fixture
def describe():
    return pd.DataFrame(
        {"cohort": "size", "group": ["small", "large"], "n": [40, 9], "estimate": [12.5, 30.0], "status": "ok"}
    )


def test_a_number_that_is_its_tables_passes(inspect, describe):
    page = document(("describe", "estimate", "cohort size, group small", "12.5"))
    checks = {check.check: check for check in inspect({"document.en.json": page}, estimates={"describe": describe})}
    assert checks["every number in the documents is its table's"].looked_at == 1


@pytest.mark.parametrize(
    ("traced", "message"),
    [
        (
            ("describe", "estimate", "cohort size, group small", "12.6"),
            r"1 numbers are not those of describe\.estimate",
        ),
        (("describe", "estimate", "cohort size, group huge", "1"), "1 numbers of describe have no row there"),
        (("describe", "estimate", "cohort size, group large", "30"), "1 numbers of describe with n below 10"),
    ],
)
def test_a_number_that_is_not_its_tables_or_rests_on_few_firms_stops_the_publication(
    inspect, describe, traced, message
):
    with pytest.raises(DisclosureError, match=message):
        inspect({"document.en.json": document(traced)}, estimates={"describe": describe})


def test_a_number_that_is_none_stops_the_publication(inspect):
    with pytest.raises(DisclosureError, match=r"report.en.html: 1 times nan"):
        inspect({"report.en.html": "<p>rose by <b>nan</b> %</p>"})


def test_words_that_hold_nan_do_not(inspect):
    assert inspect({"report.en.html": "<p>finance, nanotechnology, None-the-less?</p>".replace("None-", "none-")})


def test_an_estimate_that_is_missing_without_a_reason_is_found(inspect):
    describe = pd.DataFrame({"estimate": [None], "status": ["ok"]})
    with pytest.raises(DisclosureError, match="1 rows without estimate and without reason"):
        inspect({"a.csv": "n\n12\n"}, estimates={"describe": describe})


def test_nothing_to_look_at_clears_nothing(inspect):
    with pytest.raises(DisclosureError, match="0 published files and 1 firms"):
        inspect({})


def framed(need=30.0, association=5.0):
    """Estimates with one cell of the policy frame and the rows that it says it was taken from."""
    described = {"cohort": "stage", "group": "startup", "wave": "all", "item": "no_funds", "estimate": 30.0}
    compared = {"cohort": "outcome", "group": "failure", "item": "used_loan", "difference": -5.0}
    cell = {
        "need": need, "need_from": "describe: cohort stage, group startup, wave all, item no_funds",
        "reach": float("nan"), "reach_from": None,
        "association": association, "association_from": "compare: cohort outcome, group failure, item used_loan",
    }  # fmt: skip
    frames = {"policy": [cell], "describe": [described | {"status": "ok"}], "compare": [compared]}
    return {name: pd.DataFrame(rows) for name, rows in frames.items()}


def test_the_policy_frame_holds_its_sources_numbers_turned_round_or_not(inspect):
    checks = inspect({"a.html": "<p></p>"}, estimates=framed())
    frame = next(check for check in checks if check.check.startswith("every number of the policy frame"))
    assert (frame.looked_at, frame.found) == (2, ())


@pytest.mark.parametrize("changed", [{"need": 31.0}, {"association": 4.0}])
def test_a_number_of_the_policy_frame_that_is_not_its_sources_stops_the_publication(inspect, changed):
    with pytest.raises(DisclosureError, match=f"{next(iter(changed))} is not that of (describe|compare): cohort"):
        inspect({"a.html": "<p></p>"}, estimates=framed(**changed))


def test_a_number_that_the_estimates_withhold_stops_the_publication(inspect):
    columns = ("measure", "level", "region", "wave", "statistic", "n", "estimate", "withheld")
    table = pd.DataFrame([("firms", "region", "a", "all", "count", 30, 12.5, True)], columns=list(columns))
    key = "measure firms, level region, region a, wave all, statistic count"
    told = {"document.en.json": document(("regions", "estimate", key, "12.5"))}
    assert inspect(told, estimates={"regions": table.assign(withheld=False)})
    with pytest.raises(DisclosureError, match="1 numbers of regions that are withheld"):
        inspect(told, estimates={"regions": table})


CERTIFIED = {
    "certificate": pd.DataFrame(
        [
            {
                "case": "w-t1", "column": None, "term": "educ", "quantity": "estimate", "published": 0.061,
                "computed": 0.107, "tolerance": 0.0006, "verdict": "deviates",
            }
        ]
    ),
    "certificate_cases": pd.DataFrame([{"case": "w-t1", "column": None, "verdict": "deviates", "reason": None}]),
}  # fmt: skip


def test_a_published_number_that_does_not_come_out_stops_with_all_that_one_needs(inspect):
    with pytest.raises(BaselineError) as caught:
        inspect({"report.en.html": "<p>1</p>"}, firm_ids=None, estimates=CERTIFIED)
    assert "w-t1, estimate of educ: published 0.061, computed 0.107, tolerance 0.0006" in str(caught.value)
    assert caught.value.exit_code == 5


def test_published_numbers_that_come_out_are_a_check_that_passed(inspect):
    agreed = {name: table.assign(verdict="agrees") for name, table in CERTIFIED.items()}
    checks = inspect({"report.en.html": "<p>1</p>"}, firm_ids=None, estimates=agreed)
    assert checks[-1].check == "every published number that was estimated comes out"


def test_a_study_without_a_survey_has_no_firms_to_look_for(inspect):
    checks = inspect({"report.en.html": "<p>1</p>"}, firm_ids=None)
    assert "firm id" not in " ".join(check.check for check in checks)


def test_a_comma_in_a_term_does_not_part_the_key_of_its_number(inspect):
    trace = {"table": "coefficients", "column": "estimate", "value": "0.5", "key": "model a, term lag(log(emp), 2)"}
    table = pd.DataFrame([{"model": "a", "term": "lag(log(emp), 2)", "estimate": 0.5}])
    inspect({"document.en.json": json.dumps({"trace": [trace]})}, estimates={"coefficients": table})


def zipped(**parts):
    """A Word file or workbook of these parts, dots in their names as underscores."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(f"xl/{name}.xml", text)
    return out.getvalue()


@pytest.mark.parametrize("xml", ["<si><t>1248100998</t></si>", '<w:t xml:space="preserve">124-81-00998</w:t>'])
@pytest.mark.parametrize("name", ["report.en.docx", "tables.en.xlsx"])
def test_a_firm_id_in_a_word_file_or_a_workbook_is_found(inspect, name, xml):
    with pytest.raises(DisclosureError, match=f"{name} holds 1 firm ids"):
        inspect({name: zipped(words=xml)})


def test_a_number_of_a_workbook_and_what_xml_is_made_of_are_no_ids(inspect):
    assert inspect({"tables.en.xlsx": zipped(sheet='<c r="A1"><v>1248100998</v></c><ext cx="1248100998"/>')})


def test_an_empty_number_in_a_word_file_stops_the_publication(inspect):
    with pytest.raises(DisclosureError, match=r"report\.en\.docx: 1 times nan"):
        inspect({"report.en.docx": zipped(document="<w:t>nan</w:t>")})


def test_a_firm_id_in_a_table_for_latex_is_found(inspect):
    with pytest.raises(DisclosureError, match="holds 1 firm ids"):
        inspect({"latex.en/a.tex": "1248100998 & 1"})


def listed(**changes):
    content = with_list({"tables/a.csv": b"n", "report.en.html": b"<p></p>"})
    return {name: each for name, each in (content | changes).items() if each is not None}


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"tables/b.csv": b"n"}, r"index\.html does not list tables/b\.csv"),
        ({"tables/a.csv": b"m"}, r"index\.html has another checksum of tables/a\.csv"),
        ({"tables/a.csv": None}, r"index\.html lists tables/a\.csv, which is not there"),
        ({"index.html": None}, r"index\.html is not there"),
    ],
)
def test_a_list_that_is_not_what_is_published_stops_the_publication(changes, finding):
    with pytest.raises(DisclosureError, match=finding):
        validate.inspect(listed(**changes), {}, ("1248100998",), minimum_n=10)


def test_a_list_that_is_what_is_published_passes():
    checks = validate.inspect(listed(), {}, ("1248100998",), minimum_n=10)
    assert next(check for check in checks if "listed" in check.check).looked_at == 3
