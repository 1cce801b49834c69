"""The record of what changed, for a report to tell, as long as it is of the present results."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from innosurvey import tables, yamlfile
from innosurvey.baseline.tidy import tidy_statistics
from innosurvey.changes import record
from innosurvey.changes.recorded import RECORDED, files_of, place_of
from innosurvey.changes.split import Number, Verdict
from innosurvey.changes.units import Units
from innosurvey.study import ROOT
from tests.changes.test_page import CHANGES

CONTRACTS = yamlfile.read(ROOT / "workflow/schemas/tables.yaml").data
SHARE = Number(
    table="describe", place="all · product_innovation · share", values=tuple(map(Decimal, ("60.04", "60.5", "58.75")))
)
FOUND = replace(CHANGES, split=replace(CHANGES.split, moved=(SHARE,)))


def estimates(share=58.7512, verdict="not supported"):
    """Return the tables with the headline numbers of a study with one item and one claim."""
    rows = {
        "describe": {
            "cohort": "all",
            "group": "all",
            "wave": "all",
            "item": "product_innovation",
            "statistic": "share",
            "estimate": share,
            "n": 100,
        },
        "claims": {"claim": "C1", "verdict": verdict, "n": 100},
    }
    return {name: pd.DataFrame([row]) for name, row in rows.items()}


def recorded(found=FOUND):
    return record.record_of(found, tidy_statistics(estimates(), CONTRACTS, 10))


def told(found=FOUND, **present):
    return record.told_of(recorded(found), estimates(**present), CONTRACTS, 10)


def test_a_record_keeps_its_tables_contracts():
    for name, frame in recorded().items():
        tables.fail_if_contract_is_broken(name, frame, name)
        assert len(frame) > 0


def test_a_record_has_the_parts_of_each_number_as_they_are_shown_and_they_add_up():
    changes = recorded()["changed_numbers"].query("kind == 'describe'")
    assert changes["part"].tolist() == [0.46, -1.75]
    assert changes["before"].iloc[0] + changes["part"].sum() == pytest.approx(changes["after"].iloc[-1], abs=1e-12)


def test_a_record_weighs_each_cause():
    causes = recorded()["causes"].set_index("cause")
    assert causes.loc["code"].tolist()[2:5] == [1, 0, 0]
    assert causes.loc["data revision and new units"].tolist()[2:5] == [1, 1, 1]


def test_a_record_has_no_small_count_of_units_and_none_that_it_follows_from():
    few = replace(FOUND, sources={"survey 2020": Units(entries=3, exits=0, both=3771, amended=200)})
    row = recorded(few)["revisions"].iloc[0]
    assert row["amended"] == 200
    assert row[["came", "stayed"]].isna().all()


def test_a_verdict_that_did_not_turn_is_not_recorded():
    still = replace(FOUND.split, verdicts=(Verdict(claim="C1", values=("supported",) * 3),))
    assert "claims" not in set(recorded(replace(FOUND, split=still))["changed_numbers"]["kind"])


def test_a_record_of_the_present_results_is_told():
    assert all(len(table) for table in told().values())


@pytest.mark.parametrize("present", [{"share": 58.76}, {"verdict": "supported"}, {"share": float("nan")}])
def test_a_record_of_other_results_is_not_told(present):
    assert all(table.empty for table in told(**present).values())


def test_a_study_without_a_record_has_nothing_to_tell():
    told = record.told_of({}, estimates(), CONTRACTS, 10)
    assert list(told) == list(RECORDED)
    assert all(table.empty for table in told.values())


def test_a_study_has_a_record_where_all_its_files_are(tmp_path):
    for name in RECORDED:
        assert files_of(tmp_path, "seoul") == {}
        path = tmp_path / place_of("seoul", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert list(files_of(tmp_path, "seoul")) == list(RECORDED)
