"""Cut the report's fonts out of Noto Sans KR: what a Korean or English report needs, and no more.

The full fonts hold some 23,000 glyphs in 6 MB a weight. The report needs Latin, Greek, punctuation, mathematics and the
2,350 Hangul syllables of
KS X 1001, so that HTML, PDF and figures share one small, vendored face. To make the files again:

    npm pack @expo-google-fonts/noto-sans-kr          # version 0.4.3, SIL Open Font License 1.1
    tar xzf expo-google-fonts-noto-sans-kr-*.tgz      # unpacks into package/
    python tools/make_fonts.py package resources/fonts

The same input gives the same bytes: the fonts' own time stamps are kept.
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FACES = {"Regular": "400Regular/NotoSansKR_400Regular.ttf", "Bold": "700Bold/NotoSansKR_700Bold.ttf"}

# First and last code point of each block that is kept.
BLOCKS = (
    (0x0020, 0x007E),
    (0x00A0, 0x017F),  # Latin with the accents of European names
    (0x02C6, 0x02DD),
    (0x0300, 0x0304),
    (0x0370, 0x03FF),  # accents, Greek
    (0x2010, 0x2027),
    (0x2030, 0x205E),
    (0x2070, 0x209C),  # punctuation, super- and subscripts
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218F),  # currencies, letter-like signs, fractions
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2300, 0x23FF),  # arrows, mathematics, technical signs
    (0x2460, 0x24FF),
    (0x2500, 0x257F),
    (0x25A0, 0x25FF),  # circled digits, lines, shapes
    (0x2600, 0x266F),
    (0x2713, 0x2718),  # signs, ticks
    (0x3000, 0x303F),
    (0x3131, 0x318E),
    (0x3200, 0x321E),
    (0x3371, 0x33DF),
    (0xFF01, 0xFF5E),
    (0xFFE0, 0xFFE6),  # CJK
)


def hangul_of_ks_x_1001() -> set[int]:
    """Return the code points of the 2,350 syllables of KS X 1001 (rows 16 to 40 of the 94 × 94 table)."""
    rows = range(0xB0, 0xC9)
    return {ord(bytes((row, cell)).decode("euc-kr")) for row in rows for cell in range(0xA1, 0xFF)}


def kept_characters() -> set[int]:
    """Return each code point that the report's fonts keep, if the source has it."""
    listed = {point for first, last in BLOCKS for point in range(first, last + 1)}
    return listed | hangul_of_ks_x_1001()


def cut(source: Path, target: Path) -> None:
    """Write the subset of one face; layout features that figures and tables use (kerning, tabular digits) stay."""
    options = subset.Options()
    options.layout_features = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum", "pnum"]
    options.hinting = False  # screens and printers of today don't need it, and it is a third of the bytes
    options.desubroutinize = True
    options.name_IDs = ["*"]  # the licence and the copyright stand in the name table
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=kept_characters())
    subsetter.subset(font)
    font.save(target)


def main() -> None:
    """Cut both faces and put the licence beside them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="the unpacked npm package")
    parser.add_argument("target", type=Path, help="where the subsets go")
    arguments = parser.parse_args()
    arguments.target.mkdir(parents=True, exist_ok=True)
    for face, name in FACES.items():
        cut(arguments.package / name, arguments.target / f"NotoSansKR-{face}.ttf")
    (arguments.target / "OFL.txt").write_bytes((arguments.package / "LICENSE_FONT").read_bytes())


if __name__ == "__main__":
    main()
