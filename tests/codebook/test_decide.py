"""Points of a drafted codebook that are still to be decided."""

import pytest

from innosurvey import codebook, yamlfile
from innosurvey.errors import StudyError

BOOK = "decide:\n{}table: survey\nvariables: {{firm_id: {{column: id}}}}\n"


def test_a_codebook_with_open_points_is_refused_with_each_by_its_line(dictionary):
    text = BOOK.format("  column a: which?\n  codes of b: what?\n")
    with pytest.raises(StudyError, match=r"(?s)\(2\).*line 2, column a: which\?.*line 3, codes of b: what\?"):
        codebook.from_yaml(yamlfile.parse(text, "book"), dictionary)


def test_the_empty_section_that_is_left_asks_nothing(dictionary):
    assert list(codebook.from_yaml(yamlfile.parse(BOOK.format(""), "book"), dictionary).variables) == ["firm_id"]
