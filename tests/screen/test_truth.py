"""The declared checks on the synthetic survey: how many right answers they doubt, and which slips they find.

Hard edits find the errors that the survey was given; what they leave is right but for a handful of answers to skipped
items, which nothing can tell. So false alarms are counted on the clean wave, and slips of the kinds that hard edits let
pass are made in it. The figures in docs/methods.md, section 1, come from here (wave 2020).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from innosurvey import codebook, files, study, tables, yamlfile
from innosurvey.clean import clean_survey, parse_edits
from innosurvey.derive import parse_derived
from innosurvey.ingest import ingest_register, ingest_survey
from innosurvey.link import link_registers, parse_links
from innosurvey.screen.answers import screen_answers
from innosurvey.screen.spec import parse_screen
from innosurvey.screen.wave import Wave

ROOT = Path(__file__).resolve().parents[2]
SEOUL = study.read(*study.BASE)
DICTIONARY = files.read_dictionary(ROOT / "resources/dictionary/variables.csv", SEOUL.variables)
SPECS = parse_screen(SEOUL.programme["screen"], SEOUL.programme["edits"])


def clean_wave(wave: str) -> pd.DataFrame:
    """Return one wave of the committed survey, linked to its financial statements and cleaned."""
    source, register = SEOUL.waves[wave], SEOUL.registers["financials"]
    book = codebook.from_yaml(yamlfile.read(ROOT / source.codebook), DICTIONARY)
    table = ingest_survey(ROOT / SEOUL.raw_file(source), book, wave).table
    register_book = codebook.from_yaml(yamlfile.read(ROOT / register.codebook), DICTIONARY)
    financials = ingest_register(ROOT / SEOUL.raw_file(register), register_book).table
    links = parse_links({"financials": register.link})
    firms = link_registers(table, {"financials": financials}, links, book.period, SEOUL.key_check).firms
    return clean_survey(firms, parse_edits(SEOUL.programme["edits"]), DICTIONARY, book.asked_if).firms


@pytest.fixture(scope="module")
def waves() -> dict[str, pd.DataFrame]:
    return {wave: clean_wave(wave) for wave in ("2018", "2020")}


def suspects_of(firms, waves):
    wave = Wave(
        firms=firms,
        previous=waves["2018"],
        dictionary=DICTIONARY,
        derived=parse_derived(SEOUL.programme["derived"]),
        codelists=tables.read_codelists(sorted(map(str, (ROOT / "resources/codelists").glob("*.csv")))),
    )
    return screen_answers(wave, SPECS)


def found_slips(waves, name, factor):
    """Return the share of a hundred slips that some check points at, and the share that would be replaced."""
    firms = waves["2020"].copy()
    answers = firms[name].astype("float64")
    able = np.flatnonzero((answers > 0).to_numpy())
    rows = np.random.default_rng(1).choice(able, 100, replace=False)
    answers.iloc[rows] = np.maximum(np.round(answers.iloc[rows] * factor), 1)
    firms[name] = answers.astype(firms[name].dtype)
    suspects = suspects_of(firms, waves).suspects
    hit = suspects[(suspects["variable"] == name) & suspects["_source_row"].isin(firms["_source_row"].iloc[rows])]
    return hit["firm_id"].nunique() / 100, hit.loc[hit["treatment"] == "impute", "firm_id"].nunique() / 100


def test_right_answers_are_seldom_doubted(waves):
    summary = suspects_of(waves["2020"], waves).summary
    checked = summary[summary["checked"] > 0]
    # 2 %: the R&D expenditure of firms that do any varies tenfold from wave to wave, so its check is the loosest.
    assert (checked["flagged"] / checked["checked"]).max() < 0.02
    assert checked["flagged"].sum() / checked["checked"].sum() < 0.002


def test_no_right_answer_is_replaced(waves):
    assert suspects_of(waves["2020"], waves).summary["treated"].sum() == 0


@pytest.mark.parametrize(
    ("name", "factor", "found"),
    [
        ("sales_t", 1000, 1.0),
        ("total_assets_t", 1000, 1.0),
        ("employees_t", 1000, 0.97),
        ("exp_rnd_in", 1000, 0.75),
        ("sales_t", 10, 0.9),
        ("sales_t", 0.1, 0.9),
        ("total_assets_t", 10, 0.9),
        ("employees_t", 10, 0.7),
    ],
)
def test_most_slips_of_the_unit_or_a_digit_are_found(name, factor, found, waves):
    # The least shares lie a few points below what was measured: which firms slip is chance.
    assert found_slips(waves, name, factor)[0] >= found


def test_sales_that_no_statement_bears_out_are_replaced(waves):
    assert found_slips(waves, "sales_t", 1000)[1] == 1.0
