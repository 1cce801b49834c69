import io

import pytest
from PIL import Image

from innosurvey.errors import StudyError
from innosurvey.report.figures.pixels import PIXELS_PER_INCH, as_pixels

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt" viewBox="0 0 72 36">'
    b'<rect width="36" height="36" fill="#ff0000"/></svg>'
)


def test_a_drawing_has_as_many_pixels_as_its_inches_ask_for():
    assert Image.open(io.BytesIO(as_pixels({"a": SVG})["a"])).size == (PIXELS_PER_INCH, PIXELS_PER_INCH // 2)


def test_what_is_not_drawn_is_white():
    picture = Image.open(io.BytesIO(as_pixels({"a": SVG})["a"])).convert("RGB")
    assert picture.getpixel((10, 10)) == (255, 0, 0)
    assert picture.getpixel((140, 10)) == (255, 255, 255)


def test_each_drawing_keeps_its_name_and_gives_the_same_bytes_again():
    blue = SVG.replace(b"#ff0000", b"#0000ff")
    made = as_pixels({"red": SVG, "blue": blue})
    assert list(made) == ["red", "blue"]
    assert made == {"red": as_pixels({"red": SVG})["red"], "blue": as_pixels({"blue": blue})["blue"]}


def test_no_drawing_gives_no_picture():
    assert as_pixels({}) == {}


def test_what_is_no_drawing_is_said():
    with pytest.raises(StudyError, match="can't be turned into a PNG"):
        as_pixels({"a": b"no drawing"})
