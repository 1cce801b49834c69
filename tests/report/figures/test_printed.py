"""Figures of the printed context: what is hollow, what is worked out, which source is named."""

import io
import json

import pandas as pd
import pytest

from innosurvey.report.figures.plans import FIGURES
from innosurvey.report.figures.printed import apart

CONTEXT = (
    "sme_share",
    "venture_capital",
    "programme_money",
    "programme_output",
    "innovation_by_size",
    "corrected_row",
)


def data_of(figures: dict[str, bytes], name: str) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(figures[f"{name}.csv"]), dtype={"at": str}, keep_default_na=False)


@pytest.fixture(scope="module")
def words(figures: dict[str, bytes]) -> dict:
    return json.loads(figures["figures.en.json"])


@pytest.mark.parametrize("name", CONTEXT)
def test_every_figure_of_the_context_names_source_and_table(words: dict, name: str):
    assert name in FIGURES
    assert [note for note in words[name]["notes"] if note.startswith("Printed in: ") and ", Table " in note]


def test_numbers_in_doubt_are_said_to_be_in_the_note_and_in_the_alternative_text(words: dict):
    assert any(note.startswith("Hollow: ") for note in words["sme_share"]["notes"])
    assert "2003 99.8, 2004 99.8 (in doubt)" in words["sme_share"]["alt"]
    assert not any(note.startswith("Hollow: ") for note in words["venture_capital"]["notes"])


def test_money_is_shown_for_single_years_alone(figures: dict[str, bytes]):
    assert data_of(figures, "programme_money")["at"].str.fullmatch(r"\d{4}").all()


def test_shares_by_size_are_as_printed_with_the_row_worked_out_beside_them(figures: dict[str, bytes]):
    found = data_of(figures, "innovation_by_size")
    printed = found[(found["origin"] == "printed") & (found["at"] == "1970-74")]
    assert printed["value"].tolist() == [24.5, 14.0, 11.4, 37.9, 9.2, 3.3, 2.6]
    assert (printed["doubt"] != "").tolist() == [False, False, True, True, True, True, True]
    derived = found[found["origin"] == "derived"]
    assert derived["value"].round(1).tolist() == [24.5, 14.0, 12.2, 34.0, 10.1, 2.9, 2.3]
    assert set(derived["at"]) == {"1970-74"}


def test_ratios_of_the_figure_are_by_period_and_never_over_all_of_them(figures: dict[str, bytes]):
    assert not data_of(figures, "programme_output")["at"].str.contains("..", regex=False).any()


def test_names_behind_lines_are_kept_apart():
    assert apart([10.0, 10.5, 3.0], 1.0) == [10.0, 11.0, 3.0]
    assert apart([1.0, 5.0], 1.0) == [1.0, 5.0]
