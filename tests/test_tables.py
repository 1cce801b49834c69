import pandas as pd
import pytest

from innosurvey import tables


@pytest.fixture
def link():
    return pd.DataFrame(
        {"wave": ["2020"], "register": ["patents"], "stratum_id": ["s1"], "n": [3], "linked": [1], "rate": [1 / 3]}
    )


def test_a_table_comes_back_as_it_was_written(link, tmp_path):
    tables.write("link", link, tmp_path / "a" / "link.csv")
    pd.testing.assert_frame_equal(
        tables.read("link", tmp_path / "a" / "link.csv"), link, check_dtype=False, check_exact=False, rtol=1e-9
    )


def test_numbers_are_written_with_ten_digits(link, tmp_path):
    tables.write("link", link, tmp_path / "link.csv")
    assert (
        tmp_path / "link.csv"
    ).read_text() == "wave,register,stratum_id,n,linked,rate\n2020,patents,s1,3,1,0.3333333333\n"


def test_text_that_looks_like_a_number_stays_text(link, tmp_path):
    tables.write("link", link.assign(stratum_id="007"), tmp_path / "link.csv")
    assert tables.read("link", tmp_path / "link.csv")["stratum_id"].tolist() == ["007"]


def test_a_broken_contract_lists_every_breach_and_writes_nothing(link, tmp_path):
    with pytest.raises(tables.ContractBreach) as error:
        tables.write("link", link.drop(columns="n").assign(rate=2.0, more=1, register=None), tmp_path / "link.csv")
    for breach in ("n: the column is absent", "rate: 1 cells above 1", "more: not a column", "register: 1 empty cells"):
        assert breach in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_repeated_key_breaks_the_contract(link, tmp_path):
    with pytest.raises(tables.ContractBreach, match="1 rows repeat the key wave, register, stratum_id"):
        tables.write("link", pd.concat([link, link]), tmp_path / "link.csv")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_of_a_wide_table_only_the_columns_asked_for_are_read(link, tmp_path, ending):
    tables.write("link", link, tmp_path / f"link.{ending}")
    found = tables.read("link", tmp_path / f"link.{ending}", columns=("wave", "n", "gone"))
    assert list(found.columns) == ["wave", "n"]


def test_columns_asked_for_keep_their_contract(link, tmp_path):
    link.drop(columns="n").to_csv(tmp_path / "link.csv", index=False)
    with pytest.raises(tables.ContractBreach, match="n: the column is absent"):
        tables.read("link", tmp_path / "link.csv", columns=("wave", "n"))


def test_parquet_is_the_same_bytes_each_time(tmp_path):
    firms = pd.DataFrame(
        {"_source_row": [1], "wave": ["2020"], "firm_id": ["a"], "size": pd.Categorical(["s"], categories=["s", "m"])}
    )
    for name in ("a", "b"):
        tables.write("survey", firms, tmp_path / f"{name}.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert list(tables.read("survey", tmp_path / "a.parquet")["size"].cat.categories) == ["s", "m"]
