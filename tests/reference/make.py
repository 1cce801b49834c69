"""Small printed tables for tests, and the project's own."""

import io
from pathlib import Path

import pandas as pd

from innosurvey import tables, yamlfile
from innosurvey.reference.context import Context, read_context
from innosurvey.reference.printed import read_printed
from innosurvey.reference.spec import CHECKS, DECLARED, ReferenceSpec, parse_reference

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources/reference/series"
OWN = ("kim_1", "kim_2", "kim_3", "kim_4", "kim_5", "kim_6", "kim_text", "assumed", "spru_1")
DECLARATION = """
sources:
  office: {en: The office}
tables:
  staff:
    source: office
    number: "3"
    title: {en: Staff}
    head: {en: Quantity}
    unit: thousand
    series:
      large: {title: {en: Large firms}}
      small: {title: {en: Small firms}}
      total: {title: {en: Total}}
      share: {title: {en: Share of small firms}, unit: percent}
      firms: {title: {en: Firms}, unit: count}
    at: {"2001": {}, "2002": {}, sum: {title: {en: Sum}}}
ratios:
  staff_per_firm: {title: {en: Staff per firm}, table: staff, of: total, per: firms, times: 1000, unit: persons}
notes: {}
"""
STAFF = """series,2001,2002,sum
large,10,20,30
small,30,60,90
total,40,80,120
share,75.0,75.0,
firms,4,,4
"""


def declared(text: str = DECLARATION) -> dict:
    """Return a declaration."""
    return yamlfile.parse(text, "tables.yaml").data


def spec(text: str = DECLARATION, chosen: tuple[str, ...] = ("staff",)) -> ReferenceSpec:
    """Return the specs of a declaration."""
    return parse_reference(declared(text), chosen)


def as_text(csv: str) -> pd.DataFrame:
    """Return a CSV as the project reads reference files: all columns as text."""
    return pd.read_csv(io.StringIO(csv), dtype=str, keep_default_na=False)


def staff(csv: str = STAFF) -> pd.DataFrame:
    """Return the made-up table as series."""
    return read_printed(spec().tables["staff"], as_text(csv), "staff.csv")


def checks_of(*rows: str) -> pd.DataFrame:
    """Return declared checks: check,rule,printed,cells,printed_value,computed_value,adds_up,doubts."""
    return as_text("check,rule,printed,cells,printed_value,computed_value,adds_up,doubts\n" + "\n".join(rows))


def own_context(without: tuple[str, ...] = (), **changed: pd.DataFrame) -> Context:
    """Return the context of the project's own tables; some left out, some changed."""
    chosen = [name for name in OWN if name not in without]
    files = {DECLARED: "tables.yaml", CHECKS: "checks.csv", **{name: f"{name}.csv" for name in chosen}}
    printed = {name: changed.get(name, own(name)) for name in chosen}
    return read_context(yamlfile.read(FOLDER / DECLARED).data, changed.get("checks", own("checks")), printed, files)


def own(name: str) -> pd.DataFrame:
    """Return one of the project's own files as text."""
    return tables.read_codelist(FOLDER / f"{name}.csv")
