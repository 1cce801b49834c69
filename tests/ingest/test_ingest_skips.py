"""Blank cells: not asked, missing, or an answer; and rows of a table that are no firm."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from innosurvey import codebook, dictionary, yamlfile
from innosurvey.errors import DataError
from innosurvey.ingest import Ingested, ingest_survey

DECLARED: Mapping[str, Mapping[str, Any]] = {
    "firm_id": {"type": "string"},
    "active": {"type": "bool"},
    "partner": {"type": "bool"},
    "place": {"type": "multi", "levels": ["none", "domestic", "abroad"]},
    "patents": {"type": "int"},
    "staff": {"type": "int"},
}
CODEBOOK = """
title: a small survey
file: {format: csv, rows_without_id: RULE}
skips: {pursued: active}
value_maps: {yes_no: {1: true, 2: false}, ticked: {1: true}}
variables:
  firm_id: {column: id}
  active: {column: a, values: yes_no}
  partner: {column: b, values: ticked, blank: false, asked_if: pursued}
  place: {columns: {domestic: c, abroad: d}, combine: multi, values: ticked, blank: false, asked_if: pursued}
  patents: {column: e, blank: 0, asked_if: pursued}
  staff: {column: f, asked_if: pursued}
"""


def ingest(folder: Path, rows: str, rows_without_id: str = "refuse") -> Ingested:
    raw = folder / "survey.csv"
    raw.write_text("id,a,b,c,d,e,f\n" + rows, encoding="utf-8")
    known = dictionary.Dictionary([]).extended(DECLARED, "test")
    text = CODEBOOK.replace("RULE", rows_without_id)
    return ingest_survey(raw, codebook.from_yaml(yamlfile.parse(text, "codebook.yaml"), known), "2020")


def test_an_unticked_box_of_an_asked_firm_is_no(tmp_path: Path) -> None:
    firm = ingest(tmp_path, "1,1,,,,,\n").table.iloc[0]
    assert not firm["partner"]
    assert firm["partner_flag"] == "observed"


def test_a_count_left_open_by_an_asked_firm_is_none(tmp_path: Path) -> None:
    assert ingest(tmp_path, "1,1,,,,,\n").table["patents"].tolist() == [0]


def test_boxes_of_several_places_left_unticked_make_the_level_none(tmp_path: Path) -> None:
    assert ingest(tmp_path, "1,1,1,1,,,\n2,1,,,,,\n").table["place"].tolist() == ["domestic", "none"]


def test_a_blank_of_a_firm_that_was_passed_over_is_not_asked(tmp_path: Path) -> None:
    firm = ingest(tmp_path, "1,1,1,1,,1,1\n2,2,,,,,\n").table.iloc[1]
    assert [firm[f"{name}_flag"] for name in ("partner", "place", "patents", "staff")] == ["not_asked"] * 4
    assert firm[["partner", "place", "patents", "staff"]].isna().all()


def test_an_answer_where_none_was_asked_is_kept_for_the_edits(tmp_path: Path) -> None:
    assert ingest(tmp_path, "1,2,,,,3,\n").table["patents"].tolist() == [3]


def test_a_blank_without_a_meaning_is_missing_where_it_was_asked(tmp_path: Path) -> None:
    assert ingest(tmp_path, "1,1,,,,,\n").table["staff_flag"].tolist() == ["missing"]


def test_column_totals_below_the_table_are_dropped_and_counted_on_request(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, "1,1,,,,2,5\n2,1,,,,3,5\n,,,,,5,10\n", rows_without_id="drop")
    counts = ingested.ledger.set_index("rule")["rows"]
    assert ingested.table["firm_id"].tolist() == ["1", "2"]
    assert counts["raw_rows"] == counts["typed_rows"] + counts["blank_row"] + counts["row_without_id"] == 3


def test_a_row_without_firm_id_is_refused_otherwise(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="row 3, column id: no firm id") as caught:
        ingest(tmp_path, "1,1,,,,2,5\n,,,,,5,10\n")
    assert "rows_without_id: drop" in str(caught.value)


def test_the_ledger_counts_no_rule_that_the_codebook_does_not_ask_for(tmp_path: Path) -> None:
    ledger = ingest(tmp_path, "1,1,,,,2,5\n").ledger
    assert isinstance(ledger, pd.DataFrame)
    assert "row_without_id" not in set(ledger["rule"])
