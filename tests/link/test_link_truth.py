"""Links of the synthetic survey, whose generator knows which firm each row of a register is about."""

import pandas as pd
import pytest

from innosurvey import yamlfile
from innosurvey.link import Linked, link_registers, parse_links
from innosurvey.study import ROOT
from innosurvey.synthetic.truth import load_truth
from innosurvey.synthetic.world import IN_THE_FILE, World, make_world

REGISTERS = ("certificates", "financials", "programmes", "patents", "frame")


@pytest.fixture(scope="module")
def world(dictionary) -> World:
    return make_world(400, load_truth("claimed"), 7, dictionary)


def surveyed(world: World, wave: str) -> pd.DataFrame:
    """The firms in the wave's file, by the number of the firm and not by its key."""
    frame = world.frame
    return frame[(frame["year"] == int(wave)) & frame["response_status"].isin(IN_THE_FILE)]


def linked(world: World, wave: str) -> Linked:
    firms = surveyed(world, wave)
    survey = pd.DataFrame(
        {
            "_source_row": range(2, len(firms) + 2),
            "wave": pd.array([wave] * len(firms), dtype="str"),
            "firm_id": world.population.firms["firm_id"].loc[firms["firm"]].astype("str").array,
        }
    )
    registers = {
        name: table.rename(columns={"year": "wave"}).assign(_source_row=range(2, len(table) + 2))
        for name, table in world.registers.items()
    }
    declared = yamlfile.read(ROOT / "config.yaml").data["studies"]["seoul"]["registers"]
    links = parse_links({name: entry["link"] for name, entry in declared.items()})
    return link_registers(survey, registers, links, world.truth.waves[wave], "krw_brn")


def known(world: World, wave: str, register: str) -> set[str]:
    """The keys with a right row of the register that holds for the wave, found row by row."""
    first, last = map(pd.Timestamp, world.truth.waves[wave])
    wrong = set(world.wrong_keys.get(register, []))
    holds = {
        "certificates": lambda row: row.valid_from <= last <= row.valid_to,
        "financials": lambda row: row.fiscal_year == last.year,
        "programmes": lambda row: first <= row.start_date <= last,
        "patents": lambda row: first <= row.application_date <= last,
        "frame": lambda row: row.year == last.year,
    }[register]
    rows = world.registers[register].itertuples(index=False)
    return {row.firm_id for place, row in enumerate(rows) if place not in wrong and holds(row)}


@pytest.mark.parametrize("wave", ["2018", "2020", "2022"])
def test_link_rates_by_stratum_are_the_true_ones(world, wave):
    rates = linked(world, wave).rates.set_index(["register", "stratum_id"])
    firms = surveyed(world, wave)
    ids = world.population.firms["firm_id"].loc[firms["firm"]].to_numpy()
    for register in REGISTERS:
        keys = known(world, wave, register)
        found = pd.Series([key in keys for key in ids], index=firms.index)
        truth = found.groupby(firms["stratum_id"]).agg(["size", "sum"])
        truth.loc["all"] = truth.sum()
        counted = rates.loc[register].loc[truth.index]
        assert counted["n"].tolist() == truth["size"].tolist()
        assert counted["linked"].tolist() == truth["sum"].tolist()


def test_the_wrong_keys_that_were_put_into_the_registers_are_counted_exactly(world):
    ledger = linked(world, "2020").ledger
    counted = ledger[ledger["rule"] == "wrong_check_digit"].set_index("variable")["rows"].to_dict()
    assert counted == {name: len(world.wrong_keys.get(name, [])) for name in REGISTERS}


def test_rows_of_firms_outside_the_wave_are_counted_exactly(world):
    ledger = linked(world, "2020").ledger
    counted = ledger[ledger["rule"] == "not_in_survey"].set_index("variable")["rows"]
    ids = set(world.population.firms["firm_id"].loc[surveyed(world, "2020")["firm"]])
    frame = world.registers["frame"]
    assert counted["frame"] == int(((frame["year"] == 2020) & ~frame["firm_id"].isin(ids)).sum())
