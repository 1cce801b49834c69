"""What a study needs for the year of a new wave beside its codebook: prices, registers, what it says wave by wave."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from innosurvey import codebook, ingest, link, tables, yamlfile
from innosurvey.dictionary import Dictionary
from innosurvey.errors import StudyError
from innosurvey.harmonise.prices import price_levels
from innosurvey.harmonise.spec import parse_harmonise
from innosurvey.new_wave.differences import Point
from innosurvey.study import Study


def needs_of(study: Study, like: str, period: tuple[str, str], dictionary: Dictionary, root: Path) -> list[Point]:
    """Return what is missing in the study's reference files and registers, or said for the wave `like` by itself."""
    return [
        *_prices(study, period, root),
        *_registers(study, period, dictionary, root),
        *_totals(study, int(period[1][:4]), root),
        *_said_by_wave(study, like),
        *_release(study, period),
    ]


def _prices(study: Study, period: tuple[str, str], root: Path) -> Iterable[Point]:
    spec = parse_harmonise(study.harmonise, study.waves).prices
    if spec is None:
        return
    try:
        price_levels(tables.read_codelist(root / spec.file), spec, {"new": int(period[1][:4])})
    except StudyError as error:
        yield Point(about="study, prices", says=" ".join(str(error).split()))


def _registers(study: Study, period: tuple[str, str], dictionary: Dictionary, root: Path) -> Iterable[Point]:
    """Yield the registers whose years or dates do not reach into the new period."""
    links = link.parse_links({name: source.link for name, source in study.registers.items() if source.link})
    for name, source in study.registers.items():
        where = f"study, register {name}"
        path = root / study.raw_file(source)
        if name not in links or not path.is_file():
            if not path.is_file():
                yield Point(about=where, says=f"{source.file} is not here: does it reach to {period[1][:4]}?")
            continue
        book = codebook.from_yaml(yamlfile.read(root / source.codebook), dictionary)
        last = _last_year(ingest.ingest_register(path, book).table, links[name].columns)
        wanted = int(period[1][:4]) if links[name].how == "year" else int(period[0][:4])
        if last is not None and last < wanted:
            says = f"{source.file} ends in {last}, and the wave needs {wanted}: put the register of that year in place."
            yield Point(about=where, says=says)


def _last_year(register: pd.DataFrame, columns: Iterable[str]) -> int | None:
    """Return the last year in the columns of years or dates; None where there is none."""
    years: list[int] = []
    for column in columns:
        values = register[column].dropna()
        if pd.api.types.is_datetime64_any_dtype(values):
            values = values.dt.year
        years += [int(float(values.max()))] if len(values) and _are_years(values) else []
    return max(years, default=None)


def _are_years(values: pd.Series) -> bool:
    return bool(pd.to_numeric(values, errors="coerce").between(1900, 9999).all())


def _totals(study: Study, year: int, root: Path) -> Iterable[Point]:
    totals = ((study.weights or {}).get("calibrate") or {}).get("totals")
    path = root / study.raw / str(totals)
    if totals and path.is_file():
        table = tables.read_codelist(path)
        if "wave" in table.columns and str(year) not in set(table["wave"]):
            yield Point(about="study, totals", says=f"{totals} has no rows of the wave {year}: add its totals.")


def _said_by_wave(study: Study, like: str) -> Iterable[Point]:
    """Yield what `harmonise:` says of the wave before by itself, and which may hold of the new one."""
    for name, entry in (study.harmonise.get("classifications") or {}).items():
        if like in (entry.get("recode") or {}):
            where = f"harmonise.classifications.{name}.recode"
            yield Point(about=f"study, {where}", says=f"it has codes of the wave {like}: does the new one need them?")
    breaks: Mapping[str, Mapping[str, object]] = study.harmonise.get("breaks") or {}
    named = [name for name, waves in breaks.items() if like in waves]
    if named:
        says = f"{', '.join(named)} break in the wave {like}: declare whether the new wave breaks with it, too."
        yield Point(about="study, harmonise.breaks", says=says)


def _release(study: Study, period: tuple[str, str]) -> Iterable[Point]:
    if study.release <= period[1]:
        says = (
            f"it is {study.release}, before the wave's period ends: give the day on which the new data were released."
        )
        yield Point(about="study, release", says=says)
