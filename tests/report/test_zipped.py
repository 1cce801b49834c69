import io
import zipfile

from innosurvey.report.zipped import repacked


def made(year: int, *names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(zipfile.ZipInfo(name, date_time=(year, 1, 1, 0, 0, 0)), name.upper())
    return out.getvalue()


def test_neither_date_nor_order_is_left():
    assert repacked(made(1999, "b", "a"), {}) == repacked(made(2024, "a", "b"), {})


def test_the_list_of_content_types_comes_first():
    with zipfile.ZipFile(io.BytesIO(repacked(made(2024, "Z", "[Content_Types].xml", "A"), {}))) as file:
        assert file.namelist() == ["[Content_Types].xml", "A", "Z"]


def test_an_entry_can_be_replaced():
    with zipfile.ZipFile(io.BytesIO(repacked(made(2024, "a", "b"), {"b": b"new"}))) as file:
        assert (file.read("a"), file.read("b")) == (b"A", b"new")
