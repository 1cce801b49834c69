"""The report's tables as LaTeX, one file each, as journals set them: rules of booktabs, the standard error or interval
in the row below its estimate, notes below the table.

`_preamble.tex` has the packages that the tables need, `_all.tex` sets all of them. A table too long for a page is a
longtable, one too wide lies on its side. Text is UTF-8: with Korean words XeLaTeX or LuaLaTeX is needed.
"""

import re
import textwrap
from functools import cache

from innosurvey.report.document import Document, Table, TableRow
from innosurvey.report.tex import tex
from innosurvey.report.widths import heads_over, letters_of, lines_of
from innosurvey.report.words import words_in

PREAMBLE, ALL = "_preamble.tex", "_all.tex"
PACKAGES = "amsmath,amssymb,booktabs,longtable,makecell,pdflscape,rotating,threeparttable"
UPRIGHT = {r"\small": 96.0, r"\footnotesize": 104.0, r"\scriptsize": 112.0}
"""How many letters a line of 160 mm has in a size."""
SIDEWAYS = {r"\footnotesize": 158.0, r"\scriptsize": 168.0, r"\tiny": 200.0}
"""How many a line has of a page that lies on its side, 240 mm."""
MOST_LINES = {False: 44, True: 26}
"""Lines that a page, upright or on its side, has room for beside caption and notes."""
NARROW_HEAD, WIDE_TEXTS = 14, (34.0, 26.0, 20.0)
"""Letters after which heads and words are wrapped; words sooner where a table would be too wide."""
LONGEST_WORD = 40.0
EM = 0.5
"""A letter in the unit that is as wide as a capital M."""
SPACE = 3.0  # between two columns, in letters
_HANGUL = re.compile("[\\u1100-\\u11ff\\uac00-\\ud7a3]")


def write_latex(document: Document) -> dict[str, bytes]:
    """Return the LaTeX of each table by file name (`<id>.tex`), a preamble and a document with all of them. The same
    document gives the same bytes.
    """
    words = words_in(document.language)
    tables = document.tables()
    title = " ".join(document.title.split())
    head = f"% {title}. {words['data_release']} {document.release_date}. {words['latex_needs']}\n"
    files = {f"{table.id}.tex": head + _Setter(table, document).text() for table in tables}
    korean = any(_HANGUL.search(text) for text in files.values())
    files[PREAMBLE] = head + preamble(korean)
    inputs = "".join(f"\\input{{{table.id}}}\n\\clearpage\n" for table in tables)
    begin = "\\documentclass[a4paper]{article}\n\\usepackage[margin=25mm]{geometry}\n"
    files[ALL] = f"{head}{begin}\\input{{{PREAMBLE[:-4]}}}\n\\begin{{document}}\n{inputs}\\end{{document}}\n"
    return {name: text.encode() for name, text in files.items()}


def preamble(korean: bool) -> str:
    """Return the packages that the tables need."""
    choice = "\\ifPDFTeX\\usepackage[T1]{fontenc}\\usepackage{textcomp}\\else\\usepackage{fontspec}\\fi"
    letters = f"\\usepackage{{iftex}}\n{choice}\n"
    return letters + ("\\usepackage{kotex}\n" if korean else "") + f"\\usepackage{{{PACKAGES}}}\n"


