"""Tables as a spreadsheet has them: one row of heads, one thing in a cell, numbers as numbers.

A cell of the report may hold several lines: an estimate, below it an interval and a p-value. Here each has a column of
its own. A subtitle across the table becomes a first column, and no cell is blank: what the report leaves empty is
`[z]`, and a p-value too small to be told is `[low]`. A number is the one that the report shows, with its decimals.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from innosurvey.report.document import Cell, Run, Table
from innosurvey.report.formats import MINUS
from innosurvey.report.numbers import MISSING_MARK, SUPPRESSED_MARK
from innosurvey.report.widths import lines_of

LOW_MARK, NONE_MARK = "[low]", "[z]"
PART_WORDS = {
    "lower": "part_lower",
    "upper": "part_upper",
    "se": "part_se",
    "p": "part_p",
    "p_adjusted": "p_adjusted",
    "effect_size": "effect_size",
    "log_odds": "part_log_odds",
    "log_odds_lower": "part_log_odds_lower",
    "log_odds_upper": "part_log_odds_upper",
    "n": "n",
    "lowest": "lowest",
    "highest": "highest",
}
"""What a further number of a cell is, by the column of the estimates that it is from: keys of the fixed words."""
LONGEST_HEAD = 255
_NUMBER = re.compile(r"(?:p\s*=\s*)?([+\N{MINUS SIGN}]?)(\d+(?:,\d{3})*)(?:\.(\d+))?(\D*)")
_LOW = re.compile(r"(?:p\s*)?<\s*0?\.\d+")
_MARK = re.compile(r"\[\w+\]|\*+|†")

Words = Mapping[str, str]
Key = tuple[str, str]
MAIN, MARK = ("", ""), ("mark", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a cell of a spreadsheet holds: a number with the format that shows it as the report does, or a text."""

    value: float | str
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatTable:
    """A table with one row of heads, which are filled and all different; each row has an entry for each."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]


def flat_table(table: Table, columns_of: Mapping[str, str], words: Words) -> FlatTable:
    """Return a table of the report flat; `columns_of` has the column of the estimates for each trace id."""
    rows = [row for row in table.rows if row.kind != "group"]
    heads: list[str] = []
    columns: list[list[Entry]] = []
    if len(rows) < len(table.rows):
        heads.append(words["part_of_table"])
        columns.append([Entry(value=subtitle or NONE_MARK) for subtitle in subtitles_of(table)])
    for place, column in enumerate(table.columns):
        cells = [row.cells[place] if place < len(row.cells) else Cell(runs=()) for row in rows]
        parted = [parts_of(cell, columns_of, words) for cell in cells]
        keys = list(dict.fromkeys(key for parts in sorted(parted, key=len, reverse=True) for key in parts))
        keys.sort(key=lambda key: key == MARK)  # the sort is stable: marks go last, the others stay
        mains = {columns_of.get(first_trace(cell), "") for cell in cells} - {""}
        title = f"{column.over}: {column.title}" if column.over else column.title
        parts_said = part_names(keys or [MAIN], mains, words)
        heads += [joined(title or words["part_column"].format(number=place + 1), said) for said in parts_said]
        columns += [[entry_of(parts, key) for parts in parted] for key in keys or [MAIN]]
    return FlatTable(heads=different(heads), rows=tuple(zip(*columns, strict=True)))


def subtitles_of(table: Table) -> list[str]:
    """Return, for each row that is no subtitle, the one that it stands under; none for what stands below the table."""
    found, current = [], ""
    for row in table.rows:
        if row.kind == "group":
            current = " ".join(lines_of(row.cells[0]))
        else:
            found.append(current if row.kind == "body" else "")
    return found


def parts_of(cell: Cell, columns_of: Mapping[str, str], words: Words) -> dict[Key, Entry]:
    """Return what a cell holds: its first number or its text under `MAIN`, its marks, and its further numbers under
    the column that they are from and the words before them.
    """
    parts: dict[Key, Entry] = {}
    before, marks = "", ""
    for run in cell.runs:
        text = run.text.strip()
        if run.trace:
            key = (columns_of.get(run.trace, ""), before) if parts else MAIN
            if (key == MAIN and before) or key in parts:
                return whole(cell)  # as in "≥ 0.10": a number alone would say something else
            parts[key] = number_of(run)
            before = ""
        elif parts and _MARK.fullmatch(text):
            marks += text
        elif text not in ("", "–", "(", ")", words["to"].strip()):
            before = text
    if not parts or before:
        return whole(cell)
    return parts | ({MARK: Entry(value=marks)} if marks else {})


def whole(cell: Cell) -> dict[Key, Entry]:
    """Return a cell as one text; several lines are parted by semicolons."""
    return {MAIN: Entry(value="; ".join(line for line in lines_of(cell) if line).strip() or NONE_MARK)}


def number_of(run: Run) -> Entry:
    """Return a printed number as a number, with the spreadsheet's format for it; what is none stays text."""
    if _LOW.fullmatch(run.text.strip()):
        return Entry(value=LOW_MARK)
    found = _NUMBER.fullmatch(run.text)
    if found is None:
        return Entry(value=run.text)
    sign, digits, decimals, unit = found[1], found[2], found[3] or "", found[4]
    value = float(f"{'-' if sign == MINUS else ''}{digits.replace(',', '')}.{decimals or '0'}")
    shown = ("#,##0" if "," in digits else "0") + (f".{'0' * len(decimals)}" if decimals else "")
    shown += f'"{unit}"' if unit else ""
    return Entry(value=value, format=f"+{shown};-{shown};{shown}" if sign == "+" else shown)


