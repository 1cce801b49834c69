import numpy as np
import pandas as pd
import pytest

from innosurvey.keys import is_valid


def test_statements_agree_with_the_answers_on_sales(world):
    statements = world.registers["financials"].query("fiscal_year == 2020").set_index("firm_id")["sales"]
    answers = world.waves["2020"].true.set_index("firm_id")["sales_t"].astype(float)
    both = statements.index.intersection(answers.index)
    assert len(both) > 500
    # noise of one per cent; the smallest sales are rounded to a million
    large = answers.loc[both] > 100
    assert np.abs(np.log(statements.loc[both] / answers.loc[both])[large]).max() < 0.06


def test_a_firm_has_one_statement_a_year(world):
    assert not world.registers["financials"].duplicated(["firm_id", "fiscal_year"]).any()


def test_statements_cover_most_answering_firms(world):
    covered = set(world.registers["financials"]["firm_id"])
    asked = world.waves["2022"].true.query("response_status != 'ineligible'")["firm_id"]
    assert asked.isin(covered).mean() == pytest.approx(0.93, abs=0.03)


@pytest.mark.parametrize(
    ("wave", "first", "last"), [("2018", "2016", "2018"), ("2020", "2018", "2020"), ("2022", "2020", "2022")]
)
def test_patents_of_a_period_are_those_of_the_answers(world, wave, first, last):
    patents = world.registers["patents"].query("kind == 'patent'")
    dated = patents[patents["application_date"].between(f"{first}-01-01", f"{last}-12-31")]
    counts = dated.groupby("firm_id").size()
    answers = (
        world.waves[wave]
        .true.query("response_status != 'ineligible'")
        .set_index("firm_id")["ip_patent_appl"]
        .astype(int)
    )
    registered = counts.reindex(answers.index, fill_value=0)
    # wrong check digits take a few applications away; nothing is added
    assert (registered <= answers).all()
    assert registered.sum() > 0.98 * answers.sum()


def test_programmes_go_to_firms_that_report_the_support(world):
    events = world.registers["programmes"].query("field == 'technology'")
    dated = events[events["start_date"].between("2018-01-01", "2020-12-31")]
    answers = world.waves["2020"].true.query("response_status != 'ineligible'").set_index("firm_id")
    granted = answers.index[answers["support_rnd_grant"] != "none"]
    assert set(dated["firm_id"]) & set(answers.index) <= set(granted)


def test_programmes_name_the_six_fields(world):
    fields = {"technology", "financing", "incubation", "management", "marketing", "human_resources"}
    assert set(world.registers["programmes"]["field"]) == fields


@pytest.mark.parametrize("register", ["certificates", "programmes", "patents"])
def test_wrong_check_digits_are_those_on_record(world, register):
    keys = world.registers[register]["firm_id"]
    assert [row for row, key in enumerate(keys) if not is_valid(key)] == world.wrong_keys[register]


@pytest.mark.parametrize("register", ["financials", "frame"])
def test_the_other_registers_have_right_check_digits(world, register):
    assert world.registers[register]["firm_id"].map(is_valid).all()


def test_the_frame_holds_every_respondent_once_a_wave(world):
    frame = world.registers["frame"]
    assert not frame.duplicated(["firm_id", "year"]).any()
    for wave, answers in world.waves.items():
        listed = frame[(frame["year"] == int(wave)) & frame["sampled"]]
        assert set(answers.true["firm_id"]) <= set(listed["firm_id"])


def test_dates_are_days(world):
    assert (
        world.registers["patents"]["application_date"].dt.normalize() == world.registers["patents"]["application_date"]
    ).all()
    assert isinstance(world.registers["patents"]["application_date"].iloc[0], pd.Timestamp)
