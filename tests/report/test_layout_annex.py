"""Tables about the study itself."""

import pytest

from innosurvey.report.context import ReportContext
from innosurvey.report.draft import Draft
from innosurvey.report.layout_annex import citation_table
from innosurvey.report.lookup import Lookup
from innosurvey.report.words import languages

from .made_up import MINIMUM_N, made_up_context


def cited(language: str, **given: object) -> str:
    """Return how a made-up study is cited."""
    context = ReportContext.from_mapping(made_up_context(**given))
    draft = Draft(lookup=Lookup({}, {}, MINIMUM_N), context=context, language=language, figures={})
    return citation_table(draft).rows[0].cells[1].runs[0].text


@pytest.mark.parametrize("language", languages())
def test_a_citation_names_title_release_and_version(language: str):
    words = cited(language, title="Firms", release_date="2024-06-30", version="9.8.7")
    assert all(part in words for part in ("Firms", "2024-06-30", "9.8.7"))


def test_a_study_without_a_source_is_cited_by_its_title():
    assert cited("en", title="Firms", attribution="").startswith("Firms. Data release")
