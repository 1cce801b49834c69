"""What renderers need beside the document: layouts, style, script, fonts, drawn figures, published tables. All as
content; `assets_from` is where the rules read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from innosurvey import files
from innosurvey.errors import StudyError, did_you_mean

REGULAR, BOLD = "NotoSansKR-Regular.ttf", "NotoSansKR-Bold.ttf"
FONT_FAMILY = "Noto Sans KR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Files by name: `layouts` (layout.html.j2, style.css, script.js, layout.typ), `fonts`, `figures` (what
    draw_figures returned).

    `font_folder` is where the same fonts lie, for the compiler that takes folders only; `tables` are published
    CSVs, which the PDF carries along.
    """

    layouts: Mapping[str, str]
    fonts: Mapping[str, bytes]
    figures: Mapping[str, bytes]
    tables: Mapping[str, bytes]
    font_folder: str = ""

    def layout(self, name: str) -> str:
        """Return a layout file; one that isn't there is a `StudyError`."""
        if name not in self.layouts:
            raise StudyError(
                f"The report has no layout {name}.{did_you_mean(name, self.layouts)}\n"
                f"It has: {', '.join(sorted(self.layouts))}."
            )
        return self.layouts[name]

    def font(self, name: str) -> bytes:
        """Return a font file; one that isn't there is a `StudyError`."""
        if name not in self.fonts:
            raise StudyError(
                f"The report has no font {name}.\n"
                f"It has: {', '.join(sorted(self.fonts)) or 'none'}.  See tools/make_fonts.py."
            )
        return self.fonts[name]

    def figure(self, name: str, language: str, ending: str) -> bytes:
        """Return a drawn figure in a format."""
        file = f"{name}.{language}.{ending}"
        if file not in self.figures:
            raise StudyError(
                f"Figure file {file} is not there.{did_you_mean(file, self.figures)}\n"
                "Draw the figures of this study anew."
            )
        return self.figures[file]


def assets_from(
    layouts: Sequence[str], fonts: Sequence[str], figures: Mapping[str, bytes], published: Mapping[str, bytes]
) -> Assets:
    """Return the assets: layout files and font files at these paths, drawn figures and published tables by name."""
    font_folder = Path(fonts[0]).parent
    kept = files.read_files(font_folder)
    return Assets(
        layouts=files.read_texts(layouts),
        fonts={Path(font).name: kept[Path(font).name] for font in fonts},
        figures=figures,
        tables=published,
        font_folder=str(font_folder),
    )
