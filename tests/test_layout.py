"""The layouts of pages."""

import jinja2
import pytest

from innosurvey.layout import layout_of


def test_a_text_is_escaped():
    assert layout_of("<p>{{ name }}</p>").render(name="R&D <b>") == "<p>R&amp;D &lt;b&gt;</p>"


def test_a_name_that_is_not_given_is_an_error():
    with pytest.raises(jinja2.UndefinedError, match="name"):
        layout_of("{{ name }}").render()
