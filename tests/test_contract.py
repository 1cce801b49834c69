import pandas as pd
import pytest

from innosurvey import contract, tables
from innosurvey.dictionary import FLAGS, Dictionary, variable_from

DECLARED = Dictionary(
    variable_from(name, entry, "test")
    for name, entry in {
        "size": {"type": "enum", "levels": ["small", "large"]},
        "places": {"type": "multi", "levels": ["near", "far"]},
        "staff": {"type": "int", "minimum": 0},
        "share": {"type": "float", "minimum": 0, "maximum": 100},
        "exporter": {"type": "bool"},
    }.items()
)
OBSERVED = ["observed", "observed", "missing"]


def firms(**changed):
    """Return three firms that keep the dictionary; `changed` columns do not."""
    columns = {
        "size": pd.Categorical(["small", "large", None], categories=["small", "large"]),
        "places": pd.array(["near|far", "", None], dtype="str"),
        "staff": pd.array([0, 5, None], dtype="Int64"),
        "share": pd.array([0.0, 100.0, None], dtype="float64"),
        "exporter": pd.array([True, False, None], dtype="boolean"),
    }
    flags = {f"{name}_flag": pd.Categorical(OBSERVED, categories=FLAGS) for name in columns}
    return pd.DataFrame(columns | flags | changed)


def breaches(bounded=True, **changed):
    return contract.breaches(firms(**changed), DECLARED, bounded=bounded)


def test_firms_as_the_dictionary_declares_them_breach_nothing():
    assert breaches() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"staff": [0.0, 5.0, None]}, "staff: float64 where the dictionary has int"),
        ({"size": pd.Categorical(["small", "huge", None])}, "size: its levels are not small, large, in this order"),
        ({"places": pd.array(["near|mars", "", None], dtype="str")}, "places: 1 cells hold none of near, far"),
        ({"staff": pd.array([-1, 5, None], dtype="Int64")}, "staff: 1 cells below 0"),
        ({"share": [0.0, 101.0, None]}, "share: 1 cells above 100"),
        ({"staff": pd.array([0, 5, 7], dtype="Int64")}, "staff: 1 cells have a value against their flag, or none"),
        ({"share": [None, None, None]}, "share: object where the dictionary has float"),
        ({"staff_flag": ["observed"] * 3}, "staff_flag: no column of flags"),
        ({"staff_flag": pd.Categorical([None, *OBSERVED[1:]], categories=FLAGS)}, "staff_flag: 1 empty cells"),
    ],
)
def test_a_breach_names_the_column_and_how_many_cells(changed, said):
    assert any(said in breach for breach in breaches(**changed))


def test_a_range_holds_only_after_editing():
    assert breaches(bounded=False, staff=pd.array([-1, 5, None], dtype="Int64")) == []


def test_a_column_without_any_value_is_in_every_range():
    flags = pd.Categorical(["missing"] * 3, categories=FLAGS)
    assert breaches(staff=pd.array([None] * 3, dtype="Int64"), staff_flag=flags) == []


def test_the_last_bits_of_a_sum_are_no_breach():
    assert breaches(share=[0.0, 100.0 + 1e-8, None]) == []


def test_columns_that_the_dictionary_does_not_declare_are_none_of_its_business():
    assert breaches(anything=["x", "y", "z"]) == []


def test_a_table_that_breaks_the_dictionary_is_not_written(tmp_path):
    wave = firms(_source_row=[1, 2, 3], wave="2020", firm_id=["a", "b", "c"], share=[0.0, 101.0, None])
    with pytest.raises(tables.ContractBreach, match="share: 1 cells above 100"):
        tables.write("clean", wave, tmp_path / "firms.parquet", DECLARED)
    assert list(tmp_path.iterdir()) == []
    tables.write("survey", wave, tmp_path / "survey.parquet", DECLARED)
