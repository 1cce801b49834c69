"""One made-up study, built once: its tables, its figures, its document and the files that renderers need."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from innosurvey.report.assets import Assets
from innosurvey.report.build import build_document
from innosurvey.report.document import Document
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.html import render_html
from innosurvey.report.pdf import render_pdf
from innosurvey.report.published import write_tables

from .made_up import made_up_context, made_up_tables

ROOT = Path(__file__).resolve().parents[2]
LAYOUTS = ROOT / "workflow" / "report"
FONTS = ROOT / "resources" / "fonts"


def read_templates() -> dict[str, str]:
    """Return the section templates by file name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((LAYOUTS / "sections").iterdir())}


def read_assets(document: Document, figures: dict[str, bytes]) -> Assets:
    """Return the assets of the repository with the figures and tables of a document."""
    return Assets(
        layouts={path.name: path.read_text(encoding="utf-8") for path in sorted(LAYOUTS.iterdir()) if path.is_file()},
        fonts={path.name: path.read_bytes() for path in sorted(FONTS.glob("*.ttf"))},
        figures=figures,
        tables=write_tables(document),
        font_folder=str(FONTS),
    )


def font_files() -> tuple[str, ...]:
    """Return the font files for matplotlib."""
    return tuple(str(path) for path in sorted(FONTS.glob("*.ttf")))


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    return made_up_tables()


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    return read_templates()


@pytest.fixture(scope="session")
def figures(tables: dict[str, pd.DataFrame]) -> dict[str, bytes]:
    return draw_figures(tables, made_up_context(), "en", font_files())


@pytest.fixture(scope="session")
def document(tables: dict[str, pd.DataFrame], figures: dict[str, bytes], templates: dict[str, str]) -> Document:
    return build_document(tables, figures, made_up_context(), templates, "en")


@pytest.fixture(scope="session")
def assets(document: Document, figures: dict[str, bytes]) -> Assets:
    return read_assets(document, figures)


@pytest.fixture(scope="session")
def page(document: Document, assets: Assets) -> str:
    return render_html(document, assets)


@pytest.fixture(scope="session")
def pdf(document: Document, assets: Assets) -> bytes:
    return render_pdf(document, assets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The made-up study's report in one language."""

    document: Document
    assets: Assets
    pdf: bytes


@pytest.fixture(scope="session")
def korean(tables: dict[str, pd.DataFrame], templates: dict[str, str]) -> Made:
    figures = draw_figures(tables, made_up_context(), "ko", font_files())
    document = build_document(tables, figures, made_up_context(), templates, "ko")
    assets = read_assets(document, figures)
    return Made(document=document, assets=assets, pdf=render_pdf(document, assets))


@pytest.fixture(scope="session", params=["en", "ko"])
def made(request: pytest.FixtureRequest) -> Made:
    """The report in each language, one after the other."""
    if request.param == "ko":
        return request.getfixturevalue("korean")
    return Made(**{name: request.getfixturevalue(name) for name in ("document", "assets", "pdf")})
