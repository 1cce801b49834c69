"""A large survey in the shape of the shipped one, for timing: all variables, three waves as CSV, registers, the frame.

The shipped synthetic survey is repeated until it has the firms wanted. Each repetition has registration numbers of its
own with valid check digits (wrong ones stay wrong), the same in every wave and register, so that the panel and the
links are kept; and its amounts are multiplied by a factor of the firm, so that columns have as many different values
as real ones. Written once and kept; the same arguments give the same bytes.
"""

import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from innosurvey import codebook, files, study, yamlfile
from innosurvey.codebook import Codebook
from innosurvey.ingest.readers import read_raw
from innosurvey.keys import WEIGHTS, normalise

SEED = 20221231
FIRMS_A_WAVE = 3855
"""Rows of a wave of the shipped survey, on average."""
STRIDE, FIRST_NUMBERS = 38_461_523, 100_000_000
"""The first nine digits of the i-th firm are i times the stride, within the numbers that begin with 0."""
SPREAD = 0.25
NAME = "scale"


def make(firms: int, folder: Path) -> Path:
    """Write the survey of about `firms` firms a wave below `folder` and return its study file."""
    place = folder / f"{firms}"
    overlay = place / "study.yaml"
    if overlay.is_file():
        return overlay
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    seoul = study.read(*study.BASE)
    sources = {**seoul.waves, **seoul.registers}
    numbers = _Numbers()
    for name, source in sources.items():
        _write_source(name, study.ROOT / seoul.raw_file(source), study.ROOT / source.codebook, place, numbers, firms)
    entry = yamlfile.read(study.ROOT / "config.yaml").data["studies"]["seoul"]
    entry |= {"title": {"en": "Scale", "ko": "규모"}, "raw": str(place)}
    for kind in ("waves", "registers"):
        for name in entry[kind]:
            entry[kind][name] |= {"file": f"{name}.csv", "codebook": str(place / f"{name}.yaml")}
    _write_yaml({"study": NAME, "studies": {NAME: entry}}, overlay)
    return overlay


class _Numbers:
    """The firms of the shipped survey by the first nine digits of their number, in the order they were met."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def firms(self, keys: pd.Series) -> tuple[np.ndarray, np.ndarray]:
        """Return the firm's place and how far its check digit is from the right one, for each key."""
        known = [normalise(str(key)) for key in keys]
        places = np.array([self.places.setdefault(key[:9], len(self.places)) for key in known])
        nine = np.array([int(key[:9]) for key in known])
        return places, (np.array([int(key[9]) for key in known]) - _check_digits(nine)) % 10

    def new(self, places: np.ndarray, wrong_by: np.ndarray, repetition: int) -> np.ndarray:
        """Return the ten digits of the firms in one repetition, as numbers."""
        firms = places.astype("int64") + repetition * 20_000
        nine = (firms + 1) * STRIDE % FIRST_NUMBERS
        return nine * 10 + (_check_digits(nine) + wrong_by) % 10


def _check_digits(nine: np.ndarray) -> np.ndarray:
    digits = nine[:, None] // 10 ** np.arange(8, -1, -1) % 10
    return -(digits @ np.array(WEIGHTS) + digits[:, 8] * 5 // 10) % 10


def _write_source(name: str, raw: Path, book: Path, place: Path, numbers: _Numbers, firms: int) -> None:
    """Write one file and its codebook, which now reads a CSV."""
    dictionary = files.read_dictionary(study.ROOT / "resources/dictionary/variables.csv")
    parsed = codebook.from_yaml(yamlfile.read(book), dictionary)
    content = yamlfile.read(book).data
    encoding = parsed.file.encoding or "utf-8"
    content["file"] = {"format": "csv", "encoding": encoding, "header_rows": [1]}
    _write_yaml(content, place / f"{name}.yaml")
    cells = read_raw(raw, parsed.file, parsed.raw_columns)
    with open(place / f"{name}.csv", "wb") as out:
        for part in _repetitions(cells, parsed, numbers, max(1, round(firms / FIRMS_A_WAVE)), name == "2020"):
            out.write(part.encode(encoding))


def _repetitions(
    cells: pd.DataFrame, book: Codebook, numbers: _Numbers, repetitions: int, commas: bool
) -> Iterator[str]:
    """Return the file in parts, the first of them with the header."""
    key = book.variables["firm_id"].columns[0]
    places, wrong_by = numbers.firms(cells[key])
    hyphens = cells[key].astype(str).str.contains("-").any()
    texts = {column: _texts(cells[column]) for column in cells.columns if column != key}
    amounts = _amounts(book, texts)
    for repetition in range(repetitions):
        factors = np.exp(SPREAD * np.random.default_rng([SEED, repetition]).standard_normal(len(numbers.places)))[
            places
        ]
        columns = {
            column: _scaled(texts[column], amounts[column], factors, commas) if column in amounts else cell
            for column, cell in texts.items()
        }
        columns[key] = _written(numbers.new(places, wrong_by, repetition), hyphens)
        lines = ([] if repetition else [[_quoted(column) for column in cells.columns]]) + list(
            zip(*(columns[column] for column in cells.columns), strict=True)
        )
        yield "".join(f"{','.join(line)}\n" for line in lines)


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text


def _texts(cells: pd.Series) -> np.ndarray:
    return np.array([_quoted(_text(cell)) for cell in cells], dtype=object)


def _text(cell: Any) -> str:
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell)


def _amounts(book: Codebook, texts: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the numbers of the columns that hold money, NaN where a cell is blank or a code."""
    found = {}
    for source in book.variables.values():
        money = source.declared.unit == "currency_million" or (
            book.table != "survey" and source.declared.type == "float"
        )
        for column in source.columns if money else ():
            plain = pd.Series(texts[column]).where(~pd.Series(texts[column]).isin(list(source.missing)))
            found[column] = pd.to_numeric(plain.str.replace('[",]', "", regex=True), errors="coerce").to_numpy()
    return found


def _scaled(texts: np.ndarray, amounts: np.ndarray, factors: np.ndarray, commas: bool) -> np.ndarray:
    form = "{:,}" if commas else "{}"  # as the shipped wave of 2020 writes its amounts
    scaled = np.round(amounts * factors)
    return np.array(
        [
            text if amount != amount else _quoted(form.format(int(amount)))
            for text, amount in zip(texts, scaled, strict=True)
        ],
        dtype=object,
    )


def _written(keys: np.ndarray, hyphens: bool) -> list[str]:
    ten = [f"{key:010d}" for key in keys.tolist()]
    return [f"{key[:3]}-{key[3:5]}-{key[5:]}" for key in ten] if hyphens else ten


def _write_yaml(content: Any, path: Path) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10_000), encoding="utf-8")