def decimals_of(entry: Entry) -> int:
    """Return how many decimals a number is shown with."""
    shown = entry.format.partition(";")[0]
    return len(shown.partition(".")[2].partition('"')[0])


def entry_of(parts: Mapping[Key, Entry], key: Key) -> Entry:
    """Return a part of a cell. Where the cell has no such part, one that is confidential or not estimated is so in all
    its parts; else there is nothing to tell.
    """
    main = parts[MAIN].value
    lacking = main if main in (SUPPRESSED_MARK, MISSING_MARK) and key != MARK else NONE_MARK
    return parts.get(key, Entry(value=lacking))


def part_names(keys: Sequence[Key], mains: set[str], words: Words) -> list[str]:
    """Return what each part of a column's cells is; `mains` are the columns of the estimates that the first numbers are
    from. The first part needs no name of its own, unless it is itself the end of a range, a p-value or the like.
    """
    source = next(iter(mains)) if len(mains) == 1 and len(keys) > 1 else ""
    names = []
    for key in keys:
        column, before = key
        if key == MARK:
            names.append(words["part_mark"])
        elif key == MAIN:
            ranged = (source, "") in keys[1:]
            names.append(words["lowest"] if ranged else words[PART_WORDS[source]] if source in PART_WORDS else "")
        elif before:
            names.append(words["at_equal_composition"] if before == words["equal"].strip() else before)
        elif column == source:
            names.append(words["highest"])
        else:
            names.append(words[PART_WORDS[column]] if column in PART_WORDS else words["part_further"])
    return names


def joined(title: str, part: str) -> str:
    """Return the head of a part of a column."""
    return f"{title}: {part}" if part and part.casefold() != title.casefold() else title


def different(heads: Sequence[str]) -> tuple[str, ...]:
    """Return heads of which none stands twice, as a spreadsheet compares them: without regard to case."""
    taken: set[str] = set()
    made = []
    for head in heads:
        again = (f"{head[: LONGEST_HEAD - 6]} ({count})" for count in itertools.count(2))
        tries = itertools.chain([head[:LONGEST_HEAD]], again)
        made.append(next(each for each in tries if each.casefold() not in taken))
        taken.add(made[-1].casefold())
    return tuple(made)


def first_trace(cell: Cell) -> str:
    """Return the trace id of a cell's first number."""
    return next((run.trace for run in cell.runs if run.trace), "")