class _Setter:
    """Sets one table."""

    def __init__(self, table: Table, document: Document) -> None:
        self._table, self._document, self._words = table, document, words_in(document.language)
        self._sideways, self._size, self._widths = self._fitting()
        self._total = sum(self._widths) + SPACE * (len(self._widths) - 1)
        self._long = sum(map(self._depth, table.rows)) > MOST_LINES[self._sideways]

    def _fitting(self) -> tuple[bool, str, list[float]]:
        """Return whether the table lies on its side, the size of its letters and the widths of its columns."""
        for sideways, sizes in ((False, UPRIGHT), (True, SIDEWAYS)):
            for wide in WIDE_TEXTS:
                widths = [self._width(place, wide) for place in range(len(self._table.columns))]
                for size, letters in sizes.items():
                    if sum(widths) + SPACE * (len(widths) - 1) <= letters:
                        return sideways, size, widths
        return True, size, widths

    def text(self) -> str:
        """Return the table with all that stands around it."""
        number = f"% {self._words['table']} {self._table.number}\n"
        made = self._on_pages() if self._long else self._on_a_page()
        return number + "\n".join(made) + "\n"

    def _on_a_page(self) -> list[str]:
        kind = "sidewaystable" if self._sideways else "table"
        where = "" if self._sideways else "[htbp]"
        return [
            f"\\begin{{{kind}}}{where}",
            f"\\centering{self._size}",
            "\\begin{threeparttable}",
            self._caption(),
            f"\\begin{{tabular}}{{{self._columns()}}}",
            "\\toprule",
            *self._heads(),
            "\\midrule",
            *self._rows(),
            "\\bottomrule",
            "\\end{tabular}",
            *self._notes(),
            "\\end{threeparttable}",
            f"\\end{{{kind}}}",
        ]

    def _on_pages(self) -> list[str]:
        across = len(self._widths)
        width = f"@{{}}p{{{self._total * EM:.1f}em}}@{{}}"
        notes = [f"\\multicolumn{{{across}}}{{{width}}}{{\\footnotesize {note}}} \\\\*" for note in self._said_below()]
        head = ["\\toprule", *self._heads(), "\\midrule"]
        *rows, last = self._rows() or ["\\\\"]
        made = [
            f"{{{self._size}",
            f"\\begin{{longtable}}{{{self._columns()}}}",
            f"{self._caption()} \\\\",
            *head,
            "\\endfirsthead",
            *head,
            "\\endhead",
            "\\bottomrule",
            "\\endfoot",
            "\\endlastfoot",
            *rows,
            f"{last.removesuffix('*')}*",  # the notes stay with the last row
            "\\bottomrule",
            *notes,
            "\\end{longtable}",
            "}",
        ]
        return ["\\begin{landscape}", *made, "\\end{landscape}"] if self._sideways else made

    def _caption(self) -> str:
        return f"\\caption{{{tex(self._table.title)}}}\\label{{tab:{self._table.id}}}"

    def _columns(self) -> str:
        """Return the sides that the columns' words stand at."""
        return "@{}" + "".join("l" if column.align == "left" else "r" for column in self._table.columns) + "@{}"

    def _heads(self) -> list[str]:
        columns, rows = self._table.columns, []
        if any(column.over for column in columns):
            cells, rules, place = [], [], 1
            for over, span in heads_over(columns):
                width = sum(self._widths[place - 1 : place - 1 + span]) + SPACE * (span - 1)
                head = f"\\multicolumn{{{span}}}{{c}}{{{_broken(over, width, 'b')}}}"
                cells.append(head if over else " & " * (span - 1))
                if over:
                    rules.append(f"\\cmidrule(lr){{{place}-{place + span - 1}}}")
                place += span
            rows += [f"{' & '.join(cells)} \\\\", "".join(rules)]
        heads = [
            _broken(column.title, max(self._widths[place], NARROW_HEAD), f"b{column.align[0]}")
            for place, column in enumerate(columns)
        ]
        return [*rows, f"{' & '.join(heads)} \\\\"]

    def _rows(self) -> list[str]:
        rows, above = [], ""
        for row in self._table.rows:
            if row.kind == "foot" and above not in ("", "foot"):
                rows.append("\\midrule")
            if row.kind == "group":
                rows += [*(["\\addlinespace"] if above else []), self._subtitle(row)]
            else:
                rows += self._lines(row)
            above = row.kind
        return rows

    def _subtitle(self, row: TableRow) -> str:
        words, across = " ".join(lines_of(row.cells[0])), len(self._widths)
        kind = "l" if letters_of(words) <= self._total else f"p{{{self._total * EM:.1f}em}}"
        return f"\\multicolumn{{{across}}}{{@{{}}{kind}@{{}}}}{{\\textit{{{tex(words)}}}}} \\\\*"

    def _lines(self, row: TableRow) -> list[str]:
        """Return the rows of LaTeX that a row is: one for each line of its tallest cell, kept on one page."""
        cells = self._wrapped(row)
        depth = self._depth(row)
        made = [" & ".join(tex(lines[line]) if line < len(lines) else "" for lines in cells) for line in range(depth)]
        return [f"{text} \\\\{'*' if line < depth - 1 else ''}" for line, text in enumerate(made)]

    def _wrapped(self, row: TableRow) -> list[list[str]]:
        """Return the lines of each cell, words in lines no longer than their column."""
        cells = []
        for place, column in enumerate(self._table.columns):
            lines = lines_of(row.cells[place]) if place < len(row.cells) else []
            words = column.align == "left"
            cells.append([part for line in lines for part in wrapped(line, self._widths[place])] if words else lines)
        return cells

    def _depth(self, row: TableRow) -> int:
        return 1 if row.kind == "group" else max(1, *map(len, self._wrapped(row)))

    def _notes(self) -> list[str]:
        said = [f"\\item {note}" for note in self._said_below()]
        return ["\\begin{tablenotes}[flushleft]\\footnotesize", *said, "\\end{tablenotes}"] if said else []

    def _said_below(self) -> list[str]:
        lines = [self._words["synthetic_short"] + "."] if self._document.synthetic else []
        source = [f"{tex(self._words['source'])}: {tex(self._table.source)}"] if self._table.source else []
        return [*(tex(line) for line in (*lines, *self._table.notes)), *source]

    def _width(self, place: int, wide: float) -> float:
        """Return the letters of a column's longest line; words are wrapped after `wide` of them."""
        column = self._table.columns[place]
        words = [letters_of(word) for word in column.title.split()]
        head = max([*words, min(NARROW_HEAD, letters_of(column.title))], default=0.0)
        lines = self._lines_in(place)
        longest = max([head, *map(letters_of, lines)])
        word = max((letters_of(word) for line in lines for word in line.split()), default=0.0)
        return min(longest, max(wide, head, min(word, LONGEST_WORD))) if column.align == "left" else longest

    def _lines_in(self, place: int) -> list[str]:
        rows = [row for row in self._table.rows if row.kind != "group" and place < len(row.cells)]
        return [line for row in rows for line in lines_of(row.cells[place])]


@cache
def wrapped(words: str, width: float) -> tuple[str, ...]:
    """Return words in lines of `width` Latin letters at most; a longer word has a line of its own."""
    share = letters_of(words) / len(words) if words else 1.0
    if letters_of(words) <= width:
        return (words,) if words else ()
    return tuple(textwrap.wrap(words, max(1, int(width / share)), break_long_words=False, break_on_hyphens=False))


def _broken(words: str, width: float, side: str) -> str:
    """Return a head in lines no longer than its column, so that a column is not as wide as its name."""
    lines = wrapped(words, width)
    stacked = " \\\\ ".join(map(tex, lines))
    return f"\\makecell[{side}]{{{stacked}}}" if len(lines) > 1 else stacked
