import pandas as pd

from innosurvey.synthetic.certificates import REFORM, held_at


def test_documents_of_one_certificate_never_overlap(world):
    documents = world.population.certificates
    before = documents.groupby(["firm", "certificate"])["valid_to"].shift()
    assert (documents["valid_from"] > before)[before.notna()].all()


def test_a_document_runs_for_two_years_and_for_three_since_the_reform(world):
    documents = world.population.certificates
    days = (documents["valid_to"] - documents["valid_from"]).dt.days + 1
    reformed = documents["valid_from"].to_numpy() >= REFORM
    assert set(days[~reformed]) <= {730, 731}
    assert set(days[reformed]) <= {1095, 1096}


def test_innobiz_needs_three_years_in_business(world):
    documents = world.population.certificates
    innobiz = documents[documents["certificate"] == "innobiz"]
    founded = world.population.firms["founding_year"].loc[innobiz["firm"]].to_numpy()
    assert (innobiz["valid_from"].dt.year.to_numpy() - founded >= 3).all()


def test_only_venture_documents_have_a_type(world):
    documents = world.population.certificates
    assert ((documents["venture_type"] != "") == (documents["certificate"] == "venture")).all()


def test_guarantees_end_with_the_reform(world):
    documents = world.population.certificates
    assert not (documents["valid_from"].to_numpy() >= REFORM)[documents["venture_type"] == "guarantee_loan"].any()


def test_a_certificate_is_held_on_its_first_and_last_day_only_between():
    document = {"firm": [3], "certificate": ["venture"], "valid_from": ["2018-01-10"], "valid_to": ["2020-01-09"]}
    documents = pd.DataFrame(document).astype({"valid_from": "datetime64[s]", "valid_to": "datetime64[s]"})
    days = ("2018-01-09", "2018-01-10", "2020-01-09", "2020-01-10")
    assert [bool(held_at(documents, "venture", day, pd.Index([3]))[0]) for day in days] == [False, True, True, False]
