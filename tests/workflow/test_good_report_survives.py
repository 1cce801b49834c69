"""A good report outlives what comes after it: a document that cannot be written leaves what was published as it was."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SECTIONS = "workflow/report/sections"
PUBLISH = "results/seoul/publish"
SPOILT = {
    "undefined name": ("00_summary", "# ", "{{ nothing }}\n# ", r"00_summary\.en\.md\.j2, line \d+"),
    "syntax error": ("30_state", "{% if waves %}", "{% if waves ", r"30_state\.en\.md\.j2, line \d"),
    "unknown table": (
        "10_data",
        "# ",
        "{{ rows('describ') }}\n# ",
        r"10_data\.en\.md\.j2, line \d: The report has no table describ",
    ),
    "character without a glyph": (
        "90_annex",
        "# ",
        "# \N{SNOWMAN WITHOUT SNOW} ",
        r"U\+26C4[\s\S]*90_annex\.en\.md\.j2, line \d",
    ),
}


@pytest.fixture(scope="module")
def spoilt(built, tmp_path_factory):
    """One copy of the built study for all cases; each puts back what it spoilt."""
    return built.copy(tmp_path_factory.mktemp("survives") / "project")


def contents_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("case", SPOILT)
def test_a_document_that_cannot_be_written_leaves_every_page_and_the_mended_one_comes_again(spoilt, case):
    section, old, new, said = SPOILT[case]
    file = f"{SECTIONS}/{section}.en.md.j2"
    published = contents_of(spoilt.folder / PUBLISH)
    before = (spoilt.folder / file).read_bytes()
    spoilt.edit(file, old, new)
    ran = spoilt.report()
    assert ran.code == 2, ran.out + ran.err
    assert re.search(said, ran.err)
    assert "Traceback" not in ran.out + ran.err
    assert contents_of(spoilt.folder / PUBLISH) == published

    (spoilt.folder / file).write_bytes(before)
    again = spoilt.report()
    assert again.code == 0, again.out + again.err
    assert contents_of(spoilt.folder / PUBLISH) == published


def test_a_form_that_cannot_be_rendered_leaves_what_was_published_and_no_half_of_it(spoilt):
    published = contents_of(spoilt.folder / PUBLISH)
    layout = "workflow/report/layout.typ"
    before = (spoilt.folder / layout).read_bytes()
    spoilt.edit(layout, "#let content =", "#let content = nothing\n#let again =")
    ran = spoilt.report()
    assert ran.code == 2, ran.out + ran.err
    assert "workflow/report/layout.typ" in ran.err
    assert contents_of(spoilt.folder / PUBLISH) == published
    assert not list((spoilt.folder / "results").rglob("*.partial"))

    (spoilt.folder / layout).write_bytes(before)
    assert spoilt.report().code == 0
    assert contents_of(spoilt.folder / PUBLISH) == published
