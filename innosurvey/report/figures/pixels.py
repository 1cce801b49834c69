"""Figures as PNG, made by the typesetter from their SVG: each is drawn once, and both files show the same drawing."""

from collections.abc import Mapping

import typst

from innosurvey.errors import StudyError

PIXELS_PER_INCH = 150
PAGES = "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"


def as_pixels(drawings: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the PNG of each SVG by its name. Words in them are outlines, so that no font is needed.

    Raises `StudyError` for a drawing that is none.
    """
    if not drawings:
        return {}
    source = PAGES + "#pagebreak()\n".join(f'#image("{name}.svg")\n' for name in drawings)
    files = {"main.typ": source.encode(), **{f"{name}.svg": drawing for name, drawing in drawings.items()}}
    try:
        made = typst.compile(files, format="png", ppi=PIXELS_PER_INCH, ignore_system_fonts=True)  # type: ignore[call-overload]
    except typst.TypstError as error:
        raise StudyError(f"A figure's SVG can't be turned into a PNG:\n  {error}") from error
    pictures = made if isinstance(made, list) else [made]  # one page comes without a list
    return dict(zip(drawings, map(bytes, pictures), strict=True))
