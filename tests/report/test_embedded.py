"""What the page carries inside itself is small, safe and complete."""

import json
import re
from urllib.parse import unquote
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from innosurvey.report.embedded import packed_trace, script_json, svg_uri
from innosurvey.report.numbers import TraceRow

SVG = b"""<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">
 <!-- a note -->
 <defs><path id="NotoSansKR-Regular-12" d="M 1 2
L 3 4
z"/></defs>
 <g style="fill: #1b1f24"><use xlink:href="#NotoSansKR-Regular-12"/><text>50 % &amp; more</text></g>
</svg>"""


def read_back(uri: str) -> ElementTree.Element:
    """Return the drawing that a browser reads from the attribute."""
    kind, _, text = uri.partition(",")
    assert kind == "data:image/svg+xml"
    return ElementTree.fromstring(unquote(text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")))


def test_a_drawing_is_read_back_from_its_address():
    drawing = read_back(svg_uri(SVG))
    path = drawing.find(".//{http://www.w3.org/2000/svg}path")
    use = drawing.find(".//{http://www.w3.org/2000/svg}use")
    assert path.attrib["d"] == "M1 2L3 4z"
    assert use.attrib["href"] == f"#{path.attrib['id']}"
    assert drawing.find(".//{http://www.w3.org/2000/svg}text").text == "50 % & more"


def test_an_address_fits_between_double_quotes():
    assert '"' not in svg_uri(SVG)
    assert "#" not in svg_uri(SVG)


def test_what_is_not_drawn_is_left_out():
    assert "a note" not in svg_uri(SVG)
    assert "DOCTYPE" not in svg_uri(SVG)


def row(number: int, **given_: str) -> TraceRow:
    """Return a trace row."""
    about = {"value": "1.5", "text": "1.5", "table": "describe", "column": "estimate", "key": "cohort all"}
    return TraceRow(id=f"t{number}", file="estimates/describe.csv", rule="gather", **(about | given_))


def test_texts_that_rows_share_are_written_once():
    packed = json.loads(packed_trace([row(1), row(2, column="lower"), row(3, observations="12")]))
    assert packed["keys"] == ["cohort all"]
    assert packed["columns"] == ["estimate", "lower"]
    assert packed["rows"] == [["1.5", "", 0, 0, 0], ["1.5", "", 1, 0, 0], ["1.5", "12", 0, 0, 0]]


@given(st.text())
def test_no_text_ends_the_script_early(text: str):
    written = script_json({"key": text})
    assert json.loads(written) == {"key": text}
    assert not re.search("<", written)
