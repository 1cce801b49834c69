"""python make_everything.py FOLDER: the made-up study in both languages and in every form, for the test of same bytes.

Run in a process of its own, so that hash seed, time zone, folder and system fonts are those of that process.
"""

import json
import sys
from pathlib import Path

from innosurvey.report.build import build_document
from innosurvey.report.document import as_json
from innosurvey.report.docx import render_docx
from innosurvey.report.figures.drawing import draw_figures
from innosurvey.report.html import render_html
from innosurvey.report.latex import write_latex
from innosurvey.report.outputs import Page, list_outputs
from innosurvey.report.pdf import render_pdf
from innosurvey.report.xlsx import render_xlsx
from tests.report.conftest import FONTS, LAYOUTS, ROOT, font_files, read_assets, read_templates
from tests.report.made_up import made_up_context, made_up_tables

LANGUAGES = ("en", "ko")


def everything() -> dict[str, bytes]:
    """Return the files of the report by name."""
    files: dict[str, bytes] = {}
    documents = {}
    tables, context, templates = made_up_tables(), made_up_context(), read_templates()
    for language in LANGUAGES:
        figures = draw_figures(tables, context, language, font_files())
        document = documents[language] = build_document(tables, figures, context, templates, language)
        assets = read_assets(document, figures)
        files |= {
            f"document.{language}.json": as_json(document).encode(),
            f"report.{language}.html": render_html(document, assets, LANGUAGES).encode(),
            f"report.{language}.pdf": render_pdf(document, assets),
            f"report.{language}.docx": render_docx(document, assets),
            f"tables.{language}.xlsx": render_xlsx(document),
            **{f"figures.{language}/{name}": content for name, content in figures.items()},
            **{f"latex.{language}/{name}": content for name, content in write_latex(document).items()},
        }
        files |= {f"tables/{name}": content for name, content in assets.tables.items()} if language == "en" else {}
    page = Page(
        layout=(ROOT / "workflow/outputs/page.html.j2").read_text(encoding="utf-8"),
        style=(LAYOUTS / "style.css").read_text(encoding="utf-8"),
        fonts={
            weight: (FONTS / f"NotoSansKR-{name}.ttf").read_bytes()
            for weight, name in (("400", "Regular"), ("700", "Bold"))
        },
    )
    files["index.html"] = list_outputs(dict(files), documents, page, 10).encode()
    return files


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, content in everything().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    print(json.dumps(sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())))
