import hashlib
import html
import io
import zipfile

import pytest

from innosurvey.errors import DisclosureError
from innosurvey.validate.published import inspect_published


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
    def look(published, firm_ids=("1248100998",)):
        content = {name: text if isinstance(text, bytes) else text.encode() for name, text in published.items()}
        return inspect_published(with_list(content), firm_ids)

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


def test_a_number_that_is_none_stops_the_publication(inspect):
    with pytest.raises(DisclosureError, match=r"report.en.html: 1 times nan"):
        inspect({"report.en.html": "<p>rose by <b>nan</b> %</p>"})


def test_words_that_hold_nan_do_not(inspect):
    assert inspect({"report.en.html": "<p>finance, nanotechnology, None-the-less?</p>".replace("None-", "none-")})


def test_nothing_to_look_at_clears_nothing(inspect):
    with pytest.raises(DisclosureError, match="0 published files and 1 firms"):
        inspect({})


def test_a_study_without_a_survey_has_no_firms_to_look_for(inspect):
    checks = inspect({"report.en.html": "<p>1</p>"}, firm_ids=None)
    assert "firm id" not in " ".join(check.check for check in checks)


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
        inspect_published(listed(**changes), ("1248100998",))


def test_a_list_that_is_what_is_published_passes():
    checks = inspect_published(listed(), ("1248100998",))
    assert next(check for check in checks if "listed" in check.check).looked_at == 3
