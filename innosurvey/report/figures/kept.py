"""Drawings of earlier runs: a figure is drawn again only where something that it shows, or is drawn by, has changed.

A drawing rests on its frame, on the code of its module and all that this reaches, on the study's titles and settings,
on fonts and libraries (together its basis), and on those of the fixed words that it asked for. Drawings that are kept
are no result: without them all are made again, the same to the byte.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from innosurvey.fingerprint import code_fingerprint, file_fingerprint
from innosurvey.report.figures.plans import FigurePlan
from innosurvey.report.words import ROOT, words_in

STYLE_AND_PIXELS = ("innosurvey.report.figures.style", "innosurvey.report.figures.pixels")
"""What every drawing goes through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawing, what it rests on, and the fixed words that it asked for as they were; None for one that was not there.

    `png` is empty until it is made.
    """

    basis: str
    words: Mapping[str, str | None]
    svg: bytes
    png: bytes = b""


@dataclass(slots=True, kw_only=True)
class Kept:
    """The drawings of one language: those of the run before by name, and those that this run made or took over."""

    language: str
    surroundings: str
    before: Mapping[str, Drawing] = field(default_factory=dict)
    now: dict[str, Drawing] = field(default_factory=dict)

    def basis_of(self, plan: FigurePlan, frame: pd.DataFrame) -> str:
        """Return a checksum of all that a drawing rests on but the fixed words."""
        code = code_fingerprint(file_of(plan.draw.__module__), ROOT)
        return _checksum(self.surroundings, self.language, code, plan.draw.__name__, frame.to_csv(index=False))

    def take(self, name: str, basis: str) -> Drawing | None:
        """Take over the drawing of a figure from the run before; None where something is not as it was."""
        known, words = self.before.get(name), words_in(self.language)
        if known is None or known.basis != basis or any(words.get(key) != text for key, text in known.words.items()):
            return None
        self.now[name] = known
        return known


def kept_from(
    files: Mapping[str, bytes], language: str, setting: Mapping[str, Any], fonts: Sequence[str], environment: str
) -> Kept:
    """Return the drawings in `files`, which `files_of` made; `environment` stands for the libraries.

    One whose files were altered, or are not all there, is left out.
    """
    names = [name.removesuffix(".json") for name in files if name.endswith(".json")]
    before = {name: drawing for name in names if (drawing := _drawing_in(files, name)) is not None}
    told = json.dumps(setting, ensure_ascii=False, sort_keys=True, default=str)
    code = [code_fingerprint(file_of(module), ROOT) for module in STYLE_AND_PIXELS]
    surroundings = _checksum(environment, told, *code, *map(file_fingerprint, fonts))
    return Kept(language=language, surroundings=surroundings, before=before)


def files_of(drawings: Mapping[str, Drawing]) -> dict[str, bytes]:
    """Return drawings as files, of each the two pictures and a note of what it rests on, with their checksums."""
    files = {}
    for name, drawing in drawings.items():
        note = {"basis": drawing.basis, "words": drawing.words, "pictures": _sums(drawing.svg, drawing.png)}
        files[f"{name}.svg"], files[f"{name}.png"] = drawing.svg, drawing.png
        files[f"{name}.json"] = json.dumps(note, ensure_ascii=False, indent=1, sort_keys=True).encode()
    return files


def _drawing_in(files: Mapping[str, bytes], name: str) -> Drawing | None:
    svg, png = files.get(f"{name}.svg", b""), files.get(f"{name}.png", b"")
    try:
        note = json.loads(files[f"{name}.json"])
        whole = note["pictures"] == _sums(svg, png)
        return Drawing(basis=note["basis"], words=note["words"], svg=svg, png=png) if whole else None
    except (ValueError, TypeError, KeyError):
        return None


def _sums(*pictures: bytes) -> list[str]:
    return [hashlib.sha256(picture).hexdigest() for picture in pictures]


def file_of(module: str) -> str:
    """Return the file of a module of this package, from the project's folder."""
    return f"{module.replace('.', '/')}.py"


def _checksum(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
