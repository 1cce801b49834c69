"""What the documentation points to is there."""

import re
from pathlib import Path

import pytest

from innosurvey.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
README = PAGES[0].read_text(encoding="utf-8")


def without_code(page: Path) -> str:
    """Return a page without its code blocks and code spans: what looks like a link there is none."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`(?!\])", "", text)


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that a page's headings make."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_point_to_what_exists(page):
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(page)):
        path, _, anchor = link.partition("#")
        if link.startswith(("https://", "mailto:")):
            continue
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_exist(page):
    """A path in code marks that begins with a folder of the repository and has no placeholder is a file or folder."""
    named = re.findall(r"`([\w./-]+)`", page.read_text(encoding="utf-8"))
    folders = ("docs/", "innosurvey/", "resources/", "scripts/", "tests/", "workflow/", "profiles/")
    paths = {name for name in named if name.startswith(folders)}
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []


def test_the_readmes_make_targets_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_of_innosurvey_exist(page):
    """In code, the word behind `innosurvey` is a command or an option of the command line."""
    code = re.findall(r"`[^`\n]+`|^(?: {4}|\$ ).*$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    used = {word for text in code for word in re.findall(r"(?:^|[`/$ ])innosurvey ([a-z]+)", text)}
    assert used <= set(main.commands)
