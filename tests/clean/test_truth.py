"""The hard edits on the synthetic survey, whose injected errors are on record."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from innosurvey import codebook, study, tables, yamlfile
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
# Where the routing answer is missing, nobody can tell that an answer was not asked for.
LEAST_RECALL = {**dict.fromkeys(EDITS, 0.95), "answer_in_skipped": 0.9}


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


@pytest.fixture(scope="module")
def waves() -> dict[str, Wave]:
    """The waves of the committed survey, linked to its financial statements and cleaned."""
    seoul = study.read(*study.BASE)
    dictionary = tables.read_dictionary(ROOT / "resources/dictionary/variables.csv", seoul.variables)
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


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("kind", list(EDITS))
def test_injected_errors_of_each_kind_are_found_by_their_edits(kind, wave, waves):
    injected = waves[wave].injected[kind]
    found = injected & waves[wave].touched(EDITS[kind])
    assert len(found) >= LEAST_RECALL[kind] * len(injected), (len(found), len(injected))


@pytest.mark.parametrize("wave", WAVES)
def test_of_all_injected_errors_nineteen_in_twenty_are_found(wave, waves):
    injected = waves[wave].injected
    found = sum(len(rows & waves[wave].touched(EDITS[kind])) for kind, rows in injected.items())
    assert found >= 0.95 * sum(map(len, injected.values()))


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("kind", list(EDITS))
def test_what_an_edit_changes_is_an_injected_error(kind, wave, waves):
    """Precision by kind; a firm can be touched by an edit on account of another kind of error in it."""
    touched = waves[wave].touched(EDITS[kind])
    right = touched & set().union(*waves[wave].injected.values())
    assert len(right) >= 0.95 * len(touched), (len(right), len(touched))


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize(("kind", "name"), [("unit_error_sales", "sales_t"), ("unit_error_rnd", "exp_rnd_in")])
def test_amounts_in_the_wrong_unit_get_the_right_amount(kind, name, wave, waves):
    before, after = waves[wave].amounts(name, waves[wave].injected[kind])
    right = (after - before / 1000).abs() <= 0.001 * before / 1000  # the amounts were rounded when they were made
    assert right.mean() >= 0.9


@pytest.mark.parametrize("wave", WAVES)
def test_no_right_answer_is_touched(wave, waves):
    injected = set().union(*waves[wave].injected.values())
    ledger = waves[wave].cleaned.ledger.query("action not in ('dropped', 'not_linked')")
    touched = set(ledger["_source_row"].map(int))
    assert touched <= injected
