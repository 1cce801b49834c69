"""The pages show the numbers of the document, and no others."""

import re

import pytest
import typst

from innosurvey.errors import DisclosureError
from innosurvey.validate.rendered import inspect_rendered, numbers_in


def number(trace, text):
    return {"is": "TracedNumber", "text": text, "trace": trace}


def cell(*runs):
    return {
        "is": "Cell",
        "runs": [{"is": "Run", "text": text, "trace": trace, "line": line} for text, trace, line in runs],
    }


DOCUMENT = {
    "title": "Firms 2018",
    "trace": [{"id": "t1", "text": "12.3 %"}, {"id": "t2", "text": "1,234"}, {"id": "t3", "text": "0.05"}],
    "sections": [
        {"is": "Paragraph", "inlines": [{"is": "Text", "text": "In 2018 "}, number("t1", "12.3 %")]},
        {"is": "TableRow", "cells": [cell(("1,234", "t2", 0), ("−", "", 1), ("0.05", "t3", 1))]},
    ],
}
PAGE = (
    '<p>In 2018 <span class="n" data-t="t1">12.3 %</span></p>'
    '<td><span class="n" data-t="t2">1,234</span><small>−<span class="n" data-t="t3">0.05</span></small></td>'
)
WORDS = "Firms 2018\n\nIn 2018 12.3 %\n\n1,234\n\n−0.05"


def pdf_of(words):
    """Return a PDF that says these words."""
    return typst.compile(words.replace("%", "\\%").encode(), format="pdf")


def look(page=PAGE, words=WORDS):
    return inspect_rendered(DOCUMENT, "en", page.encode(), pdf_of(words))


def test_the_documents_numbers_pass():
    (check,) = look()
    assert (check.looked_at, check.found) == (3 + 5, ())


@pytest.mark.parametrize(
    ("page", "finding"),
    [
        (PAGE.replace("12.3 %", "12.4 %"), "report.en.html: 1 numbers differ from their trace: t1 shows 12.4 %"),
        (PAGE.replace('data-t="t2"', 'data-t="t1"'), "t1 shows 1,234"),
        (PAGE.replace(' data-t="t3"', ""), "report.en.html: 1 numbers are lost, 0 come twice or from nowhere"),
        (PAGE + '<span class="n" data-t="t9">7</span>', "t9 shows 7"),
    ],
)
def test_a_page_with_another_number_is_found(page, finding):
    with pytest.raises(DisclosureError, match=re.escape(finding)):
        look(page=page)


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        (WORDS.replace("12.3", "12.8"), "report.en.pdf: 1 numbers are lost: 12.3"),
        (WORDS.replace("12.3", "12.8"), "report.en.pdf: 1 numbers are not of the document: 12.8"),
        (WORDS.replace("1,234", ""), "report.en.pdf: 1 numbers are lost: 1,234"),
        (WORDS.replace("−0.05", "0.05"), "report.en.pdf: 1 numbers are lost: −0.05"),
    ],
)
def test_a_pdf_with_another_number_is_found(words, finding):
    with pytest.raises(DisclosureError, match=re.escape(finding)):
        look(words=words)


def test_a_head_that_a_new_page_repeats_is_no_finding():
    assert look(words=WORDS + "\n#pagebreak()\nFirms 2018")


def test_signs_and_separators_belong_to_their_number():
    assert numbers_in("p < 0.001, +1,234.5 to −3; 10-49") == ["0.001", "+1,234.5", "−3", "10", "49"]
