"""The committed synthetic survey cleaned by the project's hard edits, beside its list of injected errors."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from innosurvey import codebook, files, study, yamlfile
from innosurvey.clean import Cleaned, clean_survey, parse_edits, parse_localisation
from innosurvey.ingest import ingest_register, ingest_survey
from innosurvey.link import link_registers, parse_links

ROOT = Path(__file__).resolve().parents[2]
WAVES = ("2018", "2020", "2022")
# The edits that speak of each kind of error.
EDITS = {
    "unit_error_sales": {"sales_unit"},
    "unit_error_rnd": {"rnd_unit"},
    "shares_not_100": {"finance_adds_up", "turnover_adds_up", "acquisition_adds_up"},
    "succeeded_above_tried": {"successes_within_projects"},
    "exports_above_sales": {"exports_within_sales"},
    "rnd_staff_above_staff": {"rnd_staff_within_staff"},
    "rnd_money_without_rnd": {"rnd_money_with_rnd"},
    "founded_after_period": {"founded_before_period_end"},
    "answer_in_skipped": {"skip"},
}


@dataclass(frozen=True)
class Wave:
    """A wave before and after cleaning, and the rows of its raw file with an injected error, by kind."""

    linked: pd.DataFrame
    cleaned: Cleaned
    injected: dict[str, set[int]]

    def touched(self, rules: set[str]) -> set[int]:
        ledger = self.cleaned.ledger
        return set(ledger.loc[ledger["rule"].isin(rules), "_source_row"].map(int))

    def amounts(self, name: str, rows: set[int]) -> tuple[pd.Series, pd.Series]:
        """Return the variable in these rows before and after."""
        before = self.linked.set_index("_source_row")[name].loc[sorted(rows)].astype(float)
        after = self.cleaned.firms.set_index("_source_row")[name].loc[sorted(rows)].astype(float)
        return before, after


def cleaned_waves() -> dict[str, Wave]:
    """Return the waves of the committed survey, linked to its financial statements and cleaned."""
    seoul = study.read(*study.BASE)
    dictionary = files.read_dictionary(ROOT / "resources/dictionary/variables.csv", seoul.variables)
    register = seoul.registers["financials"]
    register_codebook = codebook.from_yaml(yamlfile.read(ROOT / register.codebook), dictionary)
    financials = ingest_register(ROOT / seoul.raw_file(register), register_codebook).table
    links = parse_links({"financials": register.link})
    doubt = parse_localisation(seoul.programme["localisation"], dictionary)
    edits = parse_edits(seoul.programme["edits"])
    errors = yamlfile.read(ROOT / "resources/raw/seoul/truth.yaml").data["errors"]
    found = {}
    for name in WAVES:
        source = seoul.waves[name]
        book = codebook.from_yaml(yamlfile.read(ROOT / source.codebook), dictionary)
        wave = ingest_survey(ROOT / seoul.raw_file(source), book, name).table
        linked = link_registers(wave, {"financials": financials}, links, book.period, seoul.key_check).firms
        cleaned = clean_survey(linked, edits, dictionary, book.asked_if, doubt)
        rows = {kind: {int(cell["row"]) for cell in entry["cells"]} for kind, entry in errors[name].items()}
        found[name] = Wave(linked, cleaned, rows)
    return found
